#pragma once

#include "bptt/ops/shape.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "support/layers.hpp"

/// gradcheck() of a layer over in.x from in.s0, compiled once, with random cotangents on all that comes out.
inline auto gradcheck_any(const AnyLayer<double>& layer, AnyModel model, const LayerInputs& in) {
    std::vector<bptt::Param<double>> start(in.s0.begin(), in.s0.end());
    for (std::size_t k = 0; k < start.size(); ++k) model.all.emplace_back("s0." + std::to_string(k), &start[k]);
    const auto run = [&](bptt::Var<double> x) {
        std::vector<bptt::Var<double>> s0, out;
        for (const auto& p : start) s0.push_back(x.tape().watch(p));
        const auto found = layer(sequence(x, std::ssize(in.lengths), in.lengths), s0);
        for (const auto& y : found.y) out.push_back(reshape(y.all, 1, y.all.size()));
        for (const auto& v : found.sT) out.push_back(reshape(v, 1, v.size()));
        return concat_cols(std::span<const bptt::Var<double>>(out));
    };
    return bptt::gradcheck(model, run, in.x);
}

template <class L, class How = decltype(by_unroll)>
auto gradcheck_layer(L& layer, bptt::Index inputs, std::vector<bptt::Index> lengths, bptt::Rng& rng, How how = {}) {
    return gradcheck_any(any_layer(layer, how), {params_of(layer)}, random_inputs(layer, inputs, std::move(lengths), rng));
}

/// Gradient checks of cells of several sizes and random weights, over equal and unequal lengths, an empty sequence among them.
template <class C> void check_gradients(bptt::Rng& rng) {
    struct Case {
        bptt::Index inputs, units;
        std::vector<bptt::Index> lengths;
    };
    for (const auto& [inputs, units, lengths] : {Case{1, 1, {1}},
                                                 {3, 4, {3, 3}},
                                                 {2, 9, {4, 0, 3}},
                                                 {5, 7, {2, 5}},
                                                 {4, 8, {0, 1, 3, 3}},
                                                 {9, 2, {3, 3, 3, 3, 3}},
                                                 {3, 17, {3, 3}}}) {
        C cell(inputs, units, rng);
        randomise(cell, rng, 0.7);
        CAPTURE(inputs, units, lengths);
        CHECK(gradcheck_layer(cell, inputs, lengths, rng));
    }
}

/// h of every step, H × (steps·batch).
template <class C>
bptt::Mat<double> run_cell(const C& cell, const bptt::Mat<double>& x, const bptt::StateOf<C, bptt::Mat<double>>& s0) {
    bptt::Tape<double> tape;
    const bptt::Index batch = s0.h.cols();
    return unroll(cell, sequence(tape.constant(x), batch), lift(tape, s0)).h.all.value();
}
