#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/decoder.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"

namespace bptt {

/// sources, targets: sizes of the vocabularies; features: of a token's vector; units: of the decoder, and of an encoder's
/// direction.
struct EncoderDecoderSizes {
    Index sources, targets, features, units;
};

/// A model that has read a batch of sources, for decode/ to ask what follows. It has a tape of its own, so it is for one thread
/// at a time. The model outlives it, unchanged.
template <class Model> class SourceWriter {
public:
    using T = typename Model::Scalar;

    SourceWriter(const Model& model, const Tokens& sources)
        : model_(model), tape_(std::make_unique<Tape<T>>()), pause_(std::make_unique<Pause>(*tape_)) {
        for (Index j = 0; j < sources.layout().batch; ++j) lengths_.push_back(sources.layout().length(j));
        source_ = model.store(*tape_, sources);
    }
    Index source_length(Index j) const {
        check(j >= 0 && j < std::ssize(lengths_), "SourceWriter: source ", j, " of ", lengths_.size());
        return lengths_[static_cast<std::size_t>(j)];
    }
    auto start() const { return source_.start; }
    /// As a Writer's.
    template <class S> Mat<T> step(std::span<const Index> previous, std::span<const Index> sources, S& s) const {
        check(previous.size() == sources.size(), "SourceWriter: there are ", previous.size(), " tokens, ", sources.size(),
              " sources");
        for (const Index j : sources) source_length(j);  // throws where there is no such source
        const Tokens tokens(previous, std::ssize(previous));
        detail::check_tokens("SourceWriter", tokens, model_.target.E.cols());
        tape_->clear();
        const auto words = model_.target(*tape_, tokens).all;
        const auto [next, logits] = model_.step(words, source_, sources, lift(*tape_, s));
        s = values(next);
        return logits.value();
    }

private:
    using Pause = typename Tape<T>::Pause;
    const Model& model_;
    std::unique_ptr<Tape<T>> tape_;
    std::unique_ptr<Pause> pause_;
    std::vector<Index> lengths_;
    typename Model::Source source_;
};

namespace detail {
/// All sizes are checked before anything is drawn.
inline EncoderDecoderSizes checked(const char* what, EncoderDecoderSizes n) {
    check(n.sources > 0 && n.targets > 0 && n.features > 0 && n.units > 0, what, ": sources is ", n.sources, ", targets is ",
          n.targets, ", features is ", n.features, ", units is ", n.units, "; all must be positive");
    return n;
}
inline void check_pairs(const char* what, const Tokens& sources, const Tokens& words) {
    check(sources.layout().batch == words.layout().batch, what, ": sources are ", sources.layout(), ", words are ",
          words.layout());
}
}  // namespace detail

/// A sequence in, another out (Cho et al. 2014; Sutskever et al. 2014): the encoder's last state starts the decoder, which
/// knows nothing else of the source.
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
    static void params(auto& m, auto&& f) {
        f("source", m.source), f("target", m.target), f("encoder", m.encoder), f("decoder", m.decoder), f("head", m.head);
    }

    /// Teacher forcing: logits of what follows each of `words`, classes × (a column a word); words[b] belongs to sources[b].
    Sequence<T> operator()(Tape<T>& tape, const Tokens& sources, const Tokens& words) const {
        detail::check_pairs("EncoderDecoder", sources, words);
        detail::check_tokens("EncoderDecoder: words", words, target.E.cols());
        return head(unroll(decoder, target(tape, words), encode(tape, sources)).h);
    }
    /// Free running: greedy(model.read(sources), …), sample(…) or beam_search(…).
    SourceWriter<EncoderDecoder> read(const Tokens& sources) const& { return {*this, sources}; }
    SourceWriter<EncoderDecoder> read(const Tokens& sources) const&& = delete;

    StateOf<C, Var<T>> encode(Tape<T>& tape, const Tokens& sources) const {
        detail::check_tokens("EncoderDecoder: sources", sources, source.E.cols());
        return final_state(unroll(encoder, source(tape, sources), lift(tape, zero_state(encoder, sources.layout().batch))));
    }
    struct Source {
        StateOf<C, Mat<T>> start;
    };
    Source store(Tape<T>& tape, const Tokens& sources) const { return {values(encode(tape, sources))}; }
    std::pair<StateOf<C, Var<T>>, Var<T>> step(Var<T> word, const Source&, std::span<const Index>,
                                               const StateOf<C, Var<T>>& s) const {
        const auto next = decoder.step(word, s);
        return {next, head(next.h)};
    }
};

/// The same with attention (Bahdanau et al. 2015): both directions of the encoder give the keys, s_0 = tanh(W ←h_1 + b), and
/// the logits come from (y_{i−1}, s_i, c_i).
template <Cell C> struct AttentionEncoderDecoder {
    using Scalar = typename C::Scalar;
    using T = Scalar;

    Embedding<T> source, target;
    Bidirectional<C> encoder;
    Linear<T> bridge;
    AttentionDecoder<C> decoder;
    Linear<T> head;

    /// As many attention units as units.
    AttentionEncoderDecoder(EncoderDecoderSizes n, Rng& rng)
        : source(detail::checked("AttentionEncoderDecoder", n).sources, n.features, rng),
          target(n.targets, n.features, rng),
          encoder(n.features, n.units, rng),
          bridge(n.units, n.units, rng),
          decoder(n.features, 2 * n.units, n.units, n.units, rng),
          head(n.features + 3 * n.units, n.targets, rng) {}
    static void params(auto& m, auto&& f) {
        f("source", m.source), f("target", m.target), f("encoder", m.encoder), f("bridge", m.bridge);
        f("decoder", m.decoder), f("head", m.head);
    }

    /// As EncoderDecoder's.
    Sequence<T> operator()(Tape<T>& tape, const Tokens& sources, const Tokens& words) const {
        detail::check_pairs("AttentionEncoderDecoder", sources, words);
        detail::check_tokens("AttentionEncoderDecoder: words", words, target.E.cols());
        const auto [keys, start] = encode(tape, sources);
        const auto y = target(tape, words);
        const auto s = unroll(decoder, y, start, keys);
        return head(y.with(concat_rows({y.all, s.h.all, s.context.all})));
    }
    SourceWriter<AttentionEncoderDecoder> read(const Tokens& sources) const& { return {*this, sources}; }
    SourceWriter<AttentionEncoderDecoder> read(const Tokens& sources) const&& = delete;

    std::pair<Sequence<T>, StateOf<C, Var<T>>> encode(Tape<T>& tape, const Tokens& sources) const {
        detail::check_tokens("AttentionEncoderDecoder: sources", sources, source.E.cols());
        const auto zeros = lift(tape, zero_state(encoder, sources.layout().batch));
        const auto y = unroll(encoder, source(tape, sources), zeros);
        auto start = zeros.backward;
        start.h = tanh(bridge(final_state(y).backward.h));
        return {y.h, start};
    }
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
    std::pair<StateOf<Bound, Var<T>>, Var<T>> step(Var<T> word, const Source& read, std::span<const Index> sources,
                                                   const StateOf<Bound, Var<T>>& s) const {
        const auto memory = decoder.attention.recall(word.tape(), read.memory, sources);
        const auto next = decoder.over(memory).step(word, s);
        return {next, head(concat_rows({word, next.h, next.context}))};
    }
};

}  // namespace bptt
