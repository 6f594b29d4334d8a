#include "bptt/inspect/chart.hpp"

#include <cmath>
#include <regex>
#include <set>

#include "catch.hpp"
#include "support/captures.hpp"
#include "support/comma_locale.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

using Ticks = std::vector<std::string>;

Ticks ticks_of_x(const std::string& svg) { return captures(svg, "text-anchor=\"middle\">([^<]*)<"); }
Ticks ticks_of_y(const std::string& svg) { return captures(svg, "text-anchor=\"end\">([^<]*)<"); }
/// The paths that have this tooltip: the series', and its sample in the legend.
/// They are too long for a std::regex.
Ticks paths_of(const std::string& svg, const std::string& name) {
    Ticks all;
    const std::string tooltip = "><title>" + name + "</title>", path = "<path d=\"";
    for (auto at = svg.find(tooltip); at != svg.npos; at = svg.find(tooltip, at + 1)) {
        const auto begin = svg.rfind(path, at) + path.size();
        all.push_back(svg.substr(begin, svg.find('"', begin) - begin));
    }
    return all;
}

/// The ticks of a logarithmic or linear axis y over these values.
Ticks ticks(const std::vector<double>& y, Axis axis = {}) {
    return ticks_of_y(chart({.y = std::move(axis), .series = {{"a", std::vector<double>(y.size(), 1), y}}}));
}

}  // namespace

TEST_CASE("chart: the document, byte for byte") {
    const Panel panel{.title = "R&D",
                      .x = {.label = "steps", .low = 0},
                      .y = {.label = "loss"},
                      .series = {{.name = "a", .x = {0, 1, 2}, .y = {1, 3, 2}},
                                 {.name = "b", .x = {2}, .y = {1}, .mark = Mark::points},
                                 {.x = {1, 2}, .y = {1, 2}, .mark = Mark::line_and_points}}};
    CHECK(chart({panel}, 3) ==
          R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 280"
font-family="sans-serif" font-size="12" stroke-linecap="round" stroke-linejoin="round">
<rect width="100%" height="100%" fill="white"/>
<text x="39" y="223" text-anchor="middle">0</text>
<text x="126.5" y="223" text-anchor="middle">1</text>
<text x="214" y="223" text-anchor="middle">2</text>
<text x="33" y="210" text-anchor="end">1</text>
<text x="33" y="122" text-anchor="end">2</text>
<text x="33" y="34" text-anchor="end">3</text>
<path d="M39 206V30M126.5 206V30M214 206V30M39 206H214M39 118H214M39 30H214" stroke="#ddd"/>
<rect x="39" y="30" width="175" height="176" fill="none" stroke="#888"/>
<text x="126.5" y="20" text-anchor="middle" font-size="14">R&amp;D</text>
<text x="126.5" y="243" text-anchor="middle">steps</text>
<g transform="translate(14 118) rotate(-90)"><text x="0" y="0" text-anchor="middle">loss</text>
</g>
<path d="M39 206h.01L126.5 30L214 118" stroke="#0072B2" fill="none" stroke-width="1.8"><title>a</title></path>
<path d="M214 206h.01" stroke="#D55E00" fill="none" stroke-width="4.5"><title>b</title></path>
<path d="M126.5 206h.01L214 118" stroke="#009E73" fill="none" stroke-width="1.8"><title></title></path>
<path d="M126.5 206h.01M214 118h.01" stroke="#009E73" fill="none" stroke-width="4.5"><title></title></path>
<path d="M10 262h.01L40 262" stroke="#0072B2" fill="none" stroke-width="1.8"><title>a</title></path>
<text x="48" y="266">a</text>
<path d="M82 262h.01" stroke="#D55E00" fill="none" stroke-width="4.5"><title>b</title></path>
<text x="105" y="266">b</text>
</svg>
)svg");
}

