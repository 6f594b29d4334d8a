#pragma once

#include <span>
#include <utility>

#include "bptt/models/encoder_decoder.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/decoder.hpp"

namespace bptt {

/// An encoder-decoder with attention (Bahdanau et al. 2015): both directions of the encoder give the keys, s_0 = tanh(W ←h_1 +
/// b), and the logits come from (y_{i−1}, s_i, c_i).
template <Cell C> struct AttentionEncoderDecoder {
    using Scalar = typename C::Scalar;
    using T = Scalar;

    Embedding<T> source, target;
    Bidirectional<C> encoder;
    Linear<T> bridge;
    AttentionDecoder<C> decoder;
    Linear<T> head;

    /// The attention has as many units as the decoder.
    AttentionEncoderDecoder(EncoderDecoderSizes n, Rng& rng)
        : source(detail::checked("AttentionEncoderDecoder", n).sources, n.features, rng),
          target(n.targets, n.features, rng),
          encoder(n.features, n.units, rng),
          bridge(n.units, n.units, rng),
          decoder(n.features, 2 * n.units, n.units, n.units, rng),
          head(n.features + 3 * n.units, n.targets, rng) {}
    BPTT_PARAMS(source, target, encoder, bridge, decoder, head)

    /// As EncoderDecoder's.
    Sequence<T> operator()(Tape<T>& tape, const Tokens& sources, const Tokens& words) const& {
        return detail::force("AttentionEncoderDecoder: words", *this, tape, sources, words);
    }
    Sequence<T> operator()(Tape<T>& tape, const Tokens& sources, const Tokens& words) const&& = delete;
    SourceWriter<AttentionEncoderDecoder> read(const Tokens& sources) const& { return {*this, sources}; }
    SourceWriter<AttentionEncoderDecoder> read(const Tokens& sources) const&& = delete;  // it would refer to a dead model

    /// The keys and s_0.
    struct Encoded {
        Sequence<T> keys;
        StateOf<C, Var<T>> start;
    };
    Encoded encode(Tape<T>& tape, const Tokens& sources) const {
        detail::check_tokens("AttentionEncoderDecoder: sources", sources, source.E.cols());
        const auto y = unroll(encoder, source(tape, sources));
        auto start = lift(tape, zero_state(encoder.backward, sources.layout().batch));
        start.h = tanh(bridge(final_state(y).backward.h));
        return {y.h, start};
    }
    Sequence<T> decode(const Sequence<T>& words, const Encoded& encoded) const {
        const auto s = unroll(decoder, words, encoded.start, encoded.keys);
        return head(words.with(concat_rows({words.all, s.h.all, s.context.all})));
    }

    // For SourceWriter, as EncoderDecoder's.

    using Bound = typename AttentionDecoder<C>::Bound;
    struct Source {
        StateOf<Bound, Mat<T>> start;
        typename BahdanauAttention<T>::StoredMemory memory;
    };
    Source store(Tape<T>& tape, const Tokens& sources) const {
        const auto [keys, start] = encode(tape, sources);
        const auto memory = decoder.attention.memory(keys);
        return {values(decoder.over(memory).start(start)), decoder.attention.store(memory)};
    }
    std::pair<StateOf<Bound, Var<T>>, Var<T>> step(Tape<T>& tape, const Tokens& words, const Source& read,
                                                   std::span<const Index> sources, const StateOf<Bound, Var<T>>& s) const {
        const auto y = target(tape, words).all;
        const auto memory = decoder.attention.recall(tape, read.memory, sources);
        const auto next = decoder.over(memory).step(y, s);
        return {next, head(concat_rows({y, next.h, next.context}))};
    }
};

}  // namespace bptt
