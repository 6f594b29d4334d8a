#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"
#include "support/layers.hpp"

/// Sequences `which` of a matrix of a column for each of a batch, or for each step of each.
inline bptt::Mat<double> pick(const bptt::Mat<double>& m, bptt::Index batch, const std::vector<bptt::Index>& which) {
    std::vector<bptt::Index> columns;
    for (bptt::Index t = 0; t < m.cols() / batch; ++t)
        for (const bptt::Index b : which) columns.push_back(t * batch + b);
    return m(Eigen::indexing::all, columns);
}
/// Sequences `which` of a batch, in that order, each with what is its own.
inline LayerInputs pick(LayerInputs in, const std::vector<bptt::Index>& which) {
    const bptt::Index batch = std::ssize(in.lengths);
    const std::vector<bptt::Index> lengths = std::exchange(in.lengths, {});
    for (const bptt::Index b : which) in.lengths.push_back(lengths[static_cast<std::size_t>(b)]);
    in.x = pick(in.x, batch, which);
    for (auto* all : {&in.s0, &in.dy, &in.dsT})
        for (auto& m : *all) m = pick(m, batch, which);
    return in;
}
inline bool is_of_param(const std::string& name) { return name.starts_with("d.") && !name.starts_with("d.s0."); }
inline LayerOutputs pick(LayerOutputs from, bptt::Index batch, const std::vector<bptt::Index>& which) {
    for (auto& [name, m] : from)
        if (!is_of_param(name)) m = pick(m, batch, which);
    return from;
}

/// Whatever a layer computes for a batch of unequal lengths, it computes for each sequence alone; padding is not there.
inline void check_lengths(const std::function<LayerOutputs(const LayerInputs&)>& run, LayerInputs in) {
    CAPTURE(in);
    const bptt::Index batch = std::ssize(in.lengths);
    const auto set_padding = [&](double value) {
        for (bptt::Index b = 0; b < batch; ++b)
            for (bptt::Index t = in.lengths[static_cast<std::size_t>(b)]; t < in.x.cols() / batch; ++t)
                in.x.col(t * batch + b).setConstant(value);
    };
    set_padding(7.5);
    const LayerOutputs together = run(in);
    set_padding(std::numeric_limits<double>::quiet_NaN());
    check_near(run(in), together, 0);

    LayerOutputs sums;
    for (bptt::Index b = 0; b < batch; ++b) {
        LayerOutputs alone = run(pick(in, {b})), own = pick(together, batch, {b});
        for (auto& [name, m] : alone) {
            auto& expected = own.at(name);
            if (is_of_param(name)) {
                sums.try_emplace(name, bptt::Mat<double>::Zero(m.rows(), m.cols())).first->second += m;
                expected = m;
            }
            const bptt::Index had = m.cols();  // beyond it all is zero in a batch of longer ones
            m.conservativeResize(Eigen::NoChange, expected.cols());
            m.rightCols(m.cols() - had).setZero();
        }
        check_near(own, alone, 1e-12);
    }
    check_near(together, sums, 1e-12);

    std::vector<bptt::Index> order(in.lengths.size());
    std::iota(order.begin(), order.end(), 0);
    std::rotate(order.begin(), order.begin() + 1, order.end());
    std::swap(order.front(), order.back());
    check_near(run(pick(in, order)), pick(together, batch, order), 1e-12);
}

/// For a layer of 3 inputs, with lengths in several orders, of zero and one among them, and all zero.
template <class L> void check_lengths(L layer) {
    bptt::Rng rng(1);
    randomise(layer, rng);
    const std::vector<bptt::Index> cases[] = {{5, 5, 3, 1, 0}, {0, 1, 3, 4, 4}, {2, 5, 0, 3, 1}, {4, 4, 4}, {1, 0}, {0, 0, 0}};
    for (const auto& lengths : cases)
        check_lengths([&](const LayerInputs& in) { return run_layer(layer, in); }, random_inputs(layer, 3, lengths, rng));
}