TEST_CASE("chart: ticks are 1, 2 or 5 times a power of ten apart, and the axis goes on to the next") {
    CHECK(ticks({0, 10}) == Ticks{"0", "2", "4", "6", "8", "10"});
    CHECK(ticks({-3.3, 5}) == Ticks{"-4", "-2", "0", "2", "4", "6"});
    CHECK(ticks({0.13, 0.32}) == Ticks{"0.1", "0.15", "0.2", "0.25", "0.3", "0.35"});
    CHECK(ticks({0, 3'000'000}) == Ticks{"0", "500000", "1000000", "1500000", "2000000", "2500000", "3000000"});
    CHECK(ticks({0, 4e-7}) == Ticks{"0", "1e-07", "2e-07", "3e-07", "4e-07"});
    CHECK(ticks({0, 4e-12}) == Ticks{"0", "1e-12", "2e-12", "3e-12", "4e-12"});
    CHECK_THROWS_WITH(ticks({0, 1e301}), "chart: y goes from 0 to 1e+301, which is too far");
    CHECK(ticks({1e250, 3e250}) == Ticks{"1e+250", "1.5e+250", "2e+250", "2.5e+250", "3e+250"});
    CHECK(ticks({-0.4, -0.1}) == Ticks{"-0.4", "-0.35", "-0.3", "-0.25", "-0.2", "-0.15", "-0.1"});
}

TEST_CASE("chart: an end that is given stays where it is") {
    CHECK(ticks({2.2, 3}, {.low = 0}) == Ticks{"0", "0.5", "1", "1.5", "2", "2.5", "3"});
    CHECK(ticks({0.25, 0.5}, {.low = 0, .high = 1}) == Ticks{"0", "0.2", "0.4", "0.6", "0.8", "1"});
    const auto svg = chart({.y = {.low = 0.5, .high = 1.75}, .series = {{"a", {0, 1}, {0.5, 1.75}}}});
    CHECK(ticks_of_y(svg) == Ticks{"0.5", "1", "1.5"});
    CHECK(captures(svg, "y=\"([0-9.]+)\" text-anchor=\"end\"") == Ticks{"396", "244", "92"});
    CHECK(paths_of(svg, "a")[0] == "M31 392h.01L694 12");  // from one corner to the other
}

TEST_CASE("chart: a constant has an axis, too") {
    CHECK(ticks({3, 3}) == Ticks{"1.5", "2", "2.5", "3", "3.5", "4", "4.5"});
    CHECK(ticks({0, 0}) == Ticks{"-0.6", "-0.4", "-0.2", "0", "0.2", "0.4", "0.6"});
    CHECK(ticks({0, 0}, {.low = 0}) == Ticks{"0", "0.1", "0.2", "0.3", "0.4", "0.5"});
    CHECK(ticks({-7, -7}, {.high = -7}).back() == "-7");
    CHECK(ticks({100, 100}, {.logarithmic = true}) == Ticks{"10¹", "10²", "10³"});
    CHECK(ticks({1, 1 + 1e-15}).size() > 1);
}

TEST_CASE("chart: a logarithmic axis has whole decades") {
    CHECK(ticks({0.02, 30}, {.logarithmic = true}) == Ticks{"10⁻²", "10⁻¹", "10⁰", "10¹", "10²"});
    CHECK(ticks({1e-300, 1e37}, {.logarithmic = true}) == Ticks{"10⁻³⁰⁰", "10⁻²⁰⁰", "10⁻¹⁰⁰", "10⁰", "10¹⁰⁰"});
    CHECK(ticks({1, 1e4, 1e9}, {.logarithmic = true, .low = 0.5}) == Ticks{"10⁻²", "10⁰", "10²", "10⁴", "10⁶", "10⁸", "10¹⁰"});
    const auto svg =
        chart({.x = {.logarithmic = true}, .y = {.logarithmic = true}, .series = {{"a", {1, 10, 100}, {100, 10, 1}}}});
    CHECK(ticks_of_x(svg) == Ticks{"10⁰", "10¹", "10²"});
    CHECK(paths_of(svg, "a")[0] == "M31 12h.01L362.5 202L694 392");
}

