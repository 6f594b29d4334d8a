#pragma once

#include <algorithm>
#include <array>
#include <bptt/inspect/markup.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "model.hpp"

namespace caption {

/// Of three channels, or one, which is grey.
inline Color pixel(const Grid& grid, const Mat<float>& picture, Index y, Index x) {
    Color color;
    for (Index k = 0; float& part : color)
        part = std::clamp(picture(grid.channels * (y * grid.picture_width() + x) + k++ % grid.channels), 0.0f, 1.0f);
    return color;
}

/// Lines of f(y, x), for so many rows of pixels each.
std::vector<std::string> lines_of(const Grid& grid, Index rows, auto f) {
    std::vector<std::string> lines;
    for (Index y = 0; y < grid.picture_height(); y += rows) {
        lines.emplace_back();
        for (Index x = 0; x < grid.picture_width(); ++x) lines.back() += f(y, x);
    }
    return lines;
}
/// Lines of a terminal of 256 colours, two rows of pixels in each.
inline std::vector<std::string> half_blocks(const Grid& grid, const Mat<float>& picture) {
    const auto color = [&](Index y, Index x) {
        const Color found = pixel(grid, picture, y, x);
        int number = 16;
        for (int weight = 36; const float part : found) {
            number += weight * static_cast<int>(std::lround(5 * part));
            weight /= 6;
        }
        return std::to_string(grid.channels == 1 ? 232 + static_cast<int>(std::lround(23 * found[0])) : number);  // 24 greys
    };
    return lines_of(grid, 2, [&](Index y, Index x) {
        const bool last = x + 1 == grid.picture_width();
        return "\x1b[38;5;" + color(y, x) + ";48;5;" + color(y + 1, x) + "m▀" + (last ? "\x1b[0m" : "");
    });
}
/// The same without colours, a row of pixels in each line: the first letter of the nearest colour, or a dot for the ground.
inline std::vector<std::string> letters(const Grid& grid, const Mat<float>& picture) {
    return lines_of(grid, 1, [&](Index y, Index x) {
        const Color found = pixel(grid, picture, y, x);
        const auto distance = [&](const Color& c) { return std::hypot(found[0] - c[0], found[1] - c[1], found[2] - c[2]); };
        const auto nearest = std::ranges::min_element(colors, {}, distance);
        const bool is_ground = distance({0, 0, 0}) < distance(*nearest);
        return is_ground ? '.' : color_names[static_cast<std::size_t>(nearest - colors.begin())][0];
    });
}
/// The same of a grey picture, two rows of pixels in each line: marks from dark to bright for their mean.
inline std::vector<std::string> marks(const Grid& grid, const Mat<float>& picture) {
    return lines_of(grid, 2, [&](Index y, Index x) {
        return ".:-=+*oO#@"[std::lround(4.5f * (pixel(grid, picture, y, x)[0] + pixel(grid, picture, y + 1, x)[0]))];
    });
}

/// A picture as an SVG document.
inline std::string svg_picture(const Grid& grid, const Mat<float>& picture) {
    const Index size = std::max<Index>(1, 192 / grid.picture_width());  // of a pixel
    const std::string length = std::to_string(size);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(grid.picture_width() * size) +
                      "\" height=\"" + std::to_string(grid.picture_height() * size) + "\">\n";
    for (Index y = 0; y < grid.picture_height(); ++y)
        for (Index x = 0; x < grid.picture_width(); ++x) {
            const Color c = pixel(grid, picture, y, x);
            const auto part = [&](std::size_t k) { return static_cast<int>(std::lround(255 * c[k])); };
            svg += "<rect x=\"" + std::to_string(x * size) + "\" y=\"" + std::to_string(y * size) + "\" width=\"" + length +
                   "\" height=\"" + length + "\" fill=\"" + bptt::detail::tint({part(0), part(1), part(2)}, 1) + "\"/>\n";
        }
    return svg + "</svg>\n";
}

/// Where in a picture each word came from: a row a word, a column a patch.
inline std::string attention_picture(const Setup& setup, const Written<float>& caption) {
    std::vector<std::string> rows, columns;
    for (const Index word : caption.tokens) rows.push_back(setup.vocabulary[word]);
    const auto place = [](Index k, Index count, const char* first, const char* last) {
        return std::string(k == 0 ? first : k == count - 1 ? last : "middle");
    };
    const Grid& grid = setup.grid;
    for (Index p = 0; p < grid.cells(); ++p)
        columns.push_back(place(p / grid.columns, grid.rows, "top", "bottom") + ' ' +
                          place(p % grid.columns, grid.columns, "left", "right"));
    return heatmap(caption.alignment.transpose(), rows, columns);
}

}  // namespace caption
