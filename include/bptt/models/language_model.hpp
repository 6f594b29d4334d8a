#pragma once

#include <concepts>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/live/tokens.hpp"
#include "bptt/models/source_writer.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/one_hot.hpp"

namespace bptt {

/// Predicts the next token after each token of a text (Mikolov et al. 2010). The layer may be a cell or a Stacked; Embed is an
/// Embedding, or OneHot.
template <Layer L, class Embed = Embedding<typename L::Scalar>> struct LanguageModel {
    static_assert(!sees_ahead<L>, "a language model predicts what its layer must not have read: no Bidirectional");
    using Scalar = typename L::Scalar;
    using T = Scalar;

    Embed embed;
    L layer;
    Linear<T> head;

    /// The embedding gets the features that the layer reads: LanguageModel<Lstm<float>> model(tokens, {64, 256, rng}, rng).
    LanguageModel(Index tokens, L between, Rng& rng)
        : embed(embedding(tokens, detail::inputs_of(between), rng)),
          layer(std::move(between)),
          head(detail::outputs_of(layer), tokens, rng) {}
    BPTT_PARAMS(embed, layer, head)

    /// The layer's trajectory y; head(y) are the logits of the token after each one. start: the initial state, a carry or on
    /// the tape, and then Training, as for unroll(); without a state it starts from zeros.
    auto operator()(Tape<T>& tape, const Tokens& tokens, const auto&... start) const& {
        return unroll(layer, embed(tape, tokens), start...);
    }
    auto operator()(Tape<T>& tape, const Tokens& tokens, const auto&... start) const&& = delete;

    /// Goes on from these texts, none of them empty: sample(model.read(texts), …), greedy(…) or beam_search(…).
    SourceWriter<LanguageModel> read(const Tokens& texts) const& { return {*this, texts}; }
    /// The same for one text.
    SourceWriter<LanguageModel> read(std::span<const Index> text) const& { return read(Tokens(text, 1)); }
    SourceWriter<LanguageModel> read(std::initializer_list<Index> text) const& { return read(Tokens(text, 1)); }
    template <class Texts> SourceWriter<LanguageModel> read(const Texts&) const&& = delete;  // it would refer to a dead model
    SourceWriter<LanguageModel> read(std::initializer_list<Index>) const&& = delete;         // it would refer to a dead model

    // For SourceWriter.

    struct TapeSource {
        StateOf<L, Mat<T>> start;  // after all of a text but its last token
        std::vector<Index> first;  // that token
    };
    struct LiveSource : TapeSource {
        TokenStream<L> live;
    };
    using Source = std::conditional_t<has_live_steps<L> && std::is_same_v<T, float>, LiveSource, TapeSource>;
    Source store(Tape<T>& tape, const Tokens& texts) const {
        detail::check_tokens("LanguageModel", texts, head.b.rows());
        const Layout l = texts.layout();
        std::vector<std::vector<Index>> before(static_cast<std::size_t>(l.batch));
        l.for_each_column([&](Index column, Index, Index b) {
            before[static_cast<std::size_t>(b)].push_back(texts.ids()[static_cast<std::size_t>(column)]);
        });
        std::vector<Index> first;
        for (auto& text : before) {
            throw_unless(!text.empty(), "LanguageModel: text ", first.size(), " of ", l,
                         " is empty; it must have a token to go on from");
            first.push_back(text.back());
            text.pop_back();
        }
        TapeSource source{values(final_state((*this)(tape, Tokens::of(before)))), std::move(first)};
        if constexpr (std::is_same_v<Source, LiveSource>)
            return {std::move(source), TokenStream<L>(embed, layer, head)};
        else
            return source;
    }
    auto step(Tape<T>& tape, const Tokens& previous, const Source&, std::span<const Index>, const StateOf<L, Var<T>>& s) const {
        const auto y = (*this)(tape, previous, s);
        return std::pair(final_state(y), head(y).all);
    }

private:
    static Embed embedding(Index tokens, Index features, Rng& rng) {
        throw_unless(tokens > 0, "LanguageModel: tokens is ", tokens, ", not positive");
        if constexpr (std::constructible_from<Embed, Index, Index, Rng&>) {
            return Embed(tokens, features, rng);
        } else {
            throw_unless(features == tokens, "LanguageModel: the layer reads ", features, " features, a column has ", tokens);
            return Embed(tokens);
        }
    }
};

/// One text, token by token: live.step(token) gives the logits of the next one.
template <Storage S = Storage::float32, Layer L, class Embed> auto stream(const LanguageModel<L, Embed>& model) {
    return TokenStream<L, S>(model.embed, model.layer, model.head);
}

/// For the compiler's message.
template <Storage S = Storage::float32, Layer L, class Embed> void stream(Voices, const LanguageModel<L, Embed>&) {
    static_assert(!Layer<L>, "a stream of a language model reads one text; step(tokens, states) reads several");
}

}  // namespace bptt
