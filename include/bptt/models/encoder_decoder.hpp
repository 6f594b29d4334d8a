#pragma once

#include <span>
#include <utility>

#include "bptt/cells/unroll.hpp"
#include "bptt/models/source_writer.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"

namespace bptt {

/// sources, targets: sizes of the vocabularies; features: of a token's embedding; units: of the decoder, and of each direction
/// of the encoder.
struct EncoderDecoderSizes {
    Index sources, targets, features, units;
};

namespace detail {
/// Throws unless all sizes are positive: before any random number is drawn.
inline EncoderDecoderSizes checked(const char* what, EncoderDecoderSizes n) {
    throw_unless(n.sources > 0 && n.targets > 0 && n.features > 0 && n.units > 0, what, ": sources is ", n.sources,
                 ", targets is ", n.targets, ", features is ", n.features, ", units is ", n.units, "; all must be positive");
    return n;
}
/// Teacher forcing of a model that has the embedding `target`, encode(tape, sources) and decode(vectors of words,
/// encoded). `what` names the words in errors.
template <class Model, class T>
Sequence<T> force(const char* what, const Model& model, Tape<T>& tape, const Tokens& sources, const Tokens& words) {
    throw_unless(sources.layout().batch == words.layout().batch, what, " are ", words.layout(), ", sources are ",
                 sources.layout());
    check_tokens(what, words, model.target.E.cols());
    const auto encoded = model.encode(tape, sources);
    return model.decode(model.target(tape, words), encoded);
}
}  // namespace detail

/// Sequence to sequence (Cho et al. 2014; Sutskever et al. 2014): the encoder's final state is the decoder's initial state, and
/// all that the decoder knows of the source.
template <Cell C> struct EncoderDecoder {
    using Scalar = typename C::Scalar;
    using T = Scalar;

    Embedding<T> source, target;
    C encoder, decoder;
    Linear<T> head;

    EncoderDecoder(EncoderDecoderSizes n, Rng& rng)
        : source(detail::checked("EncoderDecoder", n).sources, n.features, rng),
          target(n.targets, n.features, rng),
          encoder(n.features, n.units, rng),
          decoder(n.features, n.units, rng),
          head(n.units, n.targets, rng) {}
    BPTT_PARAMS(source, target, encoder, decoder, head)

    /// Teacher forcing: logits of what follows each of `words`, classes × (a column a word); words[b] belongs to sources[b].
    Sequence<T> operator()(Tape<T>& tape, const Tokens& sources, const Tokens& words) const& {
        return detail::force("EncoderDecoder: words", *this, tape, sources, words);
    }
    Sequence<T> operator()(Tape<T>& tape, const Tokens& sources, const Tokens& words) const&& = delete;
    /// Free running: greedy(model.read(sources), …), sample(…) or beam_search(…).
    SourceWriter<EncoderDecoder> read(const Tokens& sources) const& { return {*this, sources}; }
    SourceWriter<EncoderDecoder> read(const Tokens& sources) const&& = delete;  // it would refer to a dead model

    StateOf<C, Var<T>> encode(Tape<T>& tape, const Tokens& sources) const {
        detail::check_tokens("EncoderDecoder: sources", sources, source.E.cols());
        return final_state(unroll(encoder, source(tape, sources)));
    }
    Sequence<T> decode(const Sequence<T>& words, const StateOf<C, Var<T>>& start) const {
        return head(unroll(decoder, words, start));
    }

    // For SourceWriter: what is kept of the sources, and a step of the decoder.

    struct Source {
        StateOf<C, Mat<T>> start;
    };
    Source store(Tape<T>& tape, const Tokens& sources) const { return {values(encode(tape, sources))}; }
    std::pair<StateOf<C, Var<T>>, Var<T>> step(Tape<T>& tape, const Tokens& words, const Source&, std::span<const Index>,
                                               const StateOf<C, Var<T>>& s) const {
        const auto next = decoder.step(target(tape, words).all, s);
        return {next, head(next.h)};
    }
};

}  // namespace bptt
