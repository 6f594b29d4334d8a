#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/text/pairs.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;

/// The sequences of a batch.
std::vector<Ids> sequences(const Tokens& tokens) {
    std::vector<Ids> all(static_cast<std::size_t>(tokens.layout().batch));
    tokens.layout().for_each_column([&](Index column, Index, Index b) {
        all[static_cast<std::size_t>(b)].push_back(tokens.ids()[static_cast<std::size_t>(column)]);
    });
    return all;
}

/// Pair k: a source and a target with up to 9 symbols, among them k itself.
std::vector<Pair> sample(Index size, Rng& rng) {
    std::vector<Pair> pairs;
    for (Index k = 0; k < size; ++k) {
        Pair pair{std::to_string(k), std::to_string(k)};
        for (Index n = rng.below(9); n > 0; --n) pair.source += " s";
        for (Index n = rng.below(9); n > 0; --n) pair.target += " t";
        pairs.push_back(pair);
    }
    return pairs;
}

struct Vocabularies {
    explicit Vocabularies(const std::vector<Pair>& pairs) {
        std::vector<std::string> sources, targets;
        for (const Pair& pair : pairs) {
            sources.push_back(pair.source);
            targets.push_back(pair.target);
        }
        source = Vocabulary(sources, {.unit = Unit::word});
        target = Vocabulary(targets, {.unit = Unit::word, .unk = true, .bos = true, .eos = true});
    }
    Vocabulary source, target;
};

/// Of each batch the sources, as text.
std::vector<std::string> order(const auto& batches, const Vocabulary& source) {
    std::vector<std::string> all;
    for (const PairBatch& batch : batches) {
        std::string& line = all.emplace_back();
        for (const Ids& ids : sequences(batch.sources)) line += (line.empty() ? "" : ",") + source.decode(ids);
    }
    return all;
}

}  // namespace

static_assert(std::ranges::input_range<PairBatches>);

TEST_CASE("pair_batches: sources bare, inputs after BOS, targets before EOS") {
    const Vocabulary source("a b c", {.unit = Unit::word, .unk = true, .bos = true, .eos = true});
    const Vocabulary target("xy", {.bos = true, .eos = true});
    const PairBatches batches = pair_batches({{"a b d", "xy"}, {"c", "y"}, {"b", ""}}, source, target);
    CHECK(batches.size() == 1);
    const auto first = batches.begin();
    const PairBatch& batch = *first;
    CHECK(sequences(batch.sources) == std::vector<Ids>{{4}, {5}, {3, 4, 0}});
    CHECK(sequences(batch.inputs) == std::vector<Ids>{{0}, {0, 3}, {0, 2, 3}});
    CHECK(sequences(batch.targets) == std::vector<Ids>{{1}, {3, 1}, {2, 3, 1}});
    CHECK(batch.inputs.layout() == batch.targets.layout());
}

TEST_CASE("pair_batches: by length of source, then of target, then in the order given, 64 unless told otherwise") {
    const std::vector<Pair> pairs = {{"aaa", "b"}, {"ab", "bb"}, {"b", "bbb"}, {"ba", "b"},
                                     {"bb", "a"},  {"aab", "a"}, {"a", ""}};
    const Vocabulary source("ab"), target("ab", {.bos = true, .eos = true});
    const auto in = [&](Index batch) { return order(pair_batches(pairs, source, target, {.batch = batch}), source); };
    using Lines = std::vector<std::string>;
    CHECK(in(1) == Lines{"a", "b", "ba", "bb", "ab", "aaa", "aab"});
    CHECK(in(3) == Lines{"a,b,ba", "bb,ab,aaa", "aab"});
    CHECK(in(7) == Lines{"a,b,ba,bb,ab,aaa,aab"});
    CHECK(in(std::numeric_limits<Index>::max()) == in(7));
    CHECK(pair_batches(pairs, source, target, {.batch = 3}).size() == 3);
    std::vector<Pair> equal;
    for (const char c : std::string_view("the quick brown fox jumps over a lazy dog")) equal.push_back({{c}, "a"});
    const Vocabulary letters("the quick brown fox jumps over a lazy dog");
    CHECK(
        order(pair_batches(equal, letters, target), letters).front().starts_with("t,h,e, ,q,u,i,c,k, ,b,r,o,w,n, ,f,o,x, ,j"));
    const std::vector<Pair> many(129, {"a", "b"});
    CHECK(pair_batches(many, source, target).size() == 3);
    CHECK(pair_batches(many, source, target).begin()->sources.layout() == Layout{64, 1});
}

TEST_CASE("PairBatches: every order has each pair once, in batches of like lengths") {
    Rng rng(3);
    const auto pairs = sample(1000, rng);
    const Vocabularies v(pairs);
    auto batches = pair_batches(pairs, v.source, v.target, {.batch = 16});
    for (int epoch = 0; epoch < 5; ++epoch) {
        std::vector<int> seen(pairs.size());
        bool same_pair = true, alike = true;
        Index count = 0, full = 0;
        for (const PairBatch& batch : batches) {
            const auto sources = sequences(batch.sources), inputs = sequences(batch.inputs), targets = sequences(batch.targets);
            for (std::size_t b = 0; b < sources.size(); ++b) {
                const std::string name = v.source[sources[b].front()];
                const Pair& pair = pairs[std::stoul(name)];
                ++seen[std::stoul(name)];
                same_pair &= v.source.decode(sources[b]) == pair.source && v.target.decode(inputs[b]) == pair.target &&
                             v.target.decode(targets[b]) == pair.target;
            }
            const auto [shortest, longest] = std::ranges::minmax(sources, {}, &Ids::size);
            alike &= longest.size() - shortest.size() <= 1;
            full += batch.sources.layout().batch == 16;
            ++count;
        }
        CHECK(std::ranges::count(seen, 1) == 1000);
        CHECK(same_pair);
        CHECK(alike);
        CHECK(full == 62);
        CHECK(count == 63);
        CHECK(batches.size() == 63);
        batches.shuffle(rng);
    }
}

