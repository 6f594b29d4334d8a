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
    const auto draw = [] { return svg_text({"a", "<", " ", "\n", "\xff", "é", "\t"}, {-1, 0.03, 7, 0.49, 0, 0, 0}, 6); };
    const auto svg = draw();
    CHECK(svg ==
          R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="54" height="57" font-family="monospace" font-size="15")svg"
          R"svg(>
<path fill="#5c98ff" d="M18 0h9v19h-9z"/>
<path fill="#aeccff" d="M27 0h9v19h-9z"/>
<path fill="#ff6060" d="M0 0h9v19h-9z"/>
<path fill="#ffffff" d="M9 0h9v19h-9zM0 19h45v19h-45zM45 19h9v19h-9zM0 38h9v19h-9z"/>
<text y="14" textLength="36">a&lt; <tspan fill="#777">↵</tspan></text>
<text y="33" textLength="54"><tspan fill="#777">⟨xFF⟩</tspan>é</text>
<text y="52" textLength="9"><tspan fill="#777">⇥</tspan></text>
</svg>
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
    CHECK(rows(svg_text({"a", "\n", "b"}, {0, 0, 0})) == 2);
    CHECK(rows(svg_text({"\x80"}, {0}, 3)) == 1);
    CHECK(rows(svg_text({}, {})) == 0);
}

TEST_CASE("colored_text: a value for each symbol, and each a number") {
    CHECK_THROWS_WITH(ansi_text({"a"}, {}), "ansi_text: there are 1 symbols and 0 values");
    CHECK_THROWS_WITH(svg_text({"a", "b"}, {0, std::numeric_limits<double>::quiet_NaN()}), "svg_text: value 1 is not a number");
    CHECK_THROWS_WITH(ansi_text({"a"}, {std::numeric_limits<double>::quiet_NaN()}), "ansi_text: value 0 is not a number");
    CHECK_THROWS_WITH(svg_text({"a"}, {0}, 0), "svg_text: columns is 0, not positive");
}
