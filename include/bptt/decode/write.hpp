#pragma once

#include <concepts>
#include <numeric>
#include <vector>

#include "bptt/core/training.hpp"
#include "bptt/decode/writer.hpp"

namespace bptt {

/// Called for each token that is written, as soon as it is: f(token, source).
template <class F>
concept OnToken = std::invocable<F&, Index, Index>;

namespace detail {

constexpr auto nothing = [](Index, Index) {};

/// Decodes all sources as one batch; choose(ln P of each token, source) returns the next token of a source.
template <Writer W, class Choose>
auto write(const char* what, const W& writer, const WriteOptions& options, Choose choose, OnToken auto&& on_token) {
    Writing<W> writing(what, writer, options);
    std::vector<Written<typename Writing<W>::T>> all(static_cast<std::size_t>(writing.batch()));
    std::vector<Index> running(all.size()), previous, kept, going_on;
    std::iota(running.begin(), running.end(), Index{0});
    for (const Index source : running) {
        all[static_cast<std::size_t>(source)].source = source;
        previous.push_back(writing.first(source));
    }
    while (!running.empty()) {
        const auto& logits = writing.step(previous, running);
        previous.clear(), kept.clear(), going_on.clear();
        for (Index column = 0; const Index source : running) {
            auto& w = all[static_cast<std::size_t>(source)];
            const Eigen::VectorXd& next = writing.log_probabilities(logits, column);
            const Index token = choose(next, source);
            writing.append(w, source, column, token, next[token]);
            on_token(token, source);
            if (!w.complete && std::ssize(w.tokens) < options.max_length) {
                kept.push_back(column);
                going_on.push_back(source);
                previous.push_back(token);
            }
            ++column;
        }
        if (kept.size() < running.size()) writing.keep(kept);
        running.swap(going_on);
    }
    return all;
}

}  // namespace detail

/// Greedy decoding: each step appends the likeliest token, for each source.
template <Writer W> auto greedy(const W& writer, const WriteOptions& options, OnToken auto&& on_token) {
    const auto choose = [](const auto& next, Index) { return greedy(next); };
    return detail::write("greedy", writer, options, choose, on_token);
}
template <Writer W> auto greedy(const W& writer, const WriteOptions& options) {
    return greedy(writer, options, detail::nothing);
}

/// Draws each token as sample() of logits does; log_probability is the model's, whatever the temperature. Each source has a
/// generator of its own, so that a batch writes what its sources would write one by one. If it throws, rng is as it was.
template <Writer W>
auto sample(const W& writer, const WriteOptions& options, Rng& rng, SampleOptions how, OnToken auto&& on_token) {
    detail::check_sample(how);
    const detail::UndoDraws undo(&rng);
    std::vector<Rng> rngs;
    const auto choose = [&](const auto& next, Index source) {
        while (std::ssize(rngs) <= source) rngs.emplace_back(rng.next());
        return sample(next, rngs[static_cast<std::size_t>(source)], how);
    };
    return detail::write("sample", writer, options, choose, on_token);
}
template <Writer W> auto sample(const W& writer, const WriteOptions& options, Rng& rng, SampleOptions how = {}) {
    return sample(writer, options, rng, how, detail::nothing);
}

}  // namespace bptt
