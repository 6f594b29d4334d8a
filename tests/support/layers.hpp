#pragma once

#include <map>
#include <string>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/random.hpp"

/// A batch to run a layer on, and cotangents of all that comes out.
struct LayerInputs {
    bptt::Mat<double> x;                 // inputs × (steps·batch), the user's order
    std::vector<bptt::Index> lengths;    // of each sequence
    std::vector<bptt::Mat<double>> s0;   // by field
    bptt::Mat<double> dy;                // (output × (steps·batch))
    std::vector<bptt::Mat<double>> dsT;  // by field
};

struct LayerOutputs {
    bptt::Mat<double> y, dx;
    std::vector<bptt::Mat<double>> sT, ds0;
    std::map<std::string, bptt::Mat<double>> dparams;
};

/// Forward, and backward of L = Σ dy ⊙ y + Σ dsT ⊙ sT.
template <class L> LayerOutputs run_layer(L& layer, const LayerInputs& in) {
    using T = typename L::Scalar;
    const auto batch = static_cast<bptt::Index>(in.lengths.size());
    bptt::Tape<T> tape;
    const auto x = tape.variable(in.x.template cast<T>());
    const auto s0 = map_state(bptt::zero_state(layer, batch), [&, k = std::size_t{0}](const bptt::Mat<T>&) mutable {
        return tape.variable(in.s0.at(k++).template cast<T>());
    });
    const auto y = unroll(layer, sequence(x, batch, in.lengths), s0);
    const auto h = padded(y.h);
    const auto sT = final_state(y);
    LayerOutputs out;
    auto loss = sum(h % tape.constant(in.dy.leftCols(h.cols()).template cast<T>()));
    for_each_field(sT, [&](const bptt::Var<T>& v) {
        loss = loss + sum(v % tape.constant(in.dsT.at(out.sT.size()).template cast<T>()));
        out.sT.push_back(v.value().template cast<double>());
    });
    bptt::for_each_param(layer, [](std::string_view, auto& p) { p.grad.setZero(p.rows(), p.cols()); });
    backward(loss);
    out.y = h.value().template cast<double>();
    out.dx = x.grad().template cast<double>();
    for_each_field(s0, [&](const bptt::Var<T>& v) { out.ds0.push_back(v.grad().template cast<double>()); });
    bptt::for_each_param(
        layer, [&](std::string_view name, const auto& p) { out.dparams[std::string(name)] = p.grad.template cast<double>(); });
    return out;
}

/// Random everything for a layer that gives `outputs` features; steps = the longest length.
template <class L>
LayerInputs random_inputs(const L& layer, bptt::Index inputs, std::vector<bptt::Index> lengths, bptt::Rng& rng) {
    const auto batch = static_cast<bptt::Index>(lengths.size());
    const bptt::Index columns = batch * std::ranges::max(lengths);
    LayerInputs in{random_mat(inputs, columns, rng),
                   std::move(lengths),
                   {},
                   random_mat(bptt::detail::outputs_of(layer), columns, rng),
                   {}};
    const auto zeros = bptt::zero_state(layer, batch);
    for_each_field(zeros, [&](const auto& m) {
        in.s0.push_back(random_mat(m.rows(), batch, rng));
        in.dsT.push_back(random_mat(m.rows(), batch, rng));
    });
    return in;
}
