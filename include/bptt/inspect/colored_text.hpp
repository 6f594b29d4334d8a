#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/types.hpp"
#include "bptt/inspect/markup.hpp"

namespace bptt {

namespace detail {

/// Throws unless there is a value, a number, for each symbol.
inline void check_values(const char* what, const std::vector<std::string>& symbols, const std::vector<double>& values) {
    throw_unless(symbols.size() == values.size(), what, ": there are ", symbols.size(), " symbols and ", values.size(),
                 " values");
    for (std::size_t k = 0; k < values.size(); ++k)
        throw_unless(!std::isnan(values[k]), what, ": value ", k, " is not a number");
}

/// Of the 6×6×6 colours of a terminal: red for −1, white for 0, blue for 1.
inline int terminal_color(double v) {
    const int faded = 5 - static_cast<int>(std::lround(5 * std::clamp(std::abs(v), 0.0, 1.0)));
    const int red = v < 0 ? 5 : faded, green = faded, blue = v < 0 ? faded : 5;
    return 16 + 36 * red + 6 * green + blue;
}
/// The same as #rrggbb.
inline std::string color(double v) {
    return tint(v < 0 ? std::array{255, 96, 96} : std::array{92, 152, 255}, std::clamp(std::abs(v), 0.0, 1.0));
}

}  // namespace detail

/// A text for a terminal of 256 colours: behind a symbol with the value −1 it is red, white for 0, blue for 1. There is one
/// value a symbol. What is not seen, or could command the terminal, gets a form that is seen; new lines and tabs stay.
inline std::string ansi_text(const std::vector<std::string>& symbols, const std::vector<double>& values) {
    detail::check_values("ansi_text", symbols, values);
    std::string text, before;
    for (std::size_t k = 0; k < symbols.size(); ++k) {
        const std::string now = "\x1b[38;5;16;48;5;" + std::to_string(detail::terminal_color(values[k])) + 'm';
        if (now != before) text += now;
        before = now;
        if (symbols[k] == "\n") {
            text += "↵\x1b[0m\n";
            before.clear();
        } else {
            text += symbols[k] == "\t" ? symbols[k] : detail::shown_symbol(symbols[k]);
        }
    }
    return text + (before.empty() ? "" : "\x1b[0m");
}

/// The same as an SVG document, with at most so many columns to a line, and to within 1/32 of each value.
inline std::string svg_text(const std::vector<std::string>& symbols, const std::vector<double>& values, Index columns = 100) {
    detail::check_values("svg_text", symbols, values);
    throw_unless(columns > 0, "svg_text: columns is ", columns, ", not positive");
    constexpr Index width = 9, height = 19, baseline = 14;
    std::map<std::string, std::string> squares;  // by color, as a path
    std::string text, line;
    Index row = 0, column = 0, widest = 1;
    const auto end_line = [&] {
        if (column == 0) return;
        text += "<text y=\"" + std::to_string(row * height + baseline) + "\" textLength=\"" + std::to_string(column * width) +
                "\">" + std::exchange(line, "") + "</text>\n";
        widest = (std::max)(widest, std::exchange(column, 0));
        ++row;
    };
    for (std::size_t k = 0; k < symbols.size(); ++k) {
        const std::string shown = detail::shown_symbol(symbols[k]);
        const Index size = detail::label_length(shown);
        if (column + size > columns) end_line();
        const std::string side = std::to_string(size * width);
        squares[detail::color(std::round(16 * std::clamp(values[k], -1.0, 1.0)) / 16)] +=
            'M' + std::to_string(column * width) + ' ' + std::to_string(row * height) + 'h' + side + 'v' +
            std::to_string(height) + "h-" + side + 'z';
        const std::string as_text = shown == " " ? "\u00a0" : detail::markup(shown);  // a viewer would take several for one
        line += shown == symbols[k] ? as_text : "<tspan fill=\"#777\">" + as_text + "</tspan>";
        column += size;
        if (symbols[k] == "\n") end_line();
    }
    end_line();
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(widest * width) + "\" height=\"" +
                      std::to_string(row * height) + "\" font-family=\"monospace\" font-size=\"15\">\n";
    for (const auto& [color, path] : squares) svg += "<path fill=\"" + color + "\" d=\"" + path + "\"/>\n";
    return svg + text + "</svg>\n";
}

}  // namespace bptt
