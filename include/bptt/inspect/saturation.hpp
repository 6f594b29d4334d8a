#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "bptt/inspect/chart.hpp"
#include "bptt/inspect/trace.hpp"

namespace bptt {

/// For each unit of a gate, the share of all steps, 0..1, at which it was below 0.1 and above 0.9 (Karpathy et al. 2015,
/// figure 5).
struct Saturation {
    std::string gate;
    std::vector<double> below, above;
};

/// The saturation of every gate whose values all lie in 0..1, over a batch of at least one step. A candidate, which is a tanh,
/// is none: g of an LSTM and n of a GRU; of another cell it takes its `Gates::candidate_gate` to know it for sure.
template <class T> std::vector<Saturation> saturation(const std::vector<Traced<T>>& traced) {
    throw_unless(!traced.empty(), "saturation: there are no sequences");
    std::vector<Saturation> all;
    for (const Signal<T>& first : traced[0].signals) {
        if (!first.is_gate || first.is_candidate) continue;
        Eigen::ArrayXd below = Eigen::ArrayXd::Zero(first.values.rows()), above = below;
        bool in_range = true;
        Index steps = 0;
        for (const Traced<T>& one : traced) {
            const Mat<T>& values = one[first.name];
            throw_unless(values.rows() == first.values.rows(), "saturation: ", first.name, " is ", shape(first.values),
                         " in one sequence and ", shape(values), " in another");
            throw_unless(values.allFinite(), "saturation: ", first.name, " is not finite");
            in_range = in_range && (values.array() >= T(0) && values.array() <= T(1)).all();
            below += (values.array() < T(0.1)).rowwise().count().template cast<double>();
            above += (values.array() > T(0.9)).rowwise().count().template cast<double>();
            steps += values.cols();
        }
        throw_unless(steps > 0, "saturation: the sequences have no steps");
        below /= static_cast<double>(steps), above /= static_cast<double>(steps);
        if (in_range) all.push_back({first.name, {below.begin(), below.end()}, {above.begin(), above.end()}});
    }
    return all;
}
template <class T> std::vector<Saturation> saturation(const Traced<T>& traced) { return saturation(std::vector{traced}); }

/// A picture as SVG: a panel for each gate, a point for each unit, by the share of steps above 0.9 and that below 0.1, and a
/// colour for each layer. A unit at the lower right lets all through, one at the upper left nothing.
inline std::string saturation_chart(const std::vector<Saturation>& gates) {
    std::vector<Panel> panels;
    for (const Saturation& one : gates) {
        const std::size_t dot = one.gate.rfind('.');
        const std::string gate = one.gate.substr(dot + 1),
                          layer = dot == one.gate.npos ? "" : "layer " + one.gate.substr(0, dot);
        auto panel = std::ranges::find(panels, gate, &Panel::title);
        if (panel == panels.end())
            panel = panels.insert(panel, {.title = gate,
                                          .x = {.label = "share above 0.9", .low = 0, .high = 1},
                                          .y = {.label = "share below 0.1", .low = 0, .high = 1}});
        panel->series.push_back({.name = layer, .x = one.above, .y = one.below, .mark = Mark::points});
    }
    throw_unless(!panels.empty(), "saturation_chart: there are no gates");
    return chart(panels, (std::min)(Index{3}, static_cast<Index>(panels.size())));
}

}  // namespace bptt
