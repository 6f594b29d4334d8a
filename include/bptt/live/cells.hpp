#pragma once

#include "bptt/cells/gru.hpp"
#include "bptt/cells/layer_norm_lstm.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/live/pack.hpp"
#include "bptt/nets/linear.hpp"

namespace bptt::live {

// The step of each kind of layer, and how its weights are packed.

template <class L> struct StepOf { using type = void; };
template <class T, bptt::Activation A> struct StepOf<bptt::Rnn<T, A>> { using type = Rnn<static_cast<Activation>(A)>; };
template <class T, bptt::Peephole P> struct StepOf<bptt::Lstm<T, P>> { using type = Lstm<static_cast<Peephole>(P)>; };
template <class T> struct StepOf<bptt::Gru<T, Reset::after>> { using type = GruAfter; };
template <class T> struct StepOf<bptt::Gru<T, Reset::before>> { using type = GruBefore; };
template <class T> struct StepOf<bptt::LayerNormLstm<T>> { using type = LayerNormLstm; };
template <class T> struct StepOf<bptt::Linear<T>> { using type = Linear; };
static_assert(static_cast<Activation>(bptt::Activation::relu) == Activation::relu &&
              static_cast<Activation>(bptt::Activation::identity) == Activation::identity);
static_assert(static_cast<Peephole>(bptt::Peephole::current) == Peephole::current &&
              static_cast<Peephole>(bptt::Peephole::previous) == Peephole::previous &&
              static_cast<Peephole>(bptt::Peephole::full) == Peephole::full);

/// A parameter as floats.
template <class T> auto floats(const Param<T>& p) {
    return [&m = p.value](int i, int j) { return static_cast<float>(m(i, j)); };
}

/// Packs a layer for its step; how: of a Linear, the activation that follows.
template <class L, class S, class N> void pack_layer(const L& layer, const N& n, Packer<S> to, auto... how) {
    const typename StepOf<L>::type step;
    if constexpr (requires { layer.W; })
        pack(step, n, to, floats(layer.W), floats(layer.b), how...);
    else if constexpr (requires { layer.bh; })
        pack(step, n, to, floats(layer.Wx), floats(layer.Wh), floats(layer.b), floats(layer.bh));
    else if constexpr (requires { layer.gx; })
        pack(step, n, to, floats(layer.Wx), floats(layer.Wh), floats(layer.b), floats(layer.gx), floats(layer.gh),
             floats(layer.gc), floats(layer.bc));
    else if constexpr (requires { layer.Pi; })
        pack(step, n, to, floats(layer.Wx), floats(layer.Wh), floats(layer.b), floats(layer.Pi), floats(layer.Pf),
             floats(layer.Po));
    else
        pack(step, n, to, floats(layer.Wx), floats(layer.Wh), floats(layer.b));
}

}  // namespace bptt::live
