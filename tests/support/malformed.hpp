#pragma once

#include "support/checkpoints.hpp"

/// A file that no reader may accept, and what the error must say. All but what is said to be wrong would fit TwoParams.
struct Malformed {
    const char* name;
    std::string content;
    const char* said;
};

namespace malformed {

using std::string;

inline string tensor(const string& name, const string& dtype, const string& shape, const string& offsets) {
    return '"' + name + R"(":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + '}';
}
inline const string f32 = R"("F32")", a = tensor("a", f32, "[2,2]", "[0,16]"), b = tensor("b", f32, "[1,2]", "[16,24]");

/// a and b, followed by more.
inline string with(const string& more) { return safetensors("{" + a + "," + b + more + "}"); }
inline string ended(const string& end) { return safetensors("{" + a + "," + b + end); }
/// a and another b.
inline string with_b(const string& other, std::size_t data = 24) { return safetensors("{" + a + "," + other + "}", data); }
inline string fields(const string& of_b) { return with_b("\"b\":{" + of_b + "}"); }
inline string named(const string& name) { return with_b(tensor(name, f32, "[1,2]", "[16,24]")); }
inline string typed(const string& dtype) { return with_b(tensor("b", dtype, "[1,2]", "[16,24]")); }
inline string shaped(const string& shape) { return with_b(tensor("b", f32, shape, "[16,24]")); }
inline string ranged(const string& offsets, std::size_t data = 24) { return with_b(tensor("b", f32, "[1,2]", offsets), data); }
inline string metadata(const string& json) { return with(R"(,"__metadata__":)" + json); }
/// A length of the header, with little behind it.
inline string claims(std::uint64_t length, const string& rest = "{}") {
    return string(reinterpret_cast<const char*>(&length), sizeof length) + rest;
}
inline string repeated(const string& s, int count) {
    string all;
    for (int k = 0; k < count; ++k) all += s;
    return all;
}

inline const string two_to_64 = "18446744073709551616", no_tensor = tensor("c", f32, "[0]", "[24,24]");
inline const string type = R"("dtype":"F32")", shape = R"("shape":[1,2])", range = R"("data_offsets":[16,24])";

inline const std::vector<Malformed> files = {
    {"empty", "", "has 0 bytes"},
    {"1 byte", "\1", "has 1 bytes"},
    {"7 bytes", string(7, '\0'), "has 7 bytes"},
    {"length 0", claims(0, ""), "does not begin with {"},
    {"length 0, then JSON", claims(0), "does not begin with {"},
    {"length beyond the file by 1", claims(3), "would take 3 bytes; the file has 10"},
    {"length beyond the file", claims(100'000'000), "would take 100000000 bytes; the file has 10"},
    {"length over the limit", claims(100'000'001), "would take 100000001 bytes; 100000000 is the limit"},
    {"length 2^63", claims(std::uint64_t{1} << 63), "would take 9223372036854775808 bytes; 100000000 is"},
    {"length 2^64 - 8", claims(~std::uint64_t{7}), "would take 18446744073709551608 bytes; 100000000 is"},
    {"length 2^64 - 1", claims(~std::uint64_t{0}), "would take 18446744073709551615 bytes; 100000000 is"},

    {"space before {", safetensors(" {" + a + "," + b + "}"), "does not begin with {"},
    {"byte order mark", safetensors("\xef\xbb\xbf{" + a + "," + b + "}"), "does not begin with {"},
    {"array", safetensors("[]", 0), "does not begin with {"},
    {"invalid UTF-8 in a name", named("b\xff"), "invalid string: ill-formed UTF-8 byte"},
    {"overlong UTF-8 in metadata", metadata("{\"k\":\"\xc0\xaf\"}"), "ill-formed UTF-8 byte"},
    {"half of a surrogate pair", metadata(R"({"k":"\ud800"})"), "surrogate"},
    {"truncated after a value", safetensors("{" + a), "unexpected end of input"},
    {"truncated in a string", safetensors("{\"a"), "missing closing quote"},
    {"truncated in an array", safetensors(R"({"a":{"shape":[2,)"), "unexpected end of input"},
    {"truncated after {", safetensors("{", 0), "unexpected end of input"},
    {"comma at the end", with(","), "unexpected '}'; expected string literal"},
    {"garbage after the JSON", ended("}x"), "is not JSON: parse error"},
    {"more JSON after the JSON", ended("} {}"), "expected end of input"},
    {"NUL after the JSON", ended(string("}\0x", 3)), "is not JSON: it holds a NUL byte"},
    {"comment", with("/**/"), "is not JSON: parse error"},
    {"10^5 arrays, each in the one before", safetensors("{\"c\":" + string(100'000, '[')), "\"c\" is an array, not an object"},
    {"10^5 arrays in a shape", shaped(string(100'000, '[')), "\"b\": shape holds an array"},
    {"10^5 arrays in metadata", metadata("{\"k\":" + string(100'000, '[')), "\"k\" is an array, not a string"},
    {"10^5 objects, each in the one before", safetensors(repeated("{\"c\":", 100'000)), "\"c\": there is no field \"c\""},
    {"a tensor is null", with(R"(,"c":null)"), "\"c\" is null, not an object"},
    {"a tensor is a string", with(R"(,"c":"F32")"), "\"c\" is a string, not an object"},
    {"a tensor is a number", with(R"(,"c":1)"), "\"c\" is a number, not an object"},

    {"tensor twice", with("," + a), "\"a\" comes twice"},
    {"tensor without elements twice", with("," + no_tensor + "," + no_tensor), "\"c\" comes twice"},
    {"name twice after \\u", named("\\u0061"), "\"a\" comes twice"},
    {"empty name", named(""), "a tensor's name is empty"},
    {"NUL in a name", named("b\\u0000"), "\"b\\u0000\" holds a NUL"},
    {"dtype twice", fields(type + "," + type + "," + shape + "," + range), "\"b\": dtype comes twice"},
    {"shape twice", fields(type + "," + shape + "," + shape + "," + range), "\"b\": shape comes twice"},
    {"offsets twice", fields(type + "," + shape + "," + range + "," + range), "\"b\": data_offsets comes twice"},
    {"field twice after \\u", fields(type + R"(,"sh\u0061pe":[1],)" + shape + "," + range), "\"b\": shape comes twice"},
    {"unknown field", fields(type + "," + shape + "," + range + R"(,"x":1)"), "\"b\": there is no field \"x\""},
    {"no dtype", fields(shape + "," + range), "\"b\": there is no dtype"},
    {"no shape", fields(type + "," + range), "\"b\": there is no shape"},
    {"no offsets", fields(type + "," + shape), "\"b\": there is no data_offsets"},
    {"no fields", fields(""), "\"b\": there is no dtype"},

    {"unknown dtype", typed(R"("F33")"), "\"b\": there is no dtype \"F33\""},
    {"81 letters as a dtype, of which 80 are said", typed('"' + string(81, 'x') + '"'),
     "no dtype \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"..."},
    {"a dtype that is not ASCII", typed("\"é\""), "\"b\": there is no dtype \"\\u00e9\""},
    {"lower-case dtype", typed(R"("f32")"), "\"b\": there is no dtype \"f32\""},
    {"dtype is a number", typed("32"), "\"b\": dtype is a number, not a string"},
    {"dtype is an array", typed(R"(["F32"])"), "\"b\": dtype is an array, not a string"},
    {"shape is a string", shaped("\"1,2\""), "\"b\": shape is a string, not an array"},
    {"shape is an object", shaped("{}"), "\"b\": shape is an object, not an array"},
    {"negative dimensions", shaped("[-1,-2]"), "\"b\": shape holds a negative number"},
    {"minus zero", shaped("[1,2,-0]"), "\"b\": shape holds a negative number"},
    {"fractional dimension", shaped("[1.0,2]"), "\"b\": shape holds a number that is not a 64-bit integer"},
    {"exponent in a dimension", shaped("[1,2e0]"), "\"b\": shape holds a number that is not a 64-bit integer"},
    {"string in the shape", shaped("[1,\"2\"]"), "\"b\": shape holds a string"},
    {"boolean in the shape", shaped("[true,2]"), "\"b\": shape holds a boolean"},
    {"null in the shape", shaped("[null]"), "\"b\": shape holds null"},
    {"object in the shape", shaped("[{}]"), "\"b\": shape holds an object"},
    {"dimension 2^64", shaped("[" + two_to_64 + "]"), "\"b\": shape holds a number that is not a 64-bit integer"},
    {"dimension 10^400", shaped("[1" + string(400, '0') + "]"), "number overflow"},
    {"leading zero", shaped("[01,2]"), "is not JSON: parse error"},
    {"product that wraps to 0", shaped("[4294967296,4294967296]"), "\"b\": the shape has more than 2^64 elements"},
    {"product that wraps to 2", shaped("[9223372036854775809,2]"), "\"b\": the shape has more than 2^64 elements"},
    {"size that wraps to 8 bytes", shaped("[576460752303423490]"), "\"b\": its size is beyond 2^64 bits"},
    {"half a byte", with_b(tensor("b", R"("F4")", "[15]", "[16,24]")), "\"b\": F4 [15] does not fill its last byte"},
    {"shape above the range", shaped("[1,3]"), "\"b\": F32 [1,3] takes 12 bytes; data_offsets hold 8"},
    {"40 dimensions, in short", shaped("[" + repeated("1,", 39) + "3]"),
     "\"b\": F32 [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,...] takes 12 bytes"},
    {"shape below the range", shaped("[1,1]"), "\"b\": F32 [1,1] takes 4 bytes; data_offsets hold 8"},
    {"no elements in a range", shaped("[0,2]"), "\"b\": F32 [0,2] takes 0 bytes; data_offsets hold 8"},
    {"dtype above the range", typed(R"("F64")"), "\"b\": F64 [1,2] takes 16 bytes; data_offsets hold 8"},

    {"no offset", ranged("[]"), "\"b\": data_offsets holds fewer than two numbers"},
    {"one offset", ranged("[16]"), "\"b\": data_offsets holds fewer than two numbers"},
    {"three offsets", ranged("[16,24,24]"), "\"b\": data_offsets holds more than two numbers"},
    {"negative offset", ranged("[-8,0]"), "\"b\": data_offsets holds a negative number"},
    {"fractional offset", ranged("[16.0,24]"), "\"b\": data_offsets holds a number that is not a 64-bit integer"},
    {"exponent in an offset", ranged("[16,24e0]"), "\"b\": data_offsets holds a number that is not a 64-bit integer"},
    {"string as an offset", ranged("[\"16\",24]"), "\"b\": data_offsets holds a string"},
    {"offset 2^64", ranged("[16," + two_to_64 + "]"), "\"b\": data_offsets holds a number that is not a 64-bit integer"},
    {"offsets are an object", ranged("{}"), "\"b\": data_offsets is an object, not an array"},
    {"begin after end", ranged("[24,16]"), "\"b\": data_offsets end at 16, before they begin at 24"},
    {"range that wraps", ranged("[18446744073709551608,0]"), "\"b\": data_offsets end at 0, before they begin at 18"},
    {"range far beyond the file", ranged("[18446744073709551600,18446744073709551608]"), "after a gap from 16"},
    {"gap", ranged("[20,28]", 28), "\"b\" begins at 20, after a gap from 16"},
    {"overlap", ranged("[12,20]", 20), "\"b\" begins at 12, in another that ends at 16"},
    {"two names on one range", with("," + tensor("c", f32, "[1,2]", "[16,24]")), "begins at 16, in another that ends at 24"},
    {"no elements within another", with("," + tensor("c", f32, "[0]", "[8,8]")),
     "\"c\" begins at 8, in another that ends at 16"},
    {"first offset 4", safetensors("{" + tensor("a", f32, "[2,2]", "[4,20]") + "}", 20),
     "\"a\" begins at 4, after a gap from 0"},
    {"data longer", with_b(b, 25), "holds 25 bytes of data; its tensors end at 24"},
    {"data shorter", with_b(b, 23), "holds 23 bytes of data; its tensors end at 24"},
    {"no data", with_b(b, 0), "holds 0 bytes of data; its tensors end at 24"},
    {"data of no tensor", safetensors("{}", 24), "holds 24 bytes of data; its tensors end at 0"},

    {"metadata twice", metadata(R"({},"__metadata__":{})"), "\"__metadata__\" comes twice"},
    {"metadata twice after \\u", metadata(R"({},"\u005f_metadata__":{})"), "\"__metadata__\" comes twice"},
    {"metadata key twice", metadata(R"({"k":"1","k":"1"})"), "the metadata has \"k\" twice"},
    {"metadata key twice after \\u", metadata(R"({"k":"1","\u006b":"2"})"), "the metadata has \"k\" twice"},
    {"metadata is a string", metadata("\"k\""), "\"__metadata__\" is a string, not an object"},
    {"metadata is an array", metadata("[]"), "\"__metadata__\" is an array, not an object"},
    {"metadata is null", metadata("null"), "\"__metadata__\" is null, not an object"},
    {"metadata holds a number", metadata(R"({"k":1})"), "the metadata's \"k\" is a number, not a string"},
    {"metadata holds a fraction", metadata(R"({"k":0.5})"), "\"k\" is a number that is not a 64-bit integer, not a string"},
    {"metadata holds null", metadata(R"({"k":null})"), "the metadata's \"k\" is null, not a string"},
    {"metadata holds a boolean", metadata(R"({"k":true})"), "the metadata's \"k\" is a boolean, not a string"},
    {"metadata holds an object", metadata(R"({"k":{}})"), "the metadata's \"k\" is an object, not a string"},
};

}  // namespace malformed
