#include "bptt/kernels/steps.hpp"

#include <set>
#include <utility>
#include <vector>

#include "bptt/sequence/tokens.hpp"
#include "catch.hpp"

namespace bptt::kernels {

namespace {

/// All runs of these places, each after the one that it depends on; `back`: each before it.
template <class F> void for_each_run(const Layout& l, bool reversed, Places places, bool back, const F& f) {
    for_each_step({.begin = 0, .end = l.steps}, reversed != back, [&](Index t) { runs_of_step(l, reversed, places, t, f); });
}

/// For each column the one before it in its sequence, −1 − sequence where it is the first; by the definition.
std::vector<Index> previous_columns(const Layout& l, bool reversed) {
    std::vector<Index> previous;
    l.for_each_column([&](Index, Index t, Index sequence) {
        const Index earlier = reversed ? t + 1 : t - 1;
        const bool first = earlier < 0 || earlier == l.length(sequence);
        previous.push_back(first ? -1 - sequence : l.start(earlier) + l.place(sequence));
    });
    return previous;
}

void check_runs(const Tokens& tokens, Index shards) {
    const Layout l = tokens.layout();
    for (const bool reversed : {false, true}) {
        const auto expected = previous_columns(l, reversed);
        std::vector<Index> seen;
        for (Index k = 0; k < shards; ++k) {
            std::set<Index> done;
            std::vector<Run> runs;
            for_each_run(l, reversed, shard(l, shards, k), false, [&](Run r) { runs.push_back(r); });
            for (const Run& r : runs)
                for (Index j = 0; j < r.count; ++j) {
                    const Index previous = r.previous_column < 0 ? -1 - l.sequence(r.place + j) : r.previous_column + j;
                    CHECK(previous == expected[static_cast<std::size_t>(r.column + j)]);
                    CHECK((previous < 0 || done.contains(previous)));
                    done.insert(r.column + j);
                    seen.push_back(r.column + j);
                }
            std::set<Index> open = done;
            for_each_run(l, reversed, shard(l, shards, k), true, [&](Run r) {
                for (Index j = 0; j < r.count; ++j) {
                    open.erase(r.column + j);
                    CHECK((r.previous_column < 0 || open.contains(r.previous_column + j)));
                }
            });
            CHECK(open.empty());
        }
        std::ranges::sort(seen);
        CHECK(static_cast<Index>(seen.size()) == l.columns());
        for (Index k = 0; k < l.columns(); ++k) CHECK(seen[static_cast<std::size_t>(k)] == k);
    }
}

}  // namespace

TEST_CASE("steps: each column comes once, after the one it depends on") {
    const Tokens tokens[] = {Tokens::of({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {4, 5, 6}, {4, 5, 6}}),
                             Tokens::of({{1}, {1, 2, 3, 4, 5}, {}, {1, 2, 3}, {1, 2, 3}, {1, 2}, {}}), Tokens::of({{1}}),
                             Tokens::of({{}, {}})};
    for (const Tokens& each : tokens)
        for (Index shards = 1; shards <= 4; ++shards) check_runs(each, shards);
}

TEST_CASE("steps: shards have about as many columns") {
    std::vector<std::vector<Index>> sequences;
    for (std::size_t k = 1; k <= 32; ++k) sequences.emplace_back((100 * k + 31) / 32, Index{0});
    const Tokens tokens = Tokens::of(sequences);
    const Layout l = tokens.layout();
    for (const Index shards : {2, 3, 4})
        for (Index k = 0; k < shards; ++k) {
            Index columns = 0;
            for_each_run(l, false, shard(l, shards, k), false, [&](Run r) { columns += r.count; });
            CHECK(std::abs(columns - l.columns() / shards) <= 100);
        }
    CHECK(shard_count(l, 4) == 4);
    CHECK(shard_count(l, 1) == 1);
    CHECK(shard_count({7, 10}, 4) == 1);
    CHECK(shard_count({8, 10}, 4) == 2);
}

TEST_CASE("steps: chunks have as many steps as fit, at least one, in the order of the run") {
    const Tokens ragged = Tokens::of({{1, 2, 3, 4, 5}, {1, 2, 3}, {1, 2, 3}});  // 3, 3, 3, 1 and 1 columns
    const Layout l = ragged.layout();
    using Pairs = std::vector<std::pair<Index, Index>>;
    const auto chunks = [&](bool reversed, Index most_columns) {
        Pairs all;
        for_each_chunk(l, reversed, most_columns, [&](Steps chunk) { all.emplace_back(chunk.begin, chunk.end); });
        return all;
    };
    CHECK(chunks(false, 0) == Pairs{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}});
    CHECK(chunks(true, 0) == Pairs{{4, 5}, {3, 4}, {2, 3}, {1, 2}, {0, 1}});
    CHECK(chunks(false, 6) == Pairs{{0, 2}, {2, 5}});
    CHECK(chunks(true, 5) == Pairs{{2, 5}, {1, 2}, {0, 1}});
    CHECK(chunks(false, 11) == Pairs{{0, 5}});

    const auto columns = [&](Steps chunk, Places places) {
        const auto [first, count] = columns_of(l, chunk, places);
        return std::pair(first, count);
    };
    CHECK(columns({.begin = 1, .end = 4}, {.begin = 0, .end = 3}) == std::pair<Index, Index>(3, 7));
    CHECK(columns({.begin = 2, .end = 3}, {.begin = 1, .end = 2}) == std::pair<Index, Index>(7, 1));
    CHECK(columns({.begin = 4, .end = 5}, {.begin = 1, .end = 3}).second == 0);
    CHECK(chunk_room(l, 1) == (widest > 3 ? 11 : 3));  // three sequences are as wide as a block of few registers
    CHECK(chunk_room({1, 1000}, 1) == columns_at_once);
    CHECK(chunk_room({8, 1000}, 2) == 8);
}

}  // namespace bptt::kernels
