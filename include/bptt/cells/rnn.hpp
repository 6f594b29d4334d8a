#pragma once

#include "bptt/cells/unroll.hpp"
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
    Rnn(Index inputs, Index units, Rng& rng) {
        detail::check_sizes("Rnn", inputs, units);
        Wx = glorot_uniform<T>(units, inputs, rng);
        Wh = orthogonal<T>(units, rng);
        b = Param<T>(units, 1);
    }
    BPTT_PARAMS(Wx, Wh, b)
    Index inputs() const { return Wx.cols(); }
    Index units() const { return Wh.cols(); }
    Index outputs() const { return units(); }
    /// Nothing: the kernel reads only Wx, Wh and b.
    kernels::ExtraParams<const Param<T>*> extra_params() const { return {}; }

    State<Var<T>> step(Var<T> x, State<Var<T>> s) const {
        detail::check_step("Rnn", *this, x, s);
        return {activate<A>(Wx * x + Wh * s.h + b)};
    }
};

template <class T, Activation A> struct KernelOf<Rnn<T, A>> { using type = kernels::Rnn<T, detail::KernelActivation<A>>; };

#ifdef BPTT_INSTANCE
BPTT_UNROLL(Rnn, Activation::tanh)
BPTT_UNROLL(Rnn, Activation::relu)
BPTT_UNROLL(Rnn, Activation::identity)
#endif

}  // namespace bptt
