#include "bptt/io/safetensors_header.hpp"

#include <functional>
#include <stdexcept>

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/malformed.hpp"
#include "support/malloc.hpp"

using namespace bptt;

namespace {

/// What f says when it refuses.
std::string refusal(const std::function<void()>& f) {
    try {
        f();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("safetensors: what is not quite a safetensors file is refused, and the model stays as it was") {
    const Folder folder;
    for (const Malformed& m : malformed::files) {
        CAPTURE(m.name);
        const auto file = folder.write("m.safetensors", m.content);
        TwoParams model = two_from(1);
        model.a.grad.setConstant(7);
        const std::string before = bits(model);
        std::string said;
        const long memory = peak_memory([&] { said = refusal([&] { load(file, model); }); });
        CHECK_THAT(said, ContainsSubstring(m.said));
        CHECK(said.starts_with("load: " + file.string() + ": "));
        CHECK(said.size() < file.string().size() + 250);
        CHECK(bits(model) == before);
        CHECK(memory <= 2 * static_cast<long>(m.content.size()) + 8192);
        CHECK(refusal([&] { load_metadata(file); }) == "load_metadata" + said.substr(4));
    }
    CHECK(malformed::files.size() >= 45);
}

TEST_CASE("safetensors: what is unusual but right is accepted") {
    using namespace malformed;
    const struct {
        const char* name;
        std::string content;
    } accepted[] = {
        {"plain", with("")},
        {"spaces after the JSON", ended("}     ")},
        {"white space within", safetensors("{\n\t" + a + " ,\r\n" + b + "}\n")},
        {"tensors in another order", safetensors("{" + b + "," + a + "}")},
        {"metadata first", safetensors("{\"__metadata__\":{}," + a + "," + b + "}")},
        {"metadata last", metadata(R"({"k":"v"})")},
        {"fields in another order", fields(range + "," + type + "," + malformed::shape)},
        {"name in \\u", named("\\u0062")},
    };
    const Folder folder;
    for (const auto& f : accepted) {
        CAPTURE(f.name);
        TwoParams model;
        CHECK(refusal([&] { load(folder.write("m.safetensors", f.content), model); }) == "accepted");
        CHECK(bits(model).substr(0, 16) == std::string(16, '\1'));
    }
}

TEST_CASE("safetensors: every dtype, rank 0 and no elements are read, without a model for them") {
    using namespace malformed;
    const Folder folder;
    const auto accepts = [&](const std::string& content) {
        return refusal([&] { load_metadata(folder.write("m.safetensors", content)); }) == "accepted";
    };
    CHECK(accepts(safetensors("{}", 0)));
    CHECK(accepts(safetensors("{" + tensor("x", f32, "[]", "[0,4]") + "}", 4)));
    CHECK(accepts(safetensors("{" + tensor("x", f32, "[0]", "[0,0]") + "}", 0)));
    CHECK(accepts(safetensors("{" + tensor("x", f32, "[3,0,18446744073709551615]", "[0,0]") + "}", 0)));
    CHECK(accepts(with("," + tensor("x", f32, "[0]", "[0,0]") + "," + tensor("y", f32, "[0]", "[16,16]") + "," + no_tensor)));
    CHECK(accepts(with("," + tensor("A", f32, "[0]", "[16,16]"))));  // of one beginning, the shorter first, whatever its name
    const struct {
        const char* dtype;
        int bytes;  // of 8 elements
    } sizes[] = {{"F4", 4},          {"F6_E2M3", 6},     {"F6_E3M2", 6}, {"BOOL", 8}, {"U8", 8},   {"I8", 8},
                 {"F8_E4M3", 8},     {"F8_E5M2", 8},     {"F8_E8M0", 8}, {"U16", 16}, {"I16", 16}, {"F16", 16},
                 {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"BF16", 16},   {"U32", 32}, {"I32", 32}, {"F32", 32},
                 {"U64", 64},        {"I64", 64},        {"F64", 64},    {"C64", 64}};
    for (const auto& [dtype, bytes] : sizes) {
        CAPTURE(dtype);
        const auto quoted = '"' + std::string(dtype) + '"', end = "[0," + std::to_string(bytes) + "]";
        CHECK(accepts(safetensors("{" + tensor("x", quoted, "[2,4]", end) + "}", static_cast<std::size_t>(bytes))));
    }
}
