#pragma once

#include <array>

#include "bptt/cells/unroll.hpp"
#include "bptt/core/init.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/normalize.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

/// An LSTM with layer normalisation (Ba et al. 2016, equations 20 to 22); N(x): each column with mean 0 and variance 1:
///   i, f, o = σ(z),  g = tanh(z),  z = gx ⊙ N(W x_t) + gh ⊙ N(U h_{t−1}) + b,
///   c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(gc ⊙ N(c_t) + bc).
/// N is over the rows of all four gates together.
template <class T> struct LayerNormLstm {
    using Scalar = T;
    template <class V> using State = LstmState<V>;

    Param<T> Wx, Wh, gx, gh, b;  // 4H×inputs, 4H×H, 4H×1; row blocks i, f, g, o
    Param<T> gc, bc;             // H×1

    /// Wx glorot, Wh orthogonal, both gate by gate; gx, gh and gc ones; b and bc zeros, but 1 for the forget gate.
    LayerNormLstm(Index inputs, Index units, Rng& rng) {
        detail::check_sizes("LayerNormLstm", inputs, units);
        Wx = row_blocks<T>(4, [&] { return glorot_uniform<T>(units, inputs, rng); });
        Wh = row_blocks<T>(4, [&] { return orthogonal<T>(units, rng); });
        for (Param<T>* p : {&gx, &gh, &b}) *p = Param<T>(4 * units, 1);
        for (Param<T>* p : {&gc, &bc}) *p = Param<T>(units, 1);
        for (Param<T>* p : {&gx, &gh, &gc}) p->value.setOnes();
        b.value.middleRows(units, units).setOnes();
    }
    BPTT_PARAMS(Wx, Wh, gx, gh, b, gc, bc)
    Index inputs() const { return Wx.cols(); }
    Index units() const { return Wh.cols(); }
    Index outputs() const { return units(); }

    struct Gates {
        Var<T> i, f, g, o;
        static constexpr std::array names = {"i", "f", "g", "o"};
        static constexpr auto candidate_gate = "g";
    };
    /// step() in two halves, with the gates between them: step(x, s) is update(gates(x, s), s).
    Gates gates(Var<T> x, State<Var<T>> s) const {
        detail::check_step("LayerNormLstm", *this, x, s);
        const auto [i, f, g, o] = split<4>(gx % layer_norm(Wx * x) + gh % layer_norm(Wh * s.h) + b);
        return {sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)};
    }
    State<Var<T>> update(Gates gate, State<Var<T>> s) const {
        const auto c = gate.f % s.c + gate.i % gate.g;
        return {gate.o % tanh(gc % layer_norm(c) + bc), c};
    }
    State<Var<T>> step(Var<T> x, State<Var<T>> s) const { return update(gates(x, s), s); }
};

}  // namespace bptt
