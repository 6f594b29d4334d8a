#pragma once

#include <algorithm>

#include "bptt/cells/layer_norm_lstm.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/live/stream.hpp"
#include "support/params.hpp"
#include "support/random.hpp"

/// A layer with random parameters that floats hold exactly.
template <class L> L of_floats(L layer, bptt::Rng& rng, double scale = 0.4) {
    randomise(layer, rng, scale);
    bptt::for_each_param(
        layer, [](std::string_view, auto& p) { p.value = p.value.template cast<float>().template cast<typename L::Scalar>(); });
    return layer;
}

/// A user's own cell, which has no step but that on a tape.
template <class T> struct OwnCell : bptt::LayerNormLstm<T> { using bptt::LayerNormLstm<T>::LayerNormLstm; };

/// A textbook step of a cell, or a step of any other layer by unroll(), on a tape.
template <class L> class Textbook {
public:
    using T = typename L::Scalar;
    Textbook(const L& layer, bptt::Index voices) : layer_(layer), state(zero_state(layer, voices)) {}

    bptt::Mat<T> step(const bptt::Mat<float>& x) {
        tape_.clear();
        const typename bptt::Tape<T>::Pause pause(tape_);
        const auto in = tape_.constant(x.cast<T>());
        if constexpr (bptt::Cell<L>) {
            const auto next = layer_.step(in, lift(tape_, state));
            values(next, state);
            return next.h.value();
        } else {
            const auto y = unroll(layer_, sequence(in, x.cols()), state);
            values(final_state(y), state);
            return y.h.all.value();
        }
    }

private:
    const L& layer_;
    bptt::Tape<T> tape_;

public:
    bptt::StateOf<L, bptt::Mat<T>> state;
};

/// A signal with a memory, as sound has: inputs × voices, the next of a random walk within −1..1.
inline void walk(bptt::Mat<float>& x, bptt::Rng& rng) {
    for (float& one : x.reshaped()) one = std::clamp(one + static_cast<float>(rng.uniform(-0.3, 0.3)), -1.0f, 1.0f);
}

/// The greatest difference of a stream's outputs from the textbook's, over so many steps of a random signal.
template <class L> double difference(const L& layer, auto& live, int steps, bptt::Rng& rng) {
    Textbook<L> textbook(layer, live.voices());
    bptt::Mat<float> x = bptt::Mat<float>::Zero(live.inputs(), live.voices());
    double worst = 0;
    for (int t = 0; t < steps; ++t) {
        walk(x, rng);
        const bptt::Mat<double> y = live.step(x).template cast<double>();
        const double off = (y - textbook.step(x).template cast<double>()).cwiseAbs().maxCoeff();
        worst = off <= worst ? worst : off;  // NaN is worst
    }
    return worst;
}
