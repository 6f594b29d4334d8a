#pragma once

#include <array>

#include "bptt/cells/unroll.hpp"
#include "bptt/core/init.hpp"
#include "bptt/kernels/lstm.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

/// The initial biases of the gates i, f and o; that of g is 0.
struct LstmOptions {
    double input_bias = 0, forget_bias = 1, output_bias = 0;
};

namespace detail {
template <class T, Peephole P> struct Peepholes {
    Param<T> Pi, Pf, Po;  // H×1; full: H×H
};
template <class T> struct Peepholes<T, Peephole::none> {};
}  // namespace detail

/// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000):
///   i, f, o = σ(W x_t + U h_{t−1} + b),  g = tanh(W x_t + U h_{t−1} + b),
///   c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(c_t);
/// with peepholes P ⊙ c (full: P c) is added inside the σ of i, f and o.
template <class T, Peephole P = Peephole::none> struct Lstm : detail::Peepholes<T, P> {
    using Scalar = T;
    template <class V> using State = LstmState<V>;

    Param<T> Wx, Wh, b;  // 4H×inputs, 4H×H, 4H×1; row blocks i, f, g, o

    /// Wx glorot, Wh orthogonal, both gate by gate; peepholes zero.
    Lstm(Index inputs, Index units, Rng& rng, LstmOptions options = {}) {
        detail::check_sizes("Lstm", inputs, units);
        Wx = row_blocks<T>(4, [&] { return glorot_uniform<T>(units, inputs, rng); });
        Wh = row_blocks<T>(4, [&] { return orthogonal<T>(units, rng); });
        b = Param<T>(4 * units, 1);
        b.value.middleRows(0 * units, units).setConstant(static_cast<T>(options.input_bias));
        b.value.middleRows(1 * units, units).setConstant(static_cast<T>(options.forget_bias));
        b.value.middleRows(3 * units, units).setConstant(static_cast<T>(options.output_bias));
        if constexpr (P != Peephole::none)
            for (Param<T>* p : {&this->Pi, &this->Pf, &this->Po}) *p = Param<T>(units, P == Peephole::full ? units : 1);
    }
    static void params(auto& m, auto&& f) {
        f("Wx", m.Wx);
        f("Wh", m.Wh);
        f("b", m.b);
        if constexpr (P != Peephole::none) {
            f("Pi", m.Pi);
            f("Pf", m.Pf);
            f("Po", m.Po);
        }
    }
    Index inputs() const { return Wx.cols(); }
    Index units() const { return Wh.cols(); }
    Index outputs() const { return units(); }
    /// The peephole weights Pi, Pf and Po, or nothing. The kernel reads them besides Wx, Wh and b.
    kernels::ExtraParams<const Param<T>*> extra_params() const {
        if constexpr (P == Peephole::none)
            return {};
        else
            return {&this->Pi, &this->Pf, &this->Po};
    }

    struct Gates {
        Var<T> i, f, g, o;
        Var<T> c;  // the new cell state c_t, which o reads with Peephole::current
        static constexpr std::array names = {"i", "f", "g", "o", "c"};
        static constexpr auto candidate_gate = "g";
    };
    /// step() in two halves, with the gates between them: step(x, s) is update(gates(x, s), s).
    Gates gates(Var<T> x, State<Var<T>> s) const {
        detail::check_step("Lstm", *this, x, s);
        auto [i, f, g, o] = split<4>(Wx * x + Wh * s.h + b);
        if constexpr (P != Peephole::none) {
            i = i + peep(this->Pi, s.c);
            f = f + peep(this->Pf, s.c);
        }
        i = sigmoid(i), f = sigmoid(f), g = tanh(g);
        const auto c = f % s.c + i % g;
        if constexpr (P != Peephole::none) o = o + peep(this->Po, P == Peephole::current ? c : s.c);
        return {i, f, g, sigmoid(o), c};
    }
    State<Var<T>> update(Gates gate, State<Var<T>>) const { return {gate.o % tanh(gate.c), gate.c}; }
    State<Var<T>> step(Var<T> x, State<Var<T>> s) const { return update(gates(x, s), s); }

private:
    static Var<T> peep(const Param<T>& p, Var<T> c) {
        if constexpr (P == Peephole::full)
            return p * c;
        else
            return p % c;
    }
};

template <class T, Peephole P> struct KernelOf<Lstm<T, P>> { using type = kernels::Lstm<T, P>; };

#ifdef BPTT_INSTANCE
BPTT_UNROLL(Lstm, Peephole::none)
BPTT_UNROLL(Lstm, Peephole::current)
BPTT_UNROLL(Lstm, Peephole::previous)
BPTT_UNROLL(Lstm, Peephole::full)
#endif

}  // namespace bptt
