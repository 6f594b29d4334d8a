#include "bptt/inspect/colored_text.hpp"

#include <limits>

#include "catch.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

TEST_CASE("ansi_text: red for -1, white for 0, blue for 1, and no more is sent than changes") {
    CHECK(ansi_text({"a", "b", "c", "d"}, {-1, -1, 0, 1}) ==
          "\x1b[38;5;16;48;5;196mab\x1b[38;5;16;48;5;231mc\x1b[38;5;16;48;5;21md\x1b[0m");
    CHECK(ansi_text({"a"}, {-0.4}) == "\x1b[38;5;16;48;5;217ma\x1b[0m");
    CHECK(ansi_text({"a"}, {0.4}) == "\x1b[38;5;16;48;5;147ma\x1b[0m");
    CHECK(ansi_text({"a", "b"}, {-7, 1e9}) == ansi_text({"a", "b"}, {-1, 1}));
    CHECK(ansi_text({}, {}).empty());
}

TEST_CASE("ansi_text: a line ends without a colour, and nothing of a text commands the terminal") {
    CHECK(ansi_text({"a", "\n", "b"}, {0, 0, 0}) == "\x1b[38;5;16;48;5;231ma↵\x1b[0m\n\x1b[38;5;16;48;5;231mb\x1b[0m");
    CHECK(ansi_text({"a", "\n"}, {0, 0}) == "\x1b[38;5;16;48;5;231ma↵\x1b[0m\n");
    CHECK(ansi_text({"\x1b[2J", "\t"}, {0, 0}) == "\x1b[38;5;16;48;5;231m␛[2J\t\x1b[0m");
}

TEST_CASE("svg_text: the document, byte for byte, in any locale") {
    const auto draw = [] { return svg_text({"a", "<", " ", "\n", "\xff", "é", "\t"}, {-1, 0, 1, 0.5, 0, 0, 0}, 6); };
    const auto svg = draw();
    CHECK(
        svg ==
        R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="54" height="57" font-family="monospace" font-size="15">
<rect x="0" y="0" width="9" height="19" fill="#d62828"/><text x="0" y="14" textLength="9">a</text>)svg"
        R"svg(<rect x="9" y="0" width="9" height="19" fill="#ffffff"/><text x="9" y="14" textLength="9">&lt;</text>)svg"
        R"svg(<rect x="18" y="0" width="9" height="19" fill="#2660d0"/>)svg"
        R"svg(<rect x="27" y="0" width="9" height="19" fill="#93b0e8"/><text x="27" y="14" textLength="9" fill="#999">↵</text>
<rect x="0" y="19" width="45" height="19" fill="#ffffff"/><text x="0" y="33" textLength="45" fill="#999">⟨xFF⟩</text>)svg"
        R"svg(<rect x="45" y="19" width="9" height="19" fill="#ffffff"/><text x="45" y="33" textLength="9">é</text>)svg"
        R"svg(<rect x="0" y="38" width="9" height="19" fill="#ffffff"/><text x="0" y="52" textLength="9" fill="#999">→</text></svg>
)svg");
    const CommaLocale commas;
    CHECK(draw() == svg);
}

TEST_CASE("svg_text: lines wrap, and a symbol wider than a line has one of its own") {
    const auto rows = [](const std::string& svg) { return std::stoi(svg.substr(svg.find("height=\"") + 8)) / 19; };
    CHECK(rows(svg_text({"a", "b", "c"}, {0, 0, 0}, 2)) == 2);
    CHECK(rows(svg_text({"a", "b", "c"}, {0, 0, 0}, 3)) == 1);
    CHECK(rows(svg_text({"a", "\x80", "c"}, {0, 0, 0}, 3)) == 3);
    CHECK(rows(svg_text({"a", "\n"}, {0, 0})) == 1);
    CHECK(rows(svg_text({}, {})) == 0);
}

TEST_CASE("colored_text: a value for each symbol, and each a number") {
    CHECK_THROWS_WITH(ansi_text({"a"}, {}), "ansi_text: there are 1 symbols and 0 values");
    CHECK_THROWS_WITH(svg_text({"a", "b"}, {0, std::numeric_limits<double>::quiet_NaN()}), "svg_text: value 1 is not a number");
    CHECK_THROWS_WITH(svg_text({"a"}, {0}, 0), "svg_text: columns is 0, not positive");
}
