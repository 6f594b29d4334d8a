#pragma once

#include <bptt/inspect/chart.hpp>
#include <string>
#include <vector>

#include "measure.hpp"

namespace forecast {

/// The forecast after the window that ends before column `end`, with its bounds: (targets·horizon)×3.
inline Mat<double> bounded(const Setup& s, const Model& model, const Table& series, Index end) {
    const Mat<double> y = ours_of(s, model, series, {end});
    const Eigen::Map<const Eigen::VectorXd> low(s.low.data(), y.rows()), high(s.high.data(), y.rows());
    Mat<double> all(y.rows(), 3);
    all << y, y + low, y + high;
    return all;
}

/// The window, what came after it, and the forecast with its bounds, a panel for each target, as SVG.
inline std::string picture(const Setup& s, const Model& model, const Table& series, Index end) {
    const Mat<double> found = bounded(s, model, series, end);
    std::vector<Panel> panels;
    for (Index target = 0; target < s.targets; ++target) {
        Panel& panel = panels.emplace_back(
            Panel{.title = s.names[static_cast<std::size_t>(target)], .x = {.label = "steps after the last that is known"}});
        bptt::Series known{.name = "what came", .look = 6};
        const Index last = (std::min)(series.values.cols(), end + s.horizon);
        for (Index t = end - s.window; t < last; ++t)
            known.x.push_back(static_cast<double>(t - end + 1)), known.y.push_back(series.values(target, t));
        panel.series.push_back(known);
        for (Index which = 0; which < 3; ++which) {
            bptt::Series line{.name = which == 0   ? "forecast"
                                      : which == 1 ? "lower bound of 90 %"
                                                   : "upper bound of 90 %",
                              .look = which == 0 ? 1 : 8};
            for (Index k = 0; k < s.horizon; ++k)
                line.x.push_back(static_cast<double>(k + 1)), line.y.push_back(found(s.targets * k + target, which));
            panel.series.push_back(line);
        }
    }
    return chart(panels);
}

}  // namespace forecast
