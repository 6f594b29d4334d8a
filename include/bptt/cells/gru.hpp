#pragma once

#include <array>

#include "bptt/cells/unroll.hpp"
#include "bptt/core/init.hpp"
#include "bptt/kernels/gru.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

namespace detail {
template <class T, Reset R> struct ResetBias {};
template <class T> struct ResetBias<T, Reset::after> {
    Param<T> bh;  // H×1, added to U h_{t−1} before the product with r
};
}  // namespace detail

/// Gated recurrent unit with the reset before the product (Cho et al. 2014); Gru<T, Reset::after> as PyTorch, Keras, cuDNN:
///   r, u = σ(W x_t + U h_{t−1} + b),
///   n = tanh(W x_t + U (r ⊙ h_{t−1}) + b)          reset before
///   n = tanh(W x_t + r ⊙ (U h_{t−1} + bh) + b)     reset after
///   h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}.
template <class T, Reset R = Reset::before> struct Gru : detail::ResetBias<T, R> {
    using Scalar = T;
    template <class V> using State = HiddenState<V>;

    Param<T> Wx, Wh, b;  // 3H×inputs, 3H×H, 3H×1; row blocks r, u, n

    /// Wx glorot, Wh orthogonal, both gate by gate; biases zero.
    Gru(Index inputs, Index units, Rng& rng) {
        detail::check_sizes("Gru", inputs, units);
        Wx = row_blocks<T>(3, [&] { return glorot_uniform<T>(units, inputs, rng); });
        Wh = row_blocks<T>(3, [&] { return orthogonal<T>(units, rng); });
        b = Param<T>(3 * units, 1);
        if constexpr (R == Reset::after) this->bh = Param<T>(units, 1);
    }
    static void params(auto& m, auto&& f) {
        f("Wx", m.Wx);
        f("Wh", m.Wh);
        f("b", m.b);
        if constexpr (R == Reset::after) f("bh", m.bh);
    }
    Index inputs() const { return Wx.cols(); }
    Index units() const { return Wh.cols(); }
    Index outputs() const { return units(); }
    /// The bias bh if the reset gate comes after the product, or nothing. The kernel reads it besides Wx, Wh and b.
    kernels::ExtraParams<const Param<T>*> extra_params() const {
        if constexpr (R == Reset::after)
            return {&this->bh};
        else
            return {};
    }

    struct Gates {
        Var<T> r, u, n;
        static constexpr std::array names = {"r", "u", "n"};
        static constexpr auto candidate_gate = "n";
    };
    /// step() in two halves, with the gates between them: step(x, s) is update(gates(x, s), s).
    Gates gates(Var<T> x, State<Var<T>> s) const {
        detail::check_step("Gru", *this, x, s);
        const auto [xr, xu, xn] = split<3>(Wx * x + b);
        if constexpr (R == Reset::after) {
            const auto [hr, hu, hn] = split<3>(Wh * s.h);
            const auto r = sigmoid(xr + hr);
            return {r, sigmoid(xu + hu), tanh(xn + r % (hn + this->bh))};
        } else {
            const auto U = [&](Index gate, Var<T> h) { return multiply_rows(x.tape().watch(Wh), gate * units(), units(), h); };
            const auto r = sigmoid(xr + U(0, s.h));
            return {r, sigmoid(xu + U(1, s.h)), tanh(xn + U(2, r % s.h))};
        }
    }
    State<Var<T>> update(Gates gate, State<Var<T>> s) const { return {(1 - gate.u) % gate.n + gate.u % s.h}; }
    State<Var<T>> step(Var<T> x, State<Var<T>> s) const { return update(gates(x, s), s); }
};

template <class T, Reset R> struct KernelOf<Gru<T, R>> { using type = kernels::Gru<T, R>; };

#ifdef BPTT_INSTANCE
BPTT_UNROLL(Gru, Reset::before)
BPTT_UNROLL(Gru, Reset::after)
#endif

}  // namespace bptt
