#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "bptt/decode/sample.hpp"
#include "bptt/kernels/softmax.hpp"
#include "bptt/sequence/state.hpp"

namespace bptt {

/// What decoding needs of a model that has read a batch of sources. start() returns the initial state as plain matrices, with a
/// column for each source. step(previous, sources, s) takes the previous token and the source of each column and their state s;
/// it returns the logits of the next tokens (classes × columns), valid at least until the next step, and updates s. Both are
/// const. Three members are optional: first(j), the token that source j continues from, in place of bos; the state's field
/// `weights` (source steps × columns), the attention weights; and source_length(j), the number of steps of source j.
template <class W>
concept Writer = requires(const W& writer, std::span<const Index> ids, decltype(writer.start()) s) {
    requires StateOver<decltype(s), Mat>;
    { writer.step(ids, ids, s).rows() } -> std::convertible_to<Index>;
};

/// Tokens of the target vocabulary. bos is read before the first token is written; it must be given, unless the writer has
/// first(). eos ends a text, which has at most max_length tokens, eos included; without an eos it has max_length. never: tokens
/// that are not written, such as UNK.
struct WriteOptions {
    Index bos = -1, eos = -1, max_length = 100;
    std::vector<Index> never = {};
};

/// What was written for one source.
template <class T> struct Written {
    Index source = 0;
    std::vector<Index> tokens;   // eos is the last, if it came before max_length
    double log_probability = 0;  // Σ ln P(token | source, tokens before), nats, of the model: `never` doesn't renormalise P
    bool complete = false;       // eos came
    Mat<T> alignment;            // source steps × tokens: attention weights; without attention it has no rows
};

namespace detail {

/// A batch of sources in the course of decoding: holds the state, steps it, and checks what the writer and the options give.
template <Writer W> class Writing {
public:
    using State = decltype(std::declval<const W&>().start());
    using T = typename Leaf<State>::Scalar;
    static constexpr bool goes_on = requires(const W& writer) { writer.first(Index{}); };

    Writing(const char* what, const W& writer, const WriteOptions& options)
        : what_(what), writer_(writer), options_(options), state_(writer.start()) {
        const auto& [bos, eos, max_length, never] = options;
        throw_unless(max_length > 0, what, ": max_length is ", max_length, ", not positive");
        throw_unless(eos >= -1, what, ": eos is ", eos, ", neither a token nor -1 (none)");
        throw_unless(std::ranges::count(never, eos) == 0, what, ": eos, ", eos, ", is among never");
        if constexpr (goes_on)
            throw_unless(bos == -1, what, ": bos is ", bos, ", but the writer has first(), which replaces it");
        else
            throw_unless(bos >= 0, what, ": bos is ", bos, ", not 0 or more; it is the token before the first: {.bos = ...}");
        for_each_field(state_, [&](const auto& m) { batch_ = batch_ < 0 ? m.cols() : batch_; });
        check_columns("start()", batch_);
    }

    /// The number of sources.
    Index batch() const { return batch_; }
    const WriteOptions& options() const { return options_; }
    /// What comes before the first token of source j.
    Index first(Index j) const {
        if constexpr (goes_on)
            return writer_.first(j);
        else
            return options_.bos;
    }

    /// Steps all columns and returns the logits of their next tokens.
    decltype(auto) step(std::span<const Index> previous, std::span<const Index> sources) {
        decltype(auto) logits = writer_.step(previous, sources, state_);
        const auto columns = std::ssize(previous);
        throw_unless(logits.cols() == columns, what_, ": step() gave logits of ", shape(logits), " for ", columns, " tokens");
        check_columns("step()", columns);
        throw_unless(options_.eos < logits.rows(), what_, ": eos is ", options_.eos, ", there are ", logits.rows(), " classes");
        for (const Index token : options_.never)
            throw_unless(token >= 0 && token < logits.rows(), what_, ": never holds ", token, ", there are ", logits.rows(),
                         " classes");
        return logits;
    }
    /// ln P of each next token, from one column of the logits; −∞ for tokens in `never`. Valid until the next call.
    template <class Derived> const Eigen::VectorXd& log_probabilities(const Eigen::MatrixBase<Derived>& logits, Index column) {
        const auto x = logits.col(column);
        const auto top = static_cast<double>(x[likeliest(what_, x)]);
        throw_unless(std::isfinite(top), what_, ": the largest logit is not finite");
        next_ = x.template cast<double>().array() - top;
        next_.array() -= kernels::log_sum_exp(next_.data(), next_.size());
        for (const Index token : options_.never) next_[token] = -std::numeric_limits<double>::infinity();
        throw_unless(std::isfinite(next_.maxCoeff()), what_, ": all tokens that are possible are among never");
        return next_;
    }
    /// Appends a token, and its attention weights from this column of the state, to `w`.
    void append(Written<T>& w, Index source, Index column, Index token, double log_probability) const {
        w.tokens.push_back(token);
        w.log_probability += log_probability;
        w.complete = token == options_.eos;
        const auto length = std::ssize(w.tokens);
        if constexpr (requires { state_.weights; }) {
            Index rows = state_.weights.rows();
            if constexpr (requires { writer_.source_length(source); }) {
                rows = writer_.source_length(source);
                throw_unless(rows >= 0 && rows <= state_.weights.rows(), "Writer: source_length(", source, ") is ", rows,
                             ", its weights are ", shape(state_.weights));
            }
            w.alignment.conservativeResize(rows, length);
            w.alignment.col(length - 1) = state_.weights.col(column).head(rows);
        } else {
            w.alignment.resize(0, length);
        }
    }
    /// Reduces the state to these columns, in this order.
    void keep(const std::vector<Index>& columns) {
        state_ = map_state(state_, [&]<class M>(const M& m) -> M { return m(Eigen::indexing::all, columns); });
    }

private:
    void check_columns(const char* when, Index columns) const {
        for_each_field_to_check(state_, [&](const auto& m, const auto& name) {
            throw_unless(m.cols() == columns, what_, ": ", when, " gave ", name, " of the state as ", shape(m), ", not of ",
                         columns, " columns");
        });
    }

    const char* what_;
    const W& writer_;
    const WriteOptions& options_;
    State state_;
    Index batch_ = -1;
    Eigen::VectorXd next_;
};

}  // namespace detail

}  // namespace bptt
