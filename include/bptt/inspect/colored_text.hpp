#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
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
    constexpr std::array reds = {214, 40, 40}, blues = {38, 96, 208};
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << '#' << std::hex << std::setfill('0');
    for (const int full : v < 0 ? reds : blues)
        out << std::setw(2) << std::lround(255 + std::clamp(std::abs(v), 0.0, 1.0) * (full - 255));
    return out.str();
}

}  // namespace detail

/// A text for a terminal of 256 colours: behind a symbol with the value −1 it is red, white for 0, blue for 1. There is one
/// value a symbol. What is not seen, or could command the terminal, gets a form that is seen; new lines and tabs stay.
inline std::string ansi_text(const std::vector<std::string>& symbols, const std::vector<double>& values) {
    detail::check_values("ansi_text", symbols, values);
    constexpr int none = -1;
    std::string text;
    int before = none;
    for (std::size_t k = 0; k < symbols.size(); ++k) {
        const int color = detail::terminal_color(values[k]);
        if (color != before) text += "\x1b[38;5;16;48;5;" + std::to_string(color) + 'm';
        before = color;
        if (symbols[k] == "\n") {
            text += "↵\x1b[0m\n";
            before = none;
        } else {
            text += symbols[k] == "\t" ? symbols[k] : detail::visible(symbols[k]);
        }
    }
    return text + (before == none ? "" : "\x1b[0m");
}

/// The same as an SVG document, with at most so many columns to a line.
inline std::string svg_text(const std::vector<std::string>& symbols, const std::vector<double>& values, Index columns = 100) {
    detail::check_values("svg_text", symbols, values);
    throw_unless(columns > 0, "svg_text: columns is ", columns, ", not positive");
    constexpr int width = 9, height = 19, baseline = 14;
    std::ostringstream cells;
    cells.imbue(std::locale::classic());
    Index row = 0, column = 0, widest = 1;
    for (std::size_t k = 0; k < symbols.size(); ++k) {
        const std::string shown = symbols[k] == "\n" ? "↵" : symbols[k] == "\t" ? "→" : detail::visible(symbols[k]);
        const auto size = static_cast<Index>(std::ranges::count_if(shown, [](char c) { return (c & 0xc0) != 0x80; }));
        if (column > 0 && column + size > columns) ++row, column = 0;
        cells << "<rect x=\"" << column * width << "\" y=\"" << row * height << "\" width=\"" << size * width << "\" height=\""
              << height << "\" fill=\"" << detail::color(values[k]) << "\"/>";
        if (shown != " ")
            cells << "<text x=\"" << column * width << "\" y=\"" << row * height + baseline << "\" textLength=\""
                  << size * width << "\"" << (shown != symbols[k] ? " fill=\"#999\"" : "") << '>' << detail::markup(shown)
                  << "</text>";
        column += size;
        widest = (std::max)(widest, column);
        if (symbols[k] == "\n") cells << '\n', ++row, column = 0;
    }
    std::ostringstream svg;
    svg.imbue(std::locale::classic());
    svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << widest * width << "\" height=\""
        << (row + (column > 0 ? 1 : 0)) * height << "\" font-family=\"monospace\" font-size=\"15\">\n"
        << cells.str() << "</svg>\n";
    return svg.str();
}

}  // namespace bptt
