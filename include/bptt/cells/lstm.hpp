#pragma once

#include "bptt/cells/cell.hpp"
#include "bptt/core/init.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

/// What the gates' biases start with.
struct LstmOptions {
    double input_bias = 0, forget_bias = 1, output_bias = 0;
};

/// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000):
///   i, f, o = σ(W x_t + U h_{t−1} + b),  g = tanh(W x_t + U h_{t−1} + b),
///   c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(c_t).
template <class T> struct Lstm {
    using Scalar = T;
    template <class V> using State = LstmState<V>;

    Param<T> Wx, Wh, b;  // 4H×inputs, 4H×H, 4H×1; row blocks i, f, g, o

    /// Wx glorot, Wh orthogonal, both gate by gate.
    Lstm(Index inputs, Index outputs, Rng& rng, LstmOptions options = {}) {
        check_sizes("Lstm", inputs, outputs);
        Wx = row_blocks<T>(4, [&] { return glorot_uniform<T>(outputs, inputs, rng); });
        Wh = row_blocks<T>(4, [&] { return orthogonal<T>(outputs, rng); });
        b = Param<T>(4 * outputs, 1);
        b.value.middleRows(0 * outputs, outputs).setConstant(static_cast<T>(options.input_bias));
        b.value.middleRows(1 * outputs, outputs).setConstant(static_cast<T>(options.forget_bias));
        b.value.middleRows(3 * outputs, outputs).setConstant(static_cast<T>(options.output_bias));
    }
    static void params(auto& m, auto&& f) {
        f("Wx", m.Wx);
        f("Wh", m.Wh);
        f("b", m.b);
    }
    Index inputs() const { return Wx.cols(); }
    Index hidden() const { return Wh.cols(); }

    struct Gates {
        Var<T> i, f, g, o;
    };
    Gates gates(Var<T> x, State<Var<T>> s) const {
        const auto [i, f, g, o] = split<4>(Wx * x + Wh * s.h + b);
        return {sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)};
    }
    State<Var<T>> update(Gates gate, State<Var<T>> s) const {
        const auto c = gate.f % s.c + gate.i % gate.g;
        return {gate.o % tanh(c), c};
    }
    State<Var<T>> step(Var<T> x, State<Var<T>> s) const { return update(gates(x, s), s); }
};

}  // namespace bptt
