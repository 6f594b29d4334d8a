#pragma once

#include <functional>
#include <limits>
#include <numeric>

#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"
#include "catch.hpp"
#include "support/layers.hpp"
#include "support/shapes.hpp"

/// Sequences `which` of a batch, in that order, each with what is its own.
inline LayerInputs pick(const LayerInputs& in, const std::vector<bptt::Index>& which) {
    const auto batch = static_cast<bptt::Index>(in.lengths.size()), steps = in.x.cols() / batch;
    std::vector<bptt::Index> columns, lengths;
    for (const bptt::Index b : which) lengths.push_back(in.lengths[static_cast<std::size_t>(b)]);
    for (bptt::Index t = 0; t < steps; ++t)
        for (const bptt::Index b : which) columns.push_back(t * batch + b);
    LayerInputs out{in.x(Eigen::indexing::all, columns), lengths, {}, in.dy(Eigen::indexing::all, columns), {}};
    for (const auto& m : in.s0) out.s0.push_back(m(Eigen::indexing::all, which));
    for (const auto& m : in.dsT) out.dsT.push_back(m(Eigen::indexing::all, which));
    return out;
}
inline LayerOutputs pick(const LayerOutputs& from, bptt::Index batch, const std::vector<bptt::Index>& which) {
    const auto rectangle = [&](const bptt::Mat<double>& m) {
        std::vector<bptt::Index> columns;
        for (bptt::Index t = 0; t < m.cols() / batch; ++t)
            for (const bptt::Index b : which) columns.push_back(t * batch + b);
        return bptt::Mat<double>(m(Eigen::indexing::all, columns));
    };
    LayerOutputs out{rectangle(from.y), rectangle(from.dx), {}, {}, from.dparams};
    for (const auto& m : from.sT) out.sT.push_back(m(Eigen::indexing::all, which));
    for (const auto& m : from.ds0) out.ds0.push_back(m(Eigen::indexing::all, which));
    return out;
}

/// The largest difference between two results; y may be shorter in one, and must then be zero in the other.
inline double difference(const LayerOutputs& a, const LayerOutputs& b) {
    double worst = 0;
    const auto compare = [&](const bptt::Mat<double>& m, const bptt::Mat<double>& n) {
        const bptt::Index common = std::min(m.cols(), n.cols());
        worst = std::max(worst, distance(m.leftCols(common), n.leftCols(common)));
        worst =
            std::max({worst, m.rightCols(m.cols() - common).cwiseAbs().sum(), n.rightCols(n.cols() - common).cwiseAbs().sum()});
    };
    compare(a.y, b.y);
    compare(a.dx, b.dx);
    for (std::size_t k = 0; k < a.sT.size(); ++k) compare(a.sT[k], b.sT[k]), compare(a.ds0[k], b.ds0[k]);
    for (const auto& [name, grad] : a.dparams) compare(grad, b.dparams.at(name));
    return worst;
}

/// Whatever a layer computes for a batch of unequal lengths, it computes for each sequence alone; padding is not there.
inline void check_lengths(const std::function<LayerOutputs(const LayerInputs&)>& run, LayerInputs in) {
    const auto batch = static_cast<bptt::Index>(in.lengths.size());
    const auto set_padding = [&](double value) {
        for (bptt::Index b = 0; b < batch; ++b)
            for (bptt::Index t = in.lengths[static_cast<std::size_t>(b)]; t < in.x.cols() / batch; ++t)
                in.x.col(t * batch + b).setConstant(value);
    };
    set_padding(7.5);
    const LayerOutputs together = run(in);
    set_padding(std::numeric_limits<double>::quiet_NaN());
    const LayerOutputs padded_with_nan = run(in);
    CHECK(difference(together, padded_with_nan) == 0);

    std::map<std::string, bptt::Mat<double>> dparams;
    for (bptt::Index b = 0; b < batch; ++b) {
        LayerOutputs alone = run(pick(in, {b})), own = pick(together, batch, {b});
        for (auto& [name, grad] : alone.dparams) {
            auto& sum = dparams[name];
            sum = sum.size() ? bptt::Mat<double>(sum + grad) : grad;
        }
        own.dparams = alone.dparams;
        CHECK(difference(own, alone) < 1e-12);
    }
    for (const auto& [name, sum] : dparams) CHECK(distance(sum, together.dparams.at(name)) < 1e-12);

    std::vector<bptt::Index> order(in.lengths.size());
    std::iota(order.begin(), order.end(), 0);
    std::rotate(order.begin(), order.begin() + 1, order.end());
    std::swap(order.front(), order.back());
    CHECK(difference(run(pick(in, order)), pick(together, batch, order)) < 1e-12);
}

/// For a layer of 3 inputs, with lengths in several orders, of zero and one among them, and all zero.
template <class L> void check_lengths(L layer) {
    bptt::Rng rng(1);
    bptt::for_each_param(layer, [&](std::string_view, auto& p) { p.value = random_mat(p.rows(), p.cols(), rng); });
    const std::vector<bptt::Index> cases[] = {{5, 5, 3, 1, 0}, {0, 1, 3, 4, 4}, {2, 5, 0, 3, 1}, {4, 4, 4}, {1, 0}, {0, 0, 0}};
    for (const auto& lengths : cases)
        check_lengths([&](const LayerInputs& in) { return run_layer(layer, in); }, random_inputs(layer, 3, lengths, rng));
}

/// The cell, alone and in a stack of both directions.
template <class C> void check_cell_lengths() {
    bptt::Rng rng(2);
    check_lengths(C(3, 4, rng));
    check_lengths(bptt::Stacked<bptt::Bidirectional<C>>(3, 4, 2, rng));
}
