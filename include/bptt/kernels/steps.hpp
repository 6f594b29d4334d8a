#pragma once

#include <algorithm>

#include "bptt/core/layout.hpp"
#include "bptt/core/threads.hpp"
#include "bptt/kernels/gemm.hpp"

// Which columns of a sequence are computed when, and by which thread. A column depends on earlier columns of its own sequence
// only, so each thread takes some sequences of the batch through all steps, and the threads wait for each other only at the
// end. The words column, place, run, shard and chunk are explained in recurrence.hpp.

namespace bptt::kernels {

/// How many threads share the work, the calling one included; 1 without a pool.
inline int thread_count(const Threads* maybe_threads) { return maybe_threads ? maybe_threads->count() : 1; }
/// Calls work(k) for k = 0..parts − 1, at the same time where there are several threads, and returns when all calls have ended.
template <class Work> void in_parallel(const Threads* maybe_threads, Index parts, const Work& work) noexcept {
    if (maybe_threads) return maybe_threads->run(parts, work);
    for (Index k = 0; k < parts; ++k) work(k);
}

/// The places begin..end − 1 of a batch.
struct Places {
    Index begin, end;
};
/// The steps begin..end − 1 of a layout.
struct Steps {
    Index begin, end;
};
/// `count` columns that lie side by side, from the column `first` on.
struct Columns {
    Index first, count;
};

/// Columns of one step that lie side by side: `count` columns from `column` on. They belong to the sequences at the places
/// place..place + count − 1. All of these sequences had a step before this one, or none had.
struct Run {
    Index column, place, count;
    Index previous_column;  // of the first of these sequences in the step before; −1 if their first step is this one

    /// How far it is from the run's column j to its next one, for a prefetch: `stride`, or 0 from the last column, because the
    /// column after that may belong to another thread.
    Index to_next(Index j, Index stride) const { return j + 1 < count ? stride : 0; }
};

/// Calls f(run) for the runs of step t of the sequences at `places`: of those that go on, and of those that begin here.
/// `reversed`: the step before t is t + 1.
template <class F> void runs_of_step(const Layout& l, bool reversed, Places places, Index t, const F& f) {
    const Index previous_step = reversed ? t + 1 : t - 1, end = (std::min)(places.end, l.width(t));
    const bool first = previous_step < 0 || previous_step == l.steps;
    const Index begun = first ? places.begin : (std::max)(places.begin, (std::min)(end, l.width(previous_step)));
    if (begun > places.begin)
        f(Run{.column = l.start(t) + places.begin,
              .place = places.begin,
              .count = begun - places.begin,
              .previous_column = l.start(previous_step) + places.begin});
    if (end > begun) f(Run{.column = l.start(t) + begun, .place = begun, .count = end - begun, .previous_column = -1});
}
/// Calls f(t) for each of the steps, from the first to the last; `reversed`: from the last to the first.
template <class F> void for_each_step(Steps steps, bool reversed, const F& f) {
    const Index count = steps.end - steps.begin;
    for (Index k = 0; k < count; ++k) f(reversed ? steps.end - 1 - k : steps.begin + k);
}

/// Calls f(steps) for chunks of neighbouring steps, from the first step to the last; `reversed`: from the last to the first.
/// A chunk takes steps as long as they have at most `most_columns` columns together, but at least one step.
template <class F> void for_each_chunk(const Layout& l, bool reversed, Index most_columns, const F& f) {
    const auto chunk = [&](Index begin, Index end) {  // counted in the order of the calls
        return reversed ? Steps{.begin = l.steps - end, .end = l.steps - begin} : Steps{.begin = begin, .end = end};
    };
    const auto columns = [&](Steps steps) { return l.start(steps.end) - l.start(steps.begin); };
    for (Index begin = 0, end = 0; begin < l.steps; begin = end) {
        end = begin + 1;
        while (end < l.steps && columns(chunk(begin, end + 1)) <= most_columns) ++end;
        f(chunk(begin, end));
    }
}
/// The columns of a chunk at `places`. The chunk must have one step, or `places` must be the whole batch: otherwise the columns
/// do not lie side by side.
inline Columns columns_of(const Layout& l, Steps chunk, Places places) {
    const Index last = chunk.end - 1, first_column = l.start(chunk.begin) + places.begin;
    const Index end = l.start(last) + (std::min)(places.end, l.width(last));
    return {.first = first_column, .count = std::max<Index>(0, end - first_column)};
}

/// How many shards a batch is divided into. A shard of fewer than four sequences would lose more than another thread gains.
inline Index shard_count(const Layout& l, int threads) {
    constexpr Index narrowest = 4;
    return std::clamp<Index>(l.batch / narrowest, 1, threads);
}
/// The places of shard k. All shards have about the same number of columns.
inline Places shard(const Layout& l, Index shards, Index k) {
    const auto begin = [&](Index n) {
        if (l.even() || n == shards) return part(l.batch, shards, n);
        Index place = 0;
        for (Index columns = 0; columns * shards < n * l.columns(); ++place) columns += l.length(l.sequence(place));
        return place;
    };
    return {.begin = begin(k), .end = begin(k + 1)};
}

/// A product with few columns leaves registers of the micro-kernel empty. So where one shard runs a batch that is narrower than
/// a register block, W_x is multiplied by about this many columns at a time, of several steps.
inline constexpr Index columns_at_once = 8 * widest;
/// What to pass to for_each_chunk() as most_columns; 0 makes each step a chunk.
inline Index most_chunk_columns(const Layout& l, Index shards) { return shards == 1 && l.batch < widest ? columns_at_once : 0; }
/// How many columns the widest chunk has, at most.
inline Index chunk_room(const Layout& l, Index shards) {
    return (std::min)(l.columns(), (std::max)(l.batch, most_chunk_columns(l, shards)));
}

}  // namespace bptt::kernels
