#pragma once

#include <numeric>
#include <span>
#include <vector>

#include "bptt/core/training.hpp"
#include "bptt/decode/sample.hpp"
#include "bptt/kernels/softmax.hpp"
#include "bptt/sequence/state.hpp"

namespace bptt {

/// What writing asks of a model that has read a batch of sources. start() is the state, in plain matrices, of a column for each
/// source. step(previous, sources, s) takes a token a column, the sources that the columns belong to, and their state; it gives
/// the logits (classes × columns) of what follows, and makes s the state after. Both are const. Two members are optional: the
/// state's field `weights` (source steps × columns), where each column looked; and source_length(j), of source j.
template <class W>
concept Writer = requires(const W& writer, std::span<const Index> ids, decltype(writer.start()) s) {
    requires StateOver<decltype(s), Mat>;
    { writer.step(ids, ids, s).rows() } -> std::convertible_to<Index>;
};

/// Tokens of the vocabulary that is written: bos comes before the first, eos ends a sequence. max_length counts eos.
struct WriteOptions {
    Index bos = -1, eos = -1, max_length = 100;  // bos and eos must be given
};

/// What was written for one source.
template <class T> struct Written {
    std::vector<Index> tokens;   // eos is the last, if it came before max_length
    double log_probability = 0;  // Σ ln P(token | source, tokens before), nats
    bool complete = false;       // eos came
    Mat<T> alignment;            // source steps × tokens: how much each looked where; without attention it has no rows
};

namespace detail {

template <class W> using WriterState = decltype(std::declval<const W&>().start());
template <class W> using WriterScalar = typename Leaf<WriterState<W>>::Scalar;

inline void check_write(const char* what, const WriteOptions& o) {
    throw_unless(o.max_length > 0, what, ": max_length is ", o.max_length, ", not positive");
    throw_unless(o.bos >= 0 && o.eos >= 0, what, ": bos is ", o.bos, ", eos is ", o.eos, "; both must be 0 or more");
}

template <class S> Index batch_of(const S& s) {
    Index batch = -1;
    for_each_field(s, [&](const auto& m) { batch = batch < 0 ? m.cols() : batch; });
    return batch;
}
template <class S> void check_columns(const char* what, const char* when, const S& s, Index columns) {
    for_each_field_to_check(s, [&](const auto& m, const auto& name) {
        throw_unless(m.cols() == columns, what, ": ", when, " gave ", name, " of the state as ", shape(m), ", not of ", columns,
                     " columns");
    });
}

/// These columns of every field.
template <class S> S take_columns(const S& s, const std::vector<Index>& columns) {
    return map_state(s, [&]<class M>(const M& m) -> M { return m(Eigen::all, columns); });
}

/// ln softmax of one column, in double.
template <class Derived> Eigen::VectorXd log_probabilities(const char* what, const Eigen::MatrixBase<Derived>& logits) {
    const Index best = likeliest(what, logits);
    const auto top = static_cast<double>(logits(best, 0));
    throw_unless(std::isfinite(top), what, ": the largest logit is not finite");
    const Eigen::VectorXd x = logits.template cast<double>().array() - top;
    return x.array() - kernels::log_sum_exp(x.data(), x.size());
}

template <Writer W> WriterState<W> start_of(const char* what, const W& writer) {
    auto s = writer.start();
    check_columns(what, "start()", s, batch_of(s));
    return s;
}

/// A step of the writer, and what goes wrong in it.
template <Writer W> Mat<WriterScalar<W>> next_logits(const char* what, const W& writer, const WriteOptions& o,
                                                     const std::vector<Index>& previous, const std::vector<Index>& sources,
                                                     WriterState<W>& s) {
    Mat<WriterScalar<W>> logits = writer.step(previous, sources, s);
    const auto columns = static_cast<Index>(previous.size());
    throw_unless(logits.cols() == columns, what, ": step() gave logits of ", shape(logits), " for ", columns, " tokens");
    check_columns(what, "step()", s, columns);
    throw_unless(o.eos < logits.rows(), what, ": eos is ", o.eos, ", there are ", logits.rows(), " classes");
    return logits;
}

/// Adds a token to `w`, which stands in `column` of the state s that gave it.
template <Writer W> void append(Written<WriterScalar<W>>& w, const W& writer, Index source, const WriterState<W>& s,
                                Index column, Index token, double log_probability, Index eos) {
    w.tokens.push_back(token);
    w.log_probability += log_probability;
    w.complete = token == eos;
    const auto length = static_cast<Index>(w.tokens.size());
    if constexpr (requires { s.weights; }) {
        Index rows = s.weights.rows();
        if constexpr (requires { writer.source_length(source); }) {
            rows = writer.source_length(source);
            throw_unless(rows >= 0 && rows <= s.weights.rows(), "Writer: source_length(", source, ") is ", rows,
                         ", its weights are ", shape(s.weights));
        }
        w.alignment.conservativeResize(rows, length);
        w.alignment.col(length - 1) = s.weights.col(column).head(rows);
    } else {
        w.alignment.resize(0, length);
    }
}

/// Writes for every source at once; choose(logits, source) is the next token of a source.
template <Writer W, class Choose>
std::vector<Written<WriterScalar<W>>> write(const char* what, const W& writer, const WriteOptions& o, Choose choose) {
    check_write(what, o);
    auto s = start_of(what, writer);
    std::vector<Written<WriterScalar<W>>> all(static_cast<std::size_t>(batch_of(s)));
    std::vector<Index> running(all.size()), previous(all.size(), o.bos);
    std::iota(running.begin(), running.end(), Index{0});
    while (!running.empty()) {
        const auto logits = next_logits(what, writer, o, previous, running, s);
        std::vector<Index> kept, sources;
        previous.clear();
        for (Index k = 0; const Index source : running) {
            auto& w = all[static_cast<std::size_t>(source)];
            const Index token = choose(logits.col(k), source);
            append(w, writer, source, s, k, token, log_probabilities(what, logits.col(k))[token], o.eos);
            if (!w.complete && static_cast<Index>(w.tokens.size()) < o.max_length) {
                kept.push_back(k);
                sources.push_back(source);
                previous.push_back(token);
            }
            ++k;
        }
        s = take_columns(s, kept);
        running = std::move(sources);
    }
    return all;
}

}  // namespace detail

/// Always the likeliest token, for each source: free running.
template <Writer W> auto greedy(const W& writer, WriteOptions options) {
    return detail::write("greedy", writer, options, [](const auto& logits, Index) { return greedy(logits); });
}

/// Each token drawn as sample() does; log_probability is the model's, whatever the temperature. Each source draws from a
/// generator of its own, so that a batch writes what its sources would write one by one. Where it throws, nothing is drawn.
template <Writer W> auto sample(const W& writer, WriteOptions options, Rng& rng, SampleOptions how = {}) {
    detail::check_sample(how);
    const detail::UndoDraws undo(&rng);
    std::vector<Rng> rngs;
    return detail::write("sample", writer, options, [&](const auto& logits, Index source) {
        while (static_cast<Index>(rngs.size()) <= source) rngs.emplace_back(rng.next());
        return sample(logits, rngs[static_cast<std::size_t>(source)], how);
    });
}

}  // namespace bptt
