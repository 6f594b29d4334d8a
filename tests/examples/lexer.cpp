#include "../../examples/tag/lexer.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

/// The source, with what is not code in brackets after a letter: c comment, s string, n number, p preprocessor.
std::string bracketed(std::string_view source) {
    const auto kinds = tag::lex(source);
    std::string out;
    for (std::size_t k = 0; k < source.size(); ++k) {
        const bool begins = k == 0 || kinds[k] != kinds[k - 1];
        if (begins && k > 0 && kinds[k - 1] != tag::Kind::code) out += ']';
        if (begins && kinds[k] != tag::Kind::code) (out += ".csnp"[static_cast<std::size_t>(kinds[k])]) += '[';
        out += source[k];
    }
    return kinds.empty() || kinds.back() == tag::Kind::code ? out : out + ']';
}

}  // namespace

TEST_CASE("lex: comments end where they end, and quotes in them mean nothing") {
    CHECK(bracketed("a // b's \"\nc") == "a c[// b's \"]\nc");
    CHECK(bracketed("a /* it's\n*/ b") == "a c[/* it's\n*/] b");
    CHECK(bracketed("/*/ a */b") == "c[/*/ a */]b");
    CHECK(bracketed("/* /* */ */") == "c[/* /* */] */");
    CHECK(bracketed("/* open") == "c[/* open]");
    CHECK(bracketed("// open") == "c[// open]");
    CHECK(bracketed("a / b") == "a / b");
}

TEST_CASE("lex: literals, their escapes, prefixes and suffixes") {
    CHECK(bracketed(R"("a\"b" c)") == R"(s["a\"b"] c)");
    CHECK(bracketed(R"("a\\" c)") == R"(s["a\\"] c)");
    CHECK(bracketed(R"('"' '\'')") == R"(s['"'] s['\''])");
    CHECK(bracketed(R"("//" "/*")") == R"(s["//"] s["/*"])");
    CHECK(bracketed(R"("a"sv+u8'a')") == R"(s["a"sv]+s[u8'a'])");
    CHECK(bracketed(R"(L"a" v"a")") == R"(s[L"a"] vs["a"])");
    CHECK(bracketed("a = 'b\nc'd'") == "a = 'b\ncs['d']");
}

TEST_CASE("lex: raw strings hold anything but their end") {
    CHECK(bracketed("R\"(a\"\n\\)\"+a") == "s[R\"(a\"\n\\)\"]+a");
    CHECK(bracketed("u8R\"x(a)\")y\")x\";") == "s[u8R\"x(a)\")y\")x\"];");
    CHECK(bracketed("R\"(a)\\\n\";)\";") == "s[R\"(a)\\\n\";)\"];");  // a backslash joins no lines there
    CHECK(bracketed("R\"(open") == "s[R\"(open]");
    CHECK(bracketed("MR\"(a)\"") == "MRs[\"(a)\"]");
    CHECK(bracketed("R\"a b(\"") == "s[R\"a b(\"]");  // no delimiter has a space
}

TEST_CASE("lex: numbers with digit separators, exponents and suffixes, digits in identifiers are code") {
    CHECK(bracketed("1'000'000 + 0x1Fu") == "n[1'000'000] + n[0x1Fu]");
    CHECK(bracketed("1e-5f-.5+a.b") == "n[1e-5f]-n[.5]+a.b");
    CHECK(bracketed("0x1p+3 1-2 1_km 1.") == "n[0x1p+3] n[1]-n[2] n[1_km] n[1.]");
    CHECK(bracketed("Vector3f v4[5]") == "Vector3f v4[n[5]]");
    CHECK(bracketed("f(1,'a')") == "f(n[1],s['a'])");
    CHECK(bracketed("12'a'") == "n[12'a]'");
}

TEST_CASE("lex: a directive is preprocessor to its end, but for comments") {
    CHECK(bracketed(" # define A 1 // b\nc") == " p[# define A 1 ]c[// b]\nc");
    CHECK(bracketed("#if 1 /* a\nb */ && 2\nc") == "p[#if 1 ]c[/* a\nb */]p[ && 2]\nc");
    CHECK(bracketed("#define A \\\n \"//\"\nc") == "p[#define A \\\n \"//\"]\nc");
    CHECK(bracketed("/* a */ #undef B\n") == "c[/* a */] p[#undef B]\n");
    CHECK(bracketed("a #b\n") == "a #b\n");
    CHECK(bracketed("%:if 1\n") == "p[%:if 1]\n");
    CHECK(bracketed("#error don't // c\n") == "p[#error don't ]c[// c]\n");
    CHECK(bracketed("#include <a//b'c> // d\n'e'") == "p[#include <a//b'c> ]c[// d]\ns['e']");
    CHECK(bracketed("#if __has_include(<a//b>)\n") == "p[#if __has_include(<a//b>)]\n");
    CHECK(bracketed("#if a < b // c > d\n") == "p[#if a < b ]c[// c > d]\n");
    CHECK(bracketed("#define A R\"(\n)\" b\nc") == "p[#define A R\"(\n)\" b]\nc");
}

TEST_CASE("lex: a backslash joins lines, also within a token") {
    CHECK(bracketed("// a\\\nb\nc") == "c[// a\\\nb]\nc");
    CHECK(bracketed("// a\\\r\nb\nc") == "c[// a\\\r\nb]\nc");
    CHECK(bracketed("/\\\n/ a\nb") == "c[/\\\n/ a]\nb");
    CHECK(bracketed("\"a\\\nb\" 1\\\n2 c\\\n3") == "s[\"a\\\nb\"] n[1\\\n2] c\\\n3");
    CHECK(bracketed("// a\\\n\nb // c\\\n") == "c[// a\\\n]\nb c[// c\\\n]");
    CHECK(bracketed("#if 1\\\n\nb /**/\\\nc") == "p[#if 1\\\n]\nb c[/**/]\\\nc");
    CHECK(bracketed("1\\\n+2") == "n[1]\\\n+n[2]");
    CHECK(bracketed("a\\") == "a\\");
    CHECK(bracketed("\"a\\") == "\"a\\");
    CHECK(bracketed("").empty());
}
