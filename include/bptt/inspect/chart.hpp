#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/inspect/chart_axis.hpp"
#include "bptt/inspect/chart_series.hpp"
#include "bptt/inspect/markup.hpp"

namespace bptt {

struct Panel {
    std::string title = {};
    Axis x = {}, y = {};
    std::vector<Series> series = {};
};

namespace detail {

inline double tenths(double pixels) { return std::round(10 * pixels) / 10; }

/// The part of a picture that the axes enclose, from (x0, y0) at the lower left to (x1, y1) at the upper right.
struct Plot {
    Scale x, y;
    double x0, y0, x1, y1;

    double across(double where) const { return tenths(x0 + where * (x1 - x0)); }
    double up(double where) const { return tenths(y0 + where * (y1 - y0)); }
};

/// The scales of a panel's axes over all that its series show.
inline std::array<Scale, 2> scales_of(const Panel& panel, double width, double height) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::array<double, 2> least = {infinity, infinity}, greatest = {-infinity, -infinity};
    for (const Series& s : panel.series) {
        throw_unless(s.x.size() == s.y.size(), "chart: \"", s.name, "\" has ", s.x.size(), " x and ", s.y.size(), " y");
        throw_unless(s.look.value_or(0) >= 0, "chart: the look of \"", s.name, "\" is ", s.look.value_or(0), ", negative");
        for (std::size_t k = 0; k < s.x.size(); ++k) {
            const std::array point = {s.x[k], s.y[k]};
            if (!has_place(panel.x, point[0]) || !has_place(panel.y, point[1])) continue;
            for (const std::size_t i : {0u, 1u}) {
                least[i] = (std::min)(least[i], point[i]);
                greatest[i] = (std::max)(greatest[i], point[i]);
            }
        }
    }
    throw_unless(least[0] <= greatest[0], "chart: the panel \"", panel.title, "\" has no point that can be drawn");
    return {scale_of("x", panel.x, least[0], greatest[0], width), scale_of("y", panel.y, least[1], greatest[1], height)};
}

inline void draw_text(std::ostream& svg, double x, double y, const char* how, const std::string& text) {
    if (!text.empty()) svg << "<text x=\"" << x << "\" y=\"" << y << '"' << how << '>' << markup(text) << "</text>\n";
}
inline constexpr const char* in_the_middle = " text-anchor=\"middle\"";

/// Draws the grid, what stands at its lines, and a frame.
inline void draw_grid(std::ostream& svg, const Plot& plot) {
    auto grid = classic_stream();
    plot.x.for_each_tick([&](double where, const std::string& label) {
        grid << 'M' << plot.across(where) << ' ' << plot.y0 << 'V' << plot.y1;
        draw_text(svg, plot.across(where), plot.y0 + 17, in_the_middle, label);
    });
    plot.y.for_each_tick([&](double where, const std::string& label) {
        grid << 'M' << plot.x0 << ' ' << plot.up(where) << 'H' << plot.x1;
        draw_text(svg, plot.x0 - 6, plot.up(where) + 4, " text-anchor=\"end\"", label);
    });
    svg << "<path d=\"" << grid.str() << "\" stroke=\"#ddd\"/>\n<rect x=\"" << plot.x0 << "\" y=\"" << plot.y1 << "\" width=\""
        << plot.x1 - plot.x0 << "\" height=\"" << plot.y0 - plot.y1 << "\" fill=\"none\" stroke=\"#888\"/>\n";
}

/// The points of a series in the plot.
inline std::vector<Spot> spots_of(const Series& series, const Panel& panel, const Plot& plot) {
    std::vector<Spot> spots;
    for (std::size_t k = 0; k < series.x.size(); ++k) {
        const double x = series.x[k], y = series.y[k];
        spots.push_back(has_place(panel.x, x) && has_place(panel.y, y) ? Spot{plot.across(plot.x.at(x)), plot.up(plot.y.at(y))}
                                                                       : Spot{std::nan(""), std::nan("")});
    }
    return spots;
}

/// Draws the names of the series from (left, top) on, in columns, and returns where they end.
inline double draw_legend(std::ostream& svg, const Panel& panel, double left, double top, double width) {
    constexpr double letter = 7, line = 18, sample = 30;
    std::ptrdiff_t longest = 0;
    for (const Series& s : panel.series) longest = (std::max)(longest, label_length(visible(s.name)));
    const double entry = sample + 20 + letter * static_cast<double>(longest);
    const auto columns = (std::max)(Index{1}, static_cast<Index>(width / entry));
    Index place = 0, shown = 0;
    for (const Series& s : panel.series) {
        const double x = left + entry * static_cast<double>(shown % columns);
        const double y = top + line * static_cast<double>(shown / columns);
        if (!s.name.empty()) {
            const double first = s.mark == Mark::points ? x + sample / 2 : x;
            draw_series(svg, s, place, {{first, y}, {2 * x + sample - first, y}});
            draw_text(svg, x + sample + 8, y + 4, "", s.name);
            ++shown;
        }
        ++place;
    }
    return top + line * static_cast<double>((shown + columns - 1) / columns);
}

/// Draws a panel `width` wide from (left, top) on, and returns where it ends.
inline double draw_panel(std::ostream& svg, const Panel& panel, double left, double top, double width) {
    const double height = (std::min)(380.0, width - 64);
    const auto scales = scales_of(panel, width - 64, height);
    std::ptrdiff_t longest = 0;
    scales[1].for_each_tick([&](double, const std::string& label) { longest = (std::max)(longest, label_length(label)); });
    const double x0 = left + (panel.y.label.empty() ? 10 : 32) + 7 * static_cast<double>(longest);
    const double y1 = top + (panel.title.empty() ? 12 : 30), y0 = y1 + height;
    const Plot plot{.x = scales[0], .y = scales[1], .x0 = x0, .y0 = y0, .x1 = left + width - 26, .y1 = y1};
    throw_unless(plot.x1 - plot.x0 >= 40, "chart: so many columns leave the panel \"", panel.title, "\" no room");

    draw_grid(svg, plot);
    const double middle = tenths((x0 + plot.x1) / 2);
    draw_text(svg, middle, y1 - 10, " text-anchor=\"middle\" font-size=\"14\"", panel.title);
    draw_text(svg, middle, y0 + 37, in_the_middle, panel.x.label);
    svg << "<g transform=\"translate(" << left + 14 << ' ' << tenths((y0 + y1) / 2) << ") rotate(-90)\">";
    draw_text(svg, 0, 0, in_the_middle, panel.y.label);
    svg << "</g>\n";

    Index place = 0;
    for (const Series& series : panel.series) draw_series(svg, series, place++, spots_of(series, panel, plot));
    return draw_legend(svg, panel, left + 10, y0 + (panel.x.label.empty() ? 36 : 56), width - 10);
}

}  // namespace detail

