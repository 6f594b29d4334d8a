#pragma once

#include <algorithm>

#include "bptt/core/layout.hpp"
#include "bptt/core/threads.hpp"
#include "bptt/kernels/gemm.hpp"

// Which columns of a sequence are computed when, and by whom. A column depends on its own sequence alone, so that threads
// share the batch and meet at the end only.

namespace bptt::kernels {

/// The caller's among them; null: there are no others.
inline int thread_count(const Threads* threads) { return threads ? threads->count() : 1; }
/// work(k) for k = 0..parts − 1, side by side where there are threads.
template <class Work> void run(const Threads* threads, Index parts, const Work& work) noexcept {
    if (threads) return threads->run(parts, work);
    for (Index k = 0; k < parts; ++k) work(k);
}

/// Sequences that stand at the places first..last − 1 inside a layout.
struct Places {
    Index first, last;
};

/// Columns of one step, side by side: `count` from `column` on, of the sequences from `place` on. `before` is the column where
/// the first of them stood a step earlier in the run; −1: they begin here.
struct Run {
    Index column, place, count, before;

    /// From the j-th column to the next; 0 from the last, as what is beside it may be another thread's.
    Index to_next(Index j, Index stride) const { return j + 1 < count ? stride : 0; }
};

/// f(run) for the columns of step t.
template <class F> void runs_of_step(const Layout& l, bool reversed, Places p, Index t, const F& f) {
    const Index earlier = reversed ? t + 1 : t - 1, end = std::min(p.last, l.width(t));
    const bool first = earlier < 0 || earlier == l.steps;
    const Index running = first ? p.first : std::max(p.first, std::min(end, l.width(earlier)));
    if (running > p.first) f(Run{l.start(t) + p.first, p.first, running - p.first, l.start(earlier) + p.first});
    if (end > running) f(Run{l.start(t) + running, running, end - running, -1});
}
/// f(run) for all columns of these places, each after the one it depends on.
template <class F> void for_each_run(const Layout& l, bool reversed, Places p, const F& f) {
    for (Index k = 0; k < l.steps; ++k) runs_of_step(l, reversed, p, reversed ? l.steps - 1 - k : k, f);
}
/// The same, each before the one it depends on.
template <class F> void for_each_run_back(const Layout& l, bool reversed, Places p, const F& f) {
    for (Index k = 0; k < l.steps; ++k) runs_of_step(l, reversed, p, reversed ? k : l.steps - 1 - k, f);
}

/// Into how many shards a batch is cut: narrower ones than a few columns would waste more than another thread gives.
inline Index shard_count(const Layout& l, int threads) {
    constexpr Index narrowest = 4;
    return std::clamp<Index>(l.batch / narrowest, 1, threads);
}
/// Shard k of `shards`, all with about as many columns.
inline Places shard(const Layout& l, Index shards, Index k) {
    const auto begin = [&](Index n) {
        if (l.even() || n == shards) return part(l.batch, shards, n);
        Index place = 0;
        for (Index columns = 0; columns * shards < n * l.columns(); ++place) columns += l.length(l.sequence(place));
        return place;
    };
    return {begin(k), begin(k + 1)};
}

}  // namespace bptt::kernels
