#pragma once

#include "bptt/cells/cell.hpp"
#include "bptt/core/init.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"

/// A user's own cell: minimal gated unit (Zhou et al. 2016). It has neither inputs() nor a zero_state of its own.
struct Mgu {
    using Scalar = double;
    template <class V> using State = bptt::HiddenState<V>;
    bptt::Param<double> Wf, Uf, bf, Wh, Uh, bh;

    Mgu(bptt::Index inputs, bptt::Index outputs, bptt::Rng& rng) : bf(outputs, 1), bh(outputs, 1) {
        for (auto* W : {&Wf, &Wh}) *W = bptt::glorot_uniform<double>(outputs, inputs, rng);
        for (auto* U : {&Uf, &Uh}) *U = bptt::orthogonal<double>(outputs, rng);
    }
    static void params(auto& m, auto&& f) {
        f("Wf", m.Wf), f("Uf", m.Uf), f("bf", m.bf), f("Wh", m.Wh), f("Uh", m.Uh), f("bh", m.bh);
    }
    bptt::Index units() const { return Uf.rows(); }
    State<bptt::Var<double>> step(bptt::Var<double> x, State<bptt::Var<double>> s) const {
        const auto f = sigmoid(Wf * x + Uf * s.h + bf);
        const auto g = tanh(Wh * x + Uh * (f % s.h) + bh);
        return {(1 - f) % s.h + f % g};
    }
};
