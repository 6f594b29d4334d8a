#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bptt/core/types.hpp"
#include "bptt/inspect/chart_axis.hpp"
#include "bptt/inspect/markup.hpp"

namespace bptt {

/// How a series is drawn.
enum class Mark { line, points, line_and_points };

/// Points (x, y) with a name. A point that has a NaN or an infinity is left out: a line has a gap there.
struct Series {
    std::string name = {};
    std::vector<double> x = {}, y = {};
    Mark mark = Mark::line;
    /// Which of 28 looks: color k % 7, and line k / 7 of solid, dashed, dotted, dash-dotted. Without one: the place among the
    /// panel's series.
    std::optional<Index> look = {};
};

namespace detail {

/// Of Okabe and Ito (2008), told apart with any kind of color vision; without the yellow, which is not seen on white.
inline constexpr std::array colors = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"};

/// A point of a picture, in pixels; NaN where it has no place.
struct Spot {
    double x, y;
    bool is_gap() const { return std::isnan(x); }
};

/// A path along the spots. Of those that follow one another in one column of pixels, it keeps the first, the highest, the
/// lowest and the last: a line of any number of points looks as it would with all of them.
inline std::string line_path(const std::vector<Spot>& spots) {
    auto path = classic_stream();
    bool is_drawing = false;
    for (std::size_t k = 0, end = 0; k < spots.size(); k = end) {
        end = k + 1;
        if (spots[k].is_gap()) {
            is_drawing = false;
            continue;
        }
        std::size_t highest = k, lowest = k;
        for (; end < spots.size() && std::floor(spots[end].x) == std::floor(spots[k].x); ++end) {
            if (spots[end].y < spots[highest].y) highest = end;
            if (spots[end].y > spots[lowest].y) lowest = end;
        }
        for (const std::size_t kept : std::set{k, highest, lowest, end - 1}) {
            path << (is_drawing ? 'L' : 'M') << spots[kept].x << ' ' << spots[kept].y;
            if (!is_drawing) path << "h.01";  // so that a point between gaps is seen
            is_drawing = true;
        }
    }
    return path.str();
}
/// A path of lines whose ends are dots, one for all in the same place. Of a line of no length, some programs draw no end.
inline std::string dots_path(const std::vector<Spot>& spots) {
    auto path = classic_stream();
    std::set<std::pair<double, double>> drawn;
    for (const Spot& spot : spots)
        if (!spot.is_gap() && drawn.insert({spot.x, spot.y}).second) path << 'M' << spot.x << ' ' << spot.y << "h.01";
    return path.str();
}

/// The path of a series along these spots, or of its sample in the legend, with a tooltip.
inline void draw_series(std::ostream& svg, const Series& series, Index place, const std::vector<Spot>& spots) {
    constexpr std::array dashes = {"", "8 6", "0.1 5", "10 5 0.1 5"};
    constexpr Index kinds = std::ssize(dashes);
    const Index look = series.look.value_or(place), kind = look / std::ssize(colors) % kinds;
    const auto path = [&](const std::string& d, double width, const char* more) {
        svg << "<path d=\"" << d << "\" stroke=\"" << colors[static_cast<std::size_t>(look % std::ssize(colors))]
            << "\" fill=\"none\" stroke-width=\"" << width << '"' << more << "><title>" << markup(series.name)
            << "</title></path>\n";
    };
    const std::string dashed = " stroke-dasharray=\"" + std::string(dashes[static_cast<std::size_t>(kind)]) + '"';
    if (series.mark != Mark::points) path(line_path(spots), 1.8, kind == 0 ? "" : dashed.c_str());
    if (series.mark != Mark::line)
        path(dots_path(spots), kind < 2 ? 4.5 : 7.5, kind % 2 == 0 ? "" : " stroke-linecap=\"square\"");
}

}  // namespace detail

}  // namespace bptt
