#include "bptt/inspect/heatmap.hpp"

#include <limits>

#include "catch.hpp"
#include "support/captures.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

namespace {

using Labels = std::vector<std::string>;

const Mat<float> weights{{0.0f, 1.0f, 0.5f}, {0.25f, 0.75f, 0.0f}};

}  // namespace

TEST_CASE("heatmap: a square for each weight, row by row, from white to blue, with its value") {
    const auto svg = heatmap(weights, {"a", "b"}, {"x", "y", "z"});
    CHECK(captures(svg, "<text[^>]*>([^<]*)</text>") == Labels{"x", "y", "z", "a", "b"});
    CHECK(captures(svg, "<title>([^<]*)<") ==
          Labels{"a ← x: 0.000", "a ← y: 1.000", "a ← z: 0.500", "b ← x: 0.250", "b ← y: 0.750", "b ← z: 0.000"});
    const auto fills = captures(svg, "fill=\"(#[0-9a-f]{6})\"");
    REQUIRE(fills.size() == 6);
    CHECK((fills[0] == "#ffffff" && fills[1] == "#08306b" && fills[5] == "#ffffff" && fills[2] == "#8498b5"));
    const auto x = captures(svg, "<rect x=\"([0-9.]+)\""), y = captures(svg, "<rect x=\"[0-9.]+\" y=\"([0-9.]+)\"");
    CHECK((x[0] == x[3] && x[1] == x[4] && x[0] != x[1]));
    CHECK((y[0] == y[2] && y[3] == y[5] && y[0] != y[3]));
}

TEST_CASE("heatmap: the document, byte for byte, with labels that lie and with labels that stand") {
    CHECK(heatmap(Mat<double>{{0.0}, {0.25}}, {"a", "bcd"}, {"x"}) ==
          R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="75" height="90" font-family="monospace" font-size="15">
<rect width="100%" height="100%" fill="white"/>
<text x="55" y="26" text-anchor="middle">x</text>
<text x="35" y="51" text-anchor="end">a</text>
<rect x="43" y="34" width="24" height="24" fill="#ffffff" stroke="#ddd"><title>a ← x: 0.000</title></rect>
<text x="35" y="75" text-anchor="end">bcd</text>
<rect x="43" y="58" width="24" height="24" fill="#c1cbda" stroke="#ddd"><title>bcd ← x: 0.250</title></rect>
</svg>
)svg");
    CHECK(heatmap(Mat<double>{{0.0, 1.0}}, {"a"}, {"x", "abc"}) ==
          R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="81" height="75" font-family="monospace" font-size="15">
<rect width="100%" height="100%" fill="white"/>
<text x="42" y="35" transform="rotate(-90 42 35)">x</text>
<text x="66" y="35" transform="rotate(-90 66 35)">abc</text>
<text x="17" y="60" text-anchor="end">a</text>
<rect x="25" y="43" width="24" height="24" fill="#ffffff" stroke="#ddd"><title>a ← x: 0.000</title></rect>)svg"
          R"svg(<rect x="49" y="43" width="24" height="24" fill="#08306b" stroke="#ddd"><title>a ← abc: 1.000</title></rect>
</svg>
)svg");
}

TEST_CASE("heatmap: labels may be any text") {
    const auto svg = heatmap(Mat<double>::Zero(2, 3), {"a<b>", "\"&\""}, {" ", "é", "\n"});
    CHECK(captures(svg, "<text[^>]*>([^<]*)</text>") == Labels{"␣", "é", "↵", "a&lt;b&gt;", "&quot;&amp;&quot;"});
    const auto odd = heatmap(Mat<double>::Zero(1, 5), {"a"}, {"\xffz z", "\uFFFF", "x\xc3", std::string("\0", 1), "\x1b\x7f"});
    CHECK(captures(odd, "<text[^>]*>([^<]*)</text>") == Labels{"⟨xFF⟩z z", "⟨FFFF⟩", "x⟨xC3⟩", "␀", "␛⟨007F⟩", "a"});
    CHECK(captures(heatmap(Mat<double>::Zero(1, 1), {""}, {"\t"}), "<text[^>]*>([^<]*)</text>") == Labels{"⇥", ""});
    CHECK(captures(svg, "(rotate)").empty());
    CHECK(captures(heatmap(Mat<double>::Zero(1, 2), {"a"}, {"long", "é"}), "(rotate)").size() == 2);
    CHECK(captures(heatmap(Mat<double>::Zero(1, 1), {"a"}, {"éé"}), "(rotate)").empty());  // two letters, four bytes
    CHECK_NOTHROW(heatmap(Mat<double>(0, 2), {}, {"a", "b"}));
    CHECK_NOTHROW(heatmap(Mat<double>(2, 0), {"a", "b"}, {}));
}

TEST_CASE("heatmap: it all lies inside the picture, however long the labels") {
    const auto svg = heatmap(Mat<double>::Ones(2, 2), {"one", "twenty-seven"}, {"seventeen", "é"});
    const auto number = [&](const char* pattern) { return std::stod(captures(svg, pattern).back()); };
    CHECK(number("<rect x=\"([0-9.]+)\"") + 24 < number("<svg[^>]* width=\"([0-9.]+)\""));
    CHECK(number("<rect x=\"[0-9.]+\" y=\"([0-9.]+)\"") + 24 < number("<svg[^>]* height=\"([0-9.]+)\""));
    CHECK(number("<text x=\"([0-9.]+)\"[^>]*>twenty-seven") >= 12 * 9);
    CHECK(number("<text x=\"[0-9.]+\" y=\"([0-9.]+)\"[^>]*>seventeen") >= 9 * 9);
}

TEST_CASE("heatmap: a locale with commas changes nothing") {
    const Mat<double> wide = Mat<double>::Constant(1, 60, 0.5);
    const auto plain = heatmap(wide, {"a"}, Labels(60, "b"));
    const CommaLocale commas;
    CHECK((heatmap(wide, {"a"}, Labels(60, "b")) == plain));
}

TEST_CASE("heatmap: a weight outside of 0..1 is refused, but not what rounding adds") {
    Mat<double> bad = Mat<double>::Zero(2, 2);
    for (const double w : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
        bad(1, 0) = w;
        CHECK_THROWS_WITH(heatmap(bad, {"a", "b"}, {"x", "y"}), ContainsSubstring("the weight of row 1, column 0 is "));
    }
    bad(1, 0) = 1 + 1e-6;  // rounding of a softmax in float
    CHECK_NOTHROW(heatmap(bad, {"a", "b"}, {"x", "y"}));
}
