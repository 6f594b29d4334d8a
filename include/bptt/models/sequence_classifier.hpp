#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <utility>

#include "bptt/cells/unroll.hpp"
#include "bptt/nets/attention.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/features.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/dropout.hpp"
#include "bptt/ops/softmax.hpp"

namespace bptt {

/// classes: two or more; it must be said. attention: rows of W and U of the attention over all steps; 0: there is none.
/// dropout: of what the head reads, while training; the probability that an element is dropped.
struct ClassifierOptions {
    Index classes = 0, attention = 0;
    double dropout = 0;
};

namespace detail {

/// The column of each sequence that is read last, features×batch, in the user's order; zeros of an empty sequence.
template <class T> Var<T> last_columns(const Sequence<T>& x) {
    const Layout& l = layout_of(x);
    const auto from = index_buffer(x.all.tape(), l.batch);
    for (Index b = 0; Index & column : from) {
        const Index last = x.reversed ? 0 : l.length(b) - 1;
        column = l.length(b) == 0 ? -1 : l.start(last) + l.place(b);
        ++b;
    }
    return take_columns(x.all, std::span<const Index>(from));
}

/// The output of a layer once it has read all of each sequence, outputs×batch: of a Bidirectional that of both directions, of a
/// Stacked that of the top layer.
template <class Y> auto final_output(const Y& y) {
    if constexpr (requires { y.layers; })
        return final_output(y.layers.back());
    else if constexpr (requires { y.forward, y.backward; })
        return concat_rows({final_output(y.forward), final_output(y.backward)});
    else
        return last_columns(y.h);
}

}  // namespace detail

/// Says of which class each sequence is. Its layer, a cell, a Stacked or a Bidirectional, reads the sequence; the head reads
/// the layer's last output or, with attention, the sum of the outputs of all steps that the last output weighs (as a query of
/// Bahdanau et al. 2015). Input is an Embedding or OneHot of Tokens, or Features: matrices as they are.
template <Layer L, class Input = Embedding<typename L::Scalar>> struct SequenceClassifier {
    using Scalar = typename L::Scalar;
    using T = Scalar;

    Input input;
    L layer;
    std::optional<BahdanauAttention<T>> attention;
    Linear<T> head;
    double dropout;

    /// The embedding gets the features that the layer reads:
    /// SequenceClassifier<Bidirectional<Lstm<float>>> model(tokens, {64, 128, rng}, rng, {.classes = 3}).
    SequenceClassifier(Index tokens, L between, Rng& rng,
                       const ClassifierOptions& how) requires std::constructible_from<Input, Index, Index, Rng&>
        : input(tokens, detail::inputs_of(between), rng),
          layer(std::move(between)),
          attention(attention_of(layer, rng, how)),
          head(detail::outputs_of(layer), how.classes, rng),
          dropout(how.dropout) {}
    /// Takes an input that is there already: SequenceClassifier<Gru<float>, Features<float>> model({}, {28, 64, rng}, rng,
    /// {…}).
    SequenceClassifier(Input before, L between, Rng& rng, const ClassifierOptions& how)
        : input(std::move(before)),
          layer(std::move(between)),
          attention(attention_of(layer, rng, how)),
          head(detail::outputs_of(layer), how.classes, rng),
          dropout(how.dropout) {}

    static void params(auto& m, auto&& f) {
        f("input", m.input), f("layer", m.layer);
        if (m.attention) f("attention", *m.attention);
        f("head", m.head);
    }

    /// The logits, classes×batch. `inputs` are those of a batch of batches(): Tokens or, for Features, a vector of matrices.
    Var<T> operator()(Tape<T>& tape, const auto& inputs, std::optional<Training> training = {}) const& {
        return run(tape, inputs, training).logits;
    }
    Var<T> operator()(Tape<T>& tape, const auto& inputs, std::optional<Training> training = {}) const&& = delete;

    /// For stream(): each step gives the logits of what was read so far. Throws where there is attention, which looks back.
    auto streamed(auto&& f) const requires std::same_as<Input, Features<T>> {
        throw_unless(!attention,
                     "SequenceClassifier: with attention it reads the whole sequence, and there is no stream of it");
        return f(layer, head);
    }

    /// What the model says of a batch.
    struct Reading {
        Mat<T> probabilities;  // classes×batch
        Mat<T> weights;        // of the attention, steps×batch, zeros beyond a sequence's length; 0×batch without attention
    };
    /// Throws where a matrix has a value that is not finite: each probability would be NaN.
    Reading read(const auto& inputs) const {
        if constexpr (!std::convertible_to<decltype(inputs), const Tokens&>)
            for (Index k = 0; const auto& sequence : inputs)
                detail::check_finite(sequence, "SequenceClassifier: sequence ", k++, ": ");
        Tape<T> tape;
        const typename Tape<T>::Pause pause(tape);
        const auto [logits, weights] = run(tape, inputs, {});
        return {softmax(logits).value(), weights.empty() ? Mat<T>(0, logits.cols()) : Mat<T>(weights.value())};
    }

private:
    struct Run {
        Var<T> logits, weights;
    };
    Run run(Tape<T>& tape, const auto& inputs, std::optional<Training> training) const {
        static_assert(std::invocable<const Input&, Tape<T>&, decltype(inputs)>,
                      "SequenceClassifier: inputs are Tokens or, with Features, a std::vector of Mat of the model's scalar");
        const detail::UndoDraws undo(training);
        const auto y = unroll(layer, input(tape, inputs), training);
        Run found;
        Var<T> summary = detail::final_output(y);
        if (attention) {
            const auto read = (*attention)(summary, attention->memory(y.h));
            summary = read.context;
            found.weights = read.weights;
        }
        found.logits = head(bptt::dropout(summary, dropout, training));
        return found;
    }

    static std::optional<BahdanauAttention<T>> attention_of(const L& layer, Rng& rng, const ClassifierOptions& how) {
        throw_unless(how.classes >= 2 && how.attention >= 0, "SequenceClassifier: classes is ", how.classes, ", attention is ",
                     how.attention, "; classes must be 2 or more, attention 0 or more");
        throw_unless(how.dropout >= 0 && how.dropout <= 1, "SequenceClassifier: dropout is ", how.dropout, ", outside 0..1");
        if (how.attention == 0) return {};
        const Index outputs = detail::outputs_of(layer);
        return BahdanauAttention<T>(outputs, outputs, how.attention, rng);
    }
};

}  // namespace bptt
