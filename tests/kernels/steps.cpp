#include "bptt/kernels/steps.hpp"

#include <set>
#include <vector>

#include "bptt/sequence/tokens.hpp"
#include "catch.hpp"

using namespace bptt;
using namespace bptt::kernels;

namespace {

/// For each column the one before it in its run, −1 − sequence where it is the first; by the definition.
std::vector<Index> before_each_column(const Layout& l, bool reversed) {
    std::vector<Index> before;
    l.for_each_column([&](Index, Index t, Index sequence) {
        const Index earlier = reversed ? t + 1 : t - 1;
        const bool first = earlier < 0 || earlier == l.length(sequence);
        before.push_back(first ? -1 - sequence : l.start(earlier) + l.place(sequence));
    });
    return before;
}

void check_runs(const Tokens& tokens, Index shards) {
    const Layout l = tokens.layout();
    for (const bool reversed : {false, true}) {
        const auto expected = before_each_column(l, reversed);
        std::vector<Index> seen;
        for (Index k = 0; k < shards; ++k) {
            std::set<Index> done;
            std::vector<Run> runs;
            for_each_run(l, reversed, shard(l, shards, k), [&](Run r) { runs.push_back(r); });
            for (const Run& r : runs)
                for (Index j = 0; j < r.count; ++j) {
                    const Index before = r.before < 0 ? -1 - l.sequence(r.place + j) : r.before + j;
                    CHECK(before == expected[static_cast<std::size_t>(r.column + j)]);
                    CHECK((before < 0 || done.contains(before)));
                    done.insert(r.column + j);
                    seen.push_back(r.column + j);
                }
            std::set<Index> open = done;
            for_each_run_back(l, reversed, shard(l, shards, k), [&](Run r) {
                for (Index j = 0; j < r.count; ++j) {
                    open.erase(r.column + j);
                    CHECK((r.before < 0 || open.contains(r.before + j)));
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
            for_each_run(l, false, shard(l, shards, k), [&](Run r) { columns += r.count; });
            CHECK(std::abs(columns - l.columns() / shards) <= 100);
        }
    CHECK(shard_count(l, 4) == 4);
    CHECK(shard_count(l, 1) == 1);
    CHECK(shard_count({7, 10}, 4) == 1);
    CHECK(shard_count({8, 10}, 4) == 2);
}
