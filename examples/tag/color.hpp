#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/utf8.hpp>
#include <bptt/inspect/markup.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/marked_text.hpp"
#include "lexer.hpp"

namespace tag {

/// A text as it is shown: its code points, for each what its first character was taken for, and whether that is wrong.
struct Tagged {
    std::vector<std::string> symbols;
    std::vector<Kind> kinds;
    std::vector<bool> wrong;

    /// truth: what each character is, or nothing, where that is not known.
    Tagged(std::string_view text, const std::vector<Kind>& found, const std::vector<Kind>& truth) {
        for (std::size_t k = 0, size = 0; k < text.size(); k += size) {
            size = std::max<std::size_t>(1, bptt::detail::code_point_size(text, k));
            symbols.emplace_back(text.substr(k, size));
            kinds.push_back(found[k]);
            wrong.push_back(!truth.empty() && truth[k] != found[k]);
        }
    }
};

inline constexpr const char* marks_legend =
    "below each line: c comment, s string, n number, p preprocessor; a capital letter is wrong, X where it took it for code";
inline std::string marked_text(const Tagged& text) {
    return examples::marked_text(text.symbols, [&](std::size_t k) {
        return std::string_view(text.wrong[k] ? "XCSNP" : " csnp")[static_cast<std::size_t>(text.kinds[k])];
    });
}

inline constexpr const char* colors_legend = "comment green, string red, number magenta, preprocessor blue; underlined: wrong";
inline std::string ansi_text(const Tagged& text) {
    constexpr std::array colors = {"39", "32", "31", "35", "34"};  // of each kind, from the terminal's own palette
    std::string all, before;
    for (std::size_t k = 0; k < text.symbols.size(); ++k) {
        const std::string& symbol = text.symbols[k];
        const std::string now =
            std::string("\x1b[0;") + colors[static_cast<std::size_t>(text.kinds[k])] + (text.wrong[k] ? ";4m" : "m");
        if (now != std::exchange(before, now)) all += now;
        if (symbol != "\n")
            all += symbol == "\t" ? symbol : bptt::detail::visible(symbol);
        else
            all += std::string(text.wrong[k] ? "↵" : "") + "\x1b[0m\n", before.clear();
    }
    return all + (before.empty() ? "" : "\x1b[0m");
}

/// The same as an SVG document.
inline std::string svg_text(const Tagged& text) {
    constexpr std::array colors = {"#111", "#2a7a2a", "#b3261e", "#8a2be2", "#1f5fbf"};
    constexpr Index width = 9, height = 19, baseline = 14;
    std::string lines, line, run, wrong;  // run: symbols of one kind that follow each other
    Kind kind = Kind::code;
    Index row = 0, column = 0, widest = 1;
    const auto end_run = [&] {
        const std::string color = colors[static_cast<std::size_t>(kind)];
        if (!run.empty()) line += "<tspan fill=\"" + color + "\">" + std::exchange(run, "") + "</tspan>";
    };
    const auto end_line = [&] {
        end_run();
        if (column > 0)
            lines += "<text y=\"" + std::to_string(row * height + baseline) + "\" textLength=\"" +
                     std::to_string(column * width) + "\">" + std::exchange(line, "") + "</text>\n";
        widest = std::max(widest, std::exchange(column, 0));
        ++row;
    };
    for (std::size_t k = 0; k < text.symbols.size(); ++k) {
        const std::string& symbol = text.symbols[k];
        if (text.kinds[k] != kind) end_run(), kind = text.kinds[k];
        const bool unseen = symbol == "\n" && !text.wrong[k];
        const std::string shown = unseen ? "" : bptt::detail::shown_symbol(symbol);
        const Index size = bptt::detail::label_length(shown);
        if (text.wrong[k])
            wrong += 'M' + std::to_string(column * width) + ' ' + std::to_string((row + 1) * height - 2) + 'h' +
                     std::to_string(size * width);
        run += shown == " " ? "\u00a0" : bptt::detail::markup(shown);  // a viewer would take several for one
        column += size;
        if (symbol == "\n") end_line();
    }
    end_line();
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(widest * width) + "\" height=\"" +
                      std::to_string(row * height) +
                      "\" font-family=\"monospace\" font-size=\"15\" xml:space=\"preserve\">\n<rect width=\"100%\" "
                      "height=\"100%\" fill=\"white\"/>\n";
    if (!wrong.empty()) svg += "<path stroke=\"#e00\" stroke-width=\"3\" d=\"" + wrong + "\"/>\n";
    return svg + lines + "</svg>\n";
}

}  // namespace tag