/// A picture of panels as an SVG document, 720 pixels wide, `columns` of them side by side. Each has its legend below. The
/// same numbers give the same bytes, and a series of any length is drawn within a pixel of where all its points would be.
/// Throws where x and y of a series have different lengths, where a panel has no point to draw, where a value is beyond an end
/// that is given for its axis, and where one is negative on a logarithmic axis.
inline std::string chart(const std::vector<Panel>& panels, Index columns = 1) {
    throw_unless(!panels.empty(), "chart: there are no panels");
    throw_unless(columns >= 1 && columns <= 6, "chart: columns is ", columns, ", outside 1..6");
    constexpr double whole = 720;
    auto svg = detail::classic_stream();
    double top = 0, end = 0;
    for (Index k = 0; const Panel& panel : panels) {
        if (k % columns == 0) top = end;
        const double width = std::floor(whole / static_cast<double>(columns)),
                     left = width * static_cast<double>(k++ % columns);
        end = (std::max)(end, detail::draw_panel(svg, panel, left, top, width));
    }
    auto head = detail::classic_stream();
    head << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << whole << ' ' << end
         << "\"\nfont-family=\"sans-serif\" font-size=\"12\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n"
         << "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    return head.str() + svg.str() + "</svg>\n";
}
/// A picture of one panel.
inline std::string chart(const Panel& panel) { return chart(std::vector{panel}); }

}  // namespace bptt
