#pragma once

#include <algorithm>
#include <array>
#include <bptt/inspect/markup.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "model.hpp"

namespace caption {

inline Color pixel(const Mat<float>& picture, Index y, Index x) {
    const float* const at = picture.data() + 3 * (y * side + x);
    return {std::clamp(at[0], 0.0f, 1.0f), std::clamp(at[1], 0.0f, 1.0f), std::clamp(at[2], 0.0f, 1.0f)};
}

/// Lines of a terminal of 256 colours, two rows of pixels in each.
inline std::vector<std::string> half_blocks(const Mat<float>& picture) {
    const auto color = [&](Index y, Index x) {
        int number = 16;
        for (int weight = 36; const float part : pixel(picture, y, x)) {
            number += weight * static_cast<int>(std::lround(5 * part));
            weight /= 6;
        }
        return std::to_string(number);
    };
    std::vector<std::string> lines;
    for (Index y = 0; y < side; y += 2) {
        std::string& line = lines.emplace_back();
        for (Index x = 0; x < side; ++x) line += "\x1b[38;5;" + color(y, x) + ";48;5;" + color(y + 1, x) + "m▀";
        line += "\x1b[0m";
    }
    return lines;
}

/// The same without colours, a row of pixels in each line: the first letter of the nearest colour, or a dot for the ground.
inline std::vector<std::string> letters(const Mat<float>& picture) {
    std::vector<std::string> lines;
    for (Index y = 0; y < side; ++y) {
        std::string& line = lines.emplace_back();
        for (Index x = 0; x < side; ++x) {
            const Color found = pixel(picture, y, x);
            const auto distance = [&](const Color& c) { return std::hypot(found[0] - c[0], found[1] - c[1], found[2] - c[2]); };
            const auto nearest = std::ranges::min_element(colors, {}, distance);
            const bool is_ground = distance({0, 0, 0}) < distance(*nearest);
            line += is_ground ? '.' : color_names[static_cast<std::size_t>(nearest - colors.begin())][0];
        }
    }
    return lines;
}

/// A picture as an SVG document.
inline std::string svg_picture(const Mat<float>& picture) {
    constexpr Index size = 8;  // of a pixel
    const std::string whole = std::to_string(side * size);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + whole + "\" height=\"" + whole + "\">\n";
    for (Index y = 0; y < side; ++y)
        for (Index x = 0; x < side; ++x) {
            const Color c = pixel(picture, y, x);
            const auto part = [&](std::size_t k) { return static_cast<int>(std::lround(255 * c[k])); };
            svg += "<rect x=\"" + std::to_string(x * size) + "\" y=\"" + std::to_string(y * size) +
                   "\" width=\"8\" height=\"8\" fill=\"" + bptt::detail::tint({part(0), part(1), part(2)}, 1) + "\"/>\n";
        }
    return svg + "</svg>\n";
}

/// Where in a picture each word came from: a row a word, a column a patch.
inline std::string attention_picture(const Setup& setup, const Written<float>& caption) {
    std::vector<std::string> rows, columns;
    for (const Index word : caption.tokens) rows.push_back(setup.vocabulary[word]);
    for (Index p = 0; p < patch_count; ++p)
        columns.push_back(std::array{"top", "middle", "bottom"}[static_cast<std::size_t>(p / cells)] + std::string(" ") +
                          std::array{"left", "middle", "right"}[static_cast<std::size_t>(p % cells)]);
    return heatmap(caption.alignment.transpose(), rows, columns);
}

}  // namespace caption
