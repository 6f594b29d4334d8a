#include "../../examples/tag/color.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using tag::Kind;

namespace {

/// A letter for each character: . code, c comment, s string, n number, p preprocessor.
std::vector<Kind> kinds(std::string_view letters) {
    std::vector<Kind> all;
    for (const char letter : letters) all.push_back(static_cast<Kind>(std::string_view(".csnp").find(letter)));
    return all;
}

}  // namespace

TEST_CASE("tag: a code point has the kind of its first byte, nothing is wrong where the truth is not known") {
    const std::string text = "é1";
    const tag::Tagged known(text, kinds("s.n"), kinds(".nn")), unknown(text, kinds("s.n"), {});
    CHECK(known.symbols == std::vector<std::string>{"é", "1"});
    CHECK(known.kinds == kinds("sn"));
    CHECK(known.wrong == std::vector<bool>{true, false});
    CHECK(unknown.wrong == std::vector<bool>{false, false});
}

TEST_CASE("tag: marks below each line, capital ones where it is wrong") {
    CHECK(tag::marked_text({"a 1\n//b", kinds("..n.scc"), kinds(".nn.cc.")}) == "a 1↵\n Xn \n//b\nScC\n");
}

TEST_CASE("tag: colours begin where the kind changes, and end with the line") {
    CHECK(tag::ansi_text({"ab//\n1\n", kinds("..cc.n."), {}}) ==
          "\x1b[0;39mab\x1b[0;32m//\x1b[0;39m\x1b[0m\n\x1b[0;35m1\x1b[0;39m\x1b[0m\n");
    CHECK(tag::ansi_text({"a\n", kinds("s."), kinds(".c")}) == "\x1b[0;31;4ma\x1b[0;39;4m↵\x1b[0m\n");
    CHECK(tag::ansi_text({"\t\x1b[2J\xff", kinds("ssssss"), {}}) == "\x1b[0;31m\t␛[2J⟨xFF⟩\x1b[0m");
    CHECK(tag::ansi_text({"", {}, {}}).empty());
}

TEST_CASE("tag: a picture has runs of one kind, underlines what is wrong, and takes nothing for markup") {
    const std::string svg = tag::svg_text({"a <\n//&\n",
                                           kinds("...."
                                                 "ccc."),
                                           kinds(".c...cc.")});
    CHECK(svg.find("<text y=\"14\" textLength=\"27\"><tspan fill=\"#111\">a\u00a0&lt;</tspan></text>") != svg.npos);
    CHECK(svg.find("<text y=\"33\" textLength=\"27\"><tspan fill=\"#2a7a2a\">//&amp;</tspan></text>") != svg.npos);
    CHECK(svg.find("d=\"M9 17h9M0 36h9\"") != svg.npos);
    CHECK(tag::svg_text({"a", kinds("."), {}}).find("<path") == svg.npos);
}