TEST_CASE("PairBatches::shuffle: the seed alone says the order, on every platform") {
    const std::vector<Pair> pairs = {{"a", "x"}, {"b", "x"}, {"c", "x"}, {"d", "x"}, {"ee", "x"}, {"ff", "x"}, {"ggg", "x"}};
    const Vocabulary source("abcdefg"), target("x", {.bos = true, .eos = true});
    auto batches = pair_batches(pairs, source, target, {.batch = 2}), other = batches;
    const auto plain = order(batches, source);
    Rng rng(1), again(1);
    batches.shuffle(rng);
    const auto first = order(batches, source);
    CHECK(first == std::vector<std::string>{"ggg", "ff,ee", "d,a", "b,c"});
    batches.shuffle(rng);
    CHECK(order(batches, source) == std::vector<std::string>{"ff,ee", "a,d", "c,b", "ggg"});
    CHECK(order(other, source) == plain);
    Rng different(2);
    other.shuffle(different);  // has no say in the next
    other.shuffle(again);
    CHECK(order(other, source) == first);
}

TEST_CASE("PairBatches::shuffle: pairs of equal lengths meet anew, and batches come in any order") {
    const std::vector<Pair> pairs = {{"a", "x"}, {"b", "x"}, {"c", "x"}, {"dd", "x"}, {"ee", "xx"}};
    const Vocabulary source("abcde"), target("x", {.bos = true, .eos = true});
    auto batches = pair_batches(pairs, source, target, {.batch = 2});
    Rng rng(5);
    std::map<std::string, int> seen;
    std::set<std::string> first;
    for (int epoch = 0; epoch < 600; ++epoch) {
        batches.shuffle(rng);
        const auto lines = order(batches, source);
        for (const std::string& line : lines) ++seen[line];
        first.insert(lines.front());
    }
    for (const std::string line : {"a,b", "b,a", "a,c", "c,a", "b,c", "c,b"}) CHECK(std::abs(seen[line] - 100) < 40);
    for (const std::string line : {"a,dd", "b,dd", "c,dd"}) CHECK(std::abs(seen[line] - 200) < 60);
    CHECK(seen["ee"] == 600);
    CHECK(seen.size() == 10);
    CHECK(first.size() == 10);
}

TEST_CASE("PairBatches: every batch is the same object, walks start anew") {
    const std::vector<Pair> pairs = {{"a", "x"}, {"aa", "xx"}, {"aaa", "x"}};
    const auto batches = pair_batches(pairs, Vocabulary("a"), Vocabulary("x", {.bos = true, .eos = true}), {.batch = 1});
    const PairBatch* object = nullptr;
    for (const PairBatch& batch : batches) {
        if (!object) object = &batch;
        CHECK(&batch == object);
    }
    CHECK(std::ranges::distance(batches.begin(), batches.end()) == 3);
    CHECK(batches.begin()->sources.layout().steps == 1);
    auto at = batches.begin();
    at++;
    CHECK(at->sources.layout().steps == 2);
}

TEST_CASE("pair_batches: no pairs, batches of none and unknown symbols are refused") {
    const Vocabulary source("a"), target("x", {.bos = true, .eos = true});
    for (const Index batch : {-1, 0})
        REQUIRE_THROWS_WITH(pair_batches({{"a", "x"}}, source, target, {.batch = batch}),
                            "pair_batches: batch is " + std::to_string(batch) + ", not positive");
    CHECK_THROWS_WITH(pair_batches({}, source, target), "pair_batches: no pairs");
    CHECK_THROWS_WITH(pair_batches({{"a", "x"}, {"b", "x"}}, source, target),
                      "pair_batches: the source of pair 1, \"b\": Vocabulary: unknown symbol \"b\"");
    CHECK_THROWS_WITH(pair_batches({{"a", "x"}, {"a", "xy"}}, source, target),
                      "pair_batches: the target of pair 1, \"xy\": Vocabulary: unknown symbol \"y\"");
}

TEST_CASE("pair_batches: a target without EOS is refused") {
    const Vocabulary words("a b", Unit::word), endless("xy", {.bos = true});
    CHECK_THROWS_WITH(pair_batches({{"a b", "x"}}, words, endless), "Vocabulary: it was made without eos");
}

TEST_CASE("PairBatches::from: what is left after some batches, and nothing after all") {
    const std::vector<Pair> pairs = {{"a", "x"}, {"b", "x"}, {"c", "x"}, {"d", "x"}, {"ee", "x"}};
    const Vocabulary source("abcde");
    auto batches = pair_batches(pairs, source, Vocabulary("x", {.bos = true, .eos = true}), {.batch = 2});
    Rng rng(3);
    batches.shuffle(rng);
    const auto all = order(batches, source);
    REQUIRE(all.size() == 3);
    for (Index k = 0; k <= 3; ++k) CHECK(order(batches.from(k), source) == std::vector(all.begin() + k, all.end()));
    CHECK_THROWS_WITH(batches.from(4), "Buckets::from: k is 4, of 3 batches");
}
