#pragma once

#include "bptt/cells/fused.hpp"
#include "bptt/core/init.hpp"
#include "bptt/kernels/rnn.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"

namespace bptt {

namespace detail {
template <Activation A> using KernelActivation =
    std::conditional_t<A == Activation::tanh, kernels::Tanh,
                       std::conditional_t<A == Activation::relu, kernels::Relu, kernels::Identity>>;
}  // namespace detail

/// The vanilla RNN (Elman 1990): h_t = φ(Wx x_t + Wh h_{t−1} + b).
template <class T, Activation A = Activation::tanh> struct Rnn {
    using Scalar = T;
    template <class V> using State = HiddenState<V>;

    Param<T> Wx, Wh, b;  // H×inputs, H×H, H×1

    /// Wx glorot, Wh orthogonal, b zero.
    Rnn(Index inputs, Index outputs, Rng& rng) {
        check_sizes("Rnn", inputs, outputs);
        Wx = glorot_uniform<T>(outputs, inputs, rng);
        Wh = orthogonal<T>(outputs, rng);
        b = Param<T>(outputs, 1);
    }
    static void params(auto& m, auto&& f) {
        f("Wx", m.Wx);
        f("Wh", m.Wh);
        f("b", m.b);
    }
    Index inputs() const { return Wx.cols(); }
    Index hidden() const { return Wh.cols(); }
    /// Beside Wx, Wh and b.
    kernels::Extra<const Param<T>*> extra_params() const { return {}; }

    State<Var<T>> step(Var<T> x, State<Var<T>> s) const {
        detail::check_step("Rnn", *this, x, s);
        return {activate<A>(Wx * x + Wh * s.h + b)};
    }
};

template <class T, Activation A> struct KernelOf<Rnn<T, A>> { using type = kernels::Rnn<T, detail::KernelActivation<A>>; };

}  // namespace bptt
