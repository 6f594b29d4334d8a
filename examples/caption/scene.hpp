#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/random.hpp>
#include <cstdlib>
#include <string>
#include <utility>

#include "grid.hpp"

namespace caption {

/// Intensities of red, green and blue, 0..1.
using Color = std::array<float, 3>;

inline constexpr std::array kind_names = {"circle", "square", "triangle", "cross"};
inline constexpr std::array color_names = {"red", "green", "blue", "yellow", "purple", "white"};
inline constexpr std::array<Color, 6> colors = {
    {{0.9f, 0.1f, 0.1f}, {0.1f, 0.8f, 0.1f}, {0.2f, 0.3f, 1.0f}, {0.9f, 0.9f, 0.1f}, {0.7f, 0.1f, 0.8f}, {0.9f, 0.9f, 0.9f}}};

/// A picture of shapes has side × side pixels, in cells × cells cells.
inline constexpr Index side = 24, cells = 3, cell = side / cells;
inline constexpr Grid drawn_grid{.rows = cells, .columns = cells, .height = cell, .width = cell, .channels = 3};

struct Shape {
    Index kind, color;
    bool large;
    Index row, column;  // its cell
    Index y, x;         // its middle

    Index radius() const { return large ? 3 : 2; }
    /// Which of all shapes of a colour it is.
    Index look() const { return kind * std::ssize(color_names) + color; }
    std::string name() const {
        return std::string("a ") + (large ? "large " : "small ") + color_names[static_cast<std::size_t>(color)] + ' ' +
               kind_names[static_cast<std::size_t>(kind)];
    }
    bool covers(Index row_of_pixel, Index column_of_pixel) const {
        const Index dy = row_of_pixel - y, dx = column_of_pixel - x, r = radius();
        if (std::max(std::abs(dy), std::abs(dx)) > r) return false;
        switch (kind) {
            case 0:
                return dy * dy + dx * dx <= r * r + 1;
            case 1:
                return true;
            case 2:
                return 2 * std::abs(dx) <= dy + r;
            default:
                return dy == 0 || dx == 0;
        }
    }
};

/// Two shapes, of which the first is above the other, or to its left.
struct Scene {
    Shape first, second;

    bool is_above() const { return std::abs(first.row - second.row) > std::abs(first.column - second.column); }
    /// "a small red circle above a large blue square"
    std::string caption() const { return first.name() + (is_above() ? " above " : " left of ") + second.name(); }
    /// Whether no training has these two looks in one picture. Of the 24 looks each misses three partners.
    bool is_held_out() const { return (first.look() + second.look()) % 8 == 3; }
};

/// Its shapes have a row or a column in common, or are clearly further apart in one direction than in the other.
inline Scene draw_scene(bool held_out, Rng& rng) {
    const auto shape = [&] {
        Shape s{.kind = rng.below(std::ssize(kind_names)),
                .color = rng.below(std::ssize(color_names)),
                .large = rng.below(2) == 1,
                .row = rng.below(cells),
                .column = rng.below(cells),
                .y = 0,
                .x = 0};
        const auto middle = [&](Index k) { return k * cell + cell / 2 - 1 + rng.below(3); };
        s.y = middle(s.row), s.x = middle(s.column);
        return s;
    };
    for (;;) {
        Scene scene{shape(), shape()};
        const auto& [a, b] = scene;
        const bool apart = std::abs(a.row - b.row) != std::abs(a.column - b.column) &&
                           std::max(std::abs(a.y - b.y), std::abs(a.x - b.x)) > a.radius() + b.radius();
        if (!apart || scene.is_held_out() != held_out) continue;
        if (scene.is_above() ? a.row > b.row : a.column > b.column) std::swap(scene.first, scene.second);
        return scene;
    }
}

/// The pixels of a scene, row after row, red, green and blue of each: in light that varies, on black, with noise.
inline Mat<float> paint(const Scene& scene, Rng& rng) {
    Mat<float> picture(drawn_grid.numbers(), 1);
    const double light = rng.uniform(0.8, 1.1);
    for (Index y = 0; y < side; ++y)
        for (Index x = 0; x < side; ++x) {
            Color color = {};
            for (const Shape& shape : {scene.first, scene.second})
                if (shape.covers(y, x)) color = colors[static_cast<std::size_t>(shape.color)];
            for (Index k = 0; const float part : color)
                picture(3 * (y * side + x) + k++, 0) =
                    static_cast<float>(light * static_cast<double>(part) + rng.uniform(-0.1, 0.1));
        }
    return picture;
}

}  // namespace caption
