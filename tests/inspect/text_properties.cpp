#include "bptt/inspect/text_properties.hpp"

#include <cmath>

#include "catch.hpp"

using namespace bptt;

namespace {

/// The values of a property at each symbol of a text: a digit each, "?" where it is unknown.
std::string of(const std::string& property, const std::string& text) {
    std::vector<std::string> symbols;
    for (const char c : text) symbols.emplace_back(1, c);
    for (const auto& each : text_properties(symbols)) {
        std::string digits;
        if (each.name != property) continue;
        for (const double v : each.values) digits += std::isnan(v) ? "?" : std::to_string(static_cast<int>(v));
        return digits;
    }
    return "no such property";
}
std::string comment(const std::string& text) { return of("inside a comment", text); }
std::string quotes(const std::string& text) { return of("in quotes", text); }

}  // namespace

TEST_CASE("text_properties: a comment is known when its second character has been read, and ends with its last") {
    CHECK(comment("a//b\nc") == "001100");
    CHECK(comment("a/*b*/c") == "0011100");
    CHECK(comment("/*/ */a") == "0111100");  // the star does not close what it opens
    CHECK(comment("/**/a") == "01100");
    CHECK(comment("a/b/ /") == "000000");
    CHECK(comment("/*a*//b") == "0111000");
    CHECK(comment("http://a") == "00000000");
    CHECK(comment("a:\n//b") == "000011");
    CHECK(comment("/\n/a") == "0000");
    CHECK(comment("//a*/\n/") == "0111100");
    CHECK(comment("\"//\"a") == "00000");
}

TEST_CASE("text_properties: quotes, and apostrophes, which are none") {
    CHECK(quotes("a\"b\"c") == "01100");
    CHECK(quotes("\"\\\"a\"b") == "111100");
    CHECK(quotes("\"\\\\\"b") == "11100");
    CHECK(quotes("'a'b") == "1100");
    CHECK(quotes("'\\''b") == "11100");
    CHECK(quotes("'\"'b") == "1100");
    CHECK(quotes("'\\n'b") == "11100");
    CHECK(quotes("b'x") == "000");
    CHECK(quotes("don't say 'tis") == "00000000000000");
    CHECK(quotes("//\"\na") == "00000");
    CHECK(quotes("\"a\r\n\r\nb") ==
          "11111"
          "00");
    CHECK(quotes("\"a\nb\n\nc") == "1111100");  // it ends with its paragraph
}

TEST_CASE("text_properties: capitals, columns, brackets, and what comes next") {
    CHECK(of("in capitals", "ABc DEF: I") == "0100011000");
    CHECK(of("column", "ab\n\nc") == "12001");
    CHECK(of("column", "a\r\nb") == "1101");
    CHECK(of("nesting depth", "([a]{})}b(") == "1221210001");
    CHECK(of("nesting depth", "\"(\"//(\n") == "0000000");
    CHECK(of("a new line is next", "a\n\nb\n") ==
          "11"
          "0"
          "1?");
    CHECK(text_properties({}).size() == 6);
}