TEST_CASE("chart: what has no place is a gap, and a point between gaps is seen") {
    const auto path = [](const Axis& y, const std::vector<double>& values) {
        return paths_of(chart({.y = y, .series = {{"a", {0, 1, 2, 3, 4}, values}}}), "a")[0];
    };
    for (const double gap : {NaN, inf, -inf})
        CHECK(path({}, {1, 1, gap, 2, 1}).find("M") != path({}, {1, 1, gap, 2, 1}).rfind("M"));
    CHECK(std::regex_match(path({}, {1, NaN, 2, NaN, 1}), std::regex("(M[0-9. ]+h\\.01){3}")));
    CHECK(std::regex_match(path({.logarithmic = true}, {1, 10, 0, 10, 1}), std::regex("(M[0-9. ]+h\\.01L[0-9. ]+){2}")));
    CHECK(std::regex_match(path({}, {1, 10, 0, 10, 1}), std::regex("M[0-9. ]+h\\.01(L[0-9. ]+){4}")));
    const auto svg = chart({.series = {{"a", {0, NaN, 2}, {1, 5000, 2}}}});
    CHECK(ticks_of_y(svg).back() == "2");  // a point without x does not count
}

TEST_CASE("chart: of many points, what a picture can show is kept") {
    std::vector<double> x, y;
    for (int k = 0; k < 100'000; ++k) x.push_back(k), y.push_back(1 + std::sin(k * 1.7));
    y[31'415] = 10;  // two single points
    y[31'416] = -10;
    const auto svg = chart({.series = {{"a", x, y}}});
    CHECK(svg.size() < 50'000);
    const auto path = paths_of(svg, "a")[0];
    CHECK(path.find(" 12L") != path.npos);
    CHECK(path.find(" 392L") != path.npos);
    CHECK(path.find(" 12L") < path.find(" 392L"));  // in their order
    // In one column of pixels: the first, the highest, the lowest and the last.
    const auto few =
        chart({.y = {.low = 0, .high = 10}, .series = {{"a", {0, 1e-9, 2e-9, 3e-9, 4e-9, 5e-9, 1}, {5, 9, 4, 0, 3, 5, 5}}}});
    CHECK(paths_of(few, "a")[0] == "M24 202h.01L24 50L24 392L24 202L694 202");
    const auto points = chart({.series = {{"a", {1, 1, 1, 2}, {1, 1, 3, 3}, Mark::points}}});
    CHECK(captures(paths_of(points, "a")[0], "(M)").size() == 3);
}

TEST_CASE("chart: 28 looks of lines, and of points, differ") {
    for (const Mark mark : {Mark::line, Mark::points, Mark::line_and_points}) {
        std::vector<Series> series;
        for (int k = 0; k < 28; ++k) series.push_back({std::to_string(k), {0, 1}, {1, 2}, mark});
        const auto svg = chart({.series = series});
        const auto looks = captures(svg, "<path d=\"[^\"]*\" stroke=\"([^>]*)><title>");
        const std::size_t both = mark == Mark::line_and_points ? 2 : 1;
        CHECK(looks.size() == 2 * 28 * both);  // and those of the legend
        CHECK(std::set<std::string>(looks.begin(), looks.end()).size() == 28 * both);
    }
    const auto given =
        chart({.series = {{"a", {0, 1}, {1, 2}, Mark::line, 8}, {"b", {0, 1}, {1, 2}}, {"c", {0, 1}, {1, 2}, Mark::line, 29}}});
    CHECK(captures(given, "stroke=\"#D55E00\"[^>]*dasharray=\"(8 6)\"><title>a<").size() == 2);
    CHECK(captures(given, "stroke=\"#D55E00\" fill=\"none\" stroke-width=\"1.8\"><title>(b|c)<").size() == 4);
}

TEST_CASE("chart: names may be any text, and one without a name is not in the legend") {
    const auto svg = chart({.title = "<t>",
                            .x = {.label = "x & y"},
                            .y = {.label = "\x01"},
                            .series = {{"a<b>\"", {0, 1}, {1, 2}}, {"", {0, 1}, {1, 2}}}});
    CHECK(captures(svg, "<title>([^<]*)</title>") == Ticks{"a&lt;b&gt;&quot;", "", "a&lt;b&gt;&quot;"});
    CHECK(captures(svg, ">(&lt;t&gt;|x &amp; y|␁)<").size() == 3);
    CHECK(captures(svg, "<text x=\"48\"[^>]*>([^<]*)<") == Ticks{"a&lt;b&gt;&quot;"});
}

TEST_CASE(
    "chart: the legend has columns as wide as its longest name, and the "
    "picture as many lines as it takes") {
    std::vector<Series> series;
    for (const char* name : {"a", "b", "an entry of 27 letters long", "c"}) series.push_back({name, {0, 1}, {0, 1}});
    const auto svg = chart({.series = series}), labelled = chart({.x = {.label = "x"}, .series = series});
    CHECK(captures(svg, "<text x=\"([0-9.]+)\" y=\"[0-9.]+\">") == Ticks{"48", "287", "48", "287"});
    CHECK(captures(svg, "<text x=\"[0-9.]+\" y=\"([0-9.]+)\">") == Ticks{"432", "432", "450", "450"});
    CHECK(captures(labelled, "<text x=\"[0-9.]+\" y=\"([0-9.]+)\">") == Ticks{"452", "452", "470", "470"});
    CHECK(captures(svg, "viewBox=\"0 0 720 ([0-9.]+)\"") == Ticks{"464"});
    CHECK(captures(labelled, "<rect x=\"([0-9.]+)\"") == Ticks{"31"});
}

TEST_CASE("chart: names longer than a panel stand below each other") {
    const std::string longest(110, 'a');
    const auto svg = chart(Panel{.series = {{longest, {0, 1}, {0, 1}}, {longest, {0, 1}, {0, 1}}, {longest, {0, 1}, {0, 1}}}});
    CHECK(captures(svg, "<text x=\"48\" y=\"([0-9.]+)\">") == Ticks{"432", "450", "468"});
    CHECK(captures(svg, "viewBox=\"0 0 720 ([0-9.]+)\"") == Ticks{"482"});
}

TEST_CASE("chart: panels stand side by side, and below each other") {
    const Panel one{.title = "p", .y = {.label = "y"}, .series = {{"a", {0, 1}, {0, 1}}}};
    const auto left = [](const std::string& svg) { return captures(svg, "<rect x=\"([0-9.]+)\""); };
    const auto top = [](const std::string& svg) { return captures(svg, "<rect x=\"[0-9.]+\" y=\"([0-9.]+)\""); };
    const auto three = chart(std::vector(4, one), 3);
    CHECK(left(three) == Ticks{"53", "293", "533", "53"});
    CHECK(captures(three, "translate\\(([0-9.]+) ") == Ticks{"14", "254", "494", "14"});
    CHECK(captures(three, "<text x=\"([0-9.]+)\" y=\"[0-9.]+\">a<") == Ticks{"48", "288", "528", "48"});
    CHECK(captures(three, "<text x=\"[0-9.]+\" y=\"([0-9.]+)\">a<")[0] == "246");
    CHECK(captures(three, "<rect x=[^>]* width=\"([0-9.]+)\"") == Ticks(4, "161"));
    CHECK(top(three)[0] == "30");
    CHECK((top(three)[0] == top(three)[2] && std::stod(top(three)[3]) > std::stod(top(three)[0]) + 200));
    const auto stack = chart(std::vector(2, one));
    CHECK(left(stack) == Ticks{"53", "53"});
    const auto height = [](const std::string& svg) { return std::stod(captures(svg, "viewBox=\"0 0 720 ([0-9.]+)\"")[0]); };
    CHECK(height(stack) == 2 * height(chart(one)));
}

TEST_CASE("chart: the locale changes nothing") {
    const Panel panel{.series = {{"a", {0, 1000, 2000}, {0.25, 0.5, 12345.5}}}};
    const auto plain = chart(panel);
    const CommaLocale commas;
    CHECK(chart(panel) == plain);
}
