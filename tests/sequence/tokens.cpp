#include "bptt/sequence/tokens.hpp"

#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/core/random.hpp"
#include "catch.hpp"
#include "support/failures.hpp"

using namespace bptt;

template <class X>
concept LendsLayout = requires(X&& x) {
    std::forward<X>(x).layout();
};
template <class X>
concept LendsIds = requires(X&& x) {
    std::forward<X>(x).ids();
};
static_assert(LendsLayout<Tokens&> && !LendsLayout<Tokens> && LendsIds<const Tokens&> && !LendsIds<const Tokens>);
static_assert(std::is_nothrow_move_constructible_v<Tokens> && std::is_nothrow_move_assignable_v<Tokens>);

namespace {

using Indices = std::vector<Index>;

Indices ids(const Tokens& x) { return {x.ids().begin(), x.ids().end()}; }
Indices lengths(const Tokens& x) {
    const Layout l = x.layout();
    Indices all;
    for (Index b = 0; b < l.batch; ++b) all.push_back(l.length(b));
    return all;
}
/// The sequences that the tokens hold, each on its own.
std::vector<Indices> apart(const Tokens& x) {
    const Layout l = x.layout();
    REQUIRE(std::ssize(x.ids()) == l.columns());
    std::vector<Indices> sequences(static_cast<std::size_t>(l.batch));
    l.for_each_column([&](Index column, Index t, Index b) {
        auto& s = sequences[static_cast<std::size_t>(b)];
        CHECK(std::ssize(s) == t);
        s.push_back(x.ids()[static_cast<std::size_t>(column)]);
    });
    return sequences;
}

const std::vector<Indices> uneven{{1}, {2, 3, 4}, {}, {5, 6}}, even{{1, 2}, {3, 4}, {5, 6}};

}  // namespace

TEST_CASE("tokens: own their indices and layout") {
    Tokens a({1, 2, 3, 4}, 2);
    CHECK(a.layout() == Layout{2, 2});
    CHECK(ids(a) == Indices{1, 2, 3, 4});
    const Tokens nothing;
    CHECK(nothing.layout() == Layout{});
    CHECK(nothing.ids().empty());
}

TEST_CASE("tokens: of sequences of unequal lengths") {
    const auto x = Tokens::of({{1, 2, 3}, {4}, {}, {5, 6}});
    CHECK(ids(x) == Indices{1, 5, 4, 2, 6, 3});
    CHECK(x.layout().steps == 3);
    CHECK(lengths(x) == Indices{3, 1, 0, 2});
    CHECK_FALSE(x.layout().even());
}

TEST_CASE("tokens: of sequences of equal lengths") {
    const auto x = Tokens::of(even);
    CHECK(ids(x) == Indices{1, 3, 5, 2, 4, 6});
    CHECK(x.layout() == Layout{3, 2});
    const auto one = Tokens::of({{7, 8, 9}});
    CHECK(ids(one) == Indices{7, 8, 9});
    CHECK(one.layout() == Layout{1, 3});
}

TEST_CASE("tokens: of empty sequences") {
    const auto none = Tokens::of({{}, {}}), one = Tokens::of({Indices{}});
    CHECK(none.layout() == Layout{2, 0});
    CHECK(none.ids().empty());
    CHECK(one.layout() == Layout{1, 0});
}

TEST_CASE("tokens: each sequence comes out as it went in") {
    Rng rng(1);
    for (int k = 0; k < 100; ++k) {
        std::vector<Indices> sequences(static_cast<std::size_t>(1 + rng.below(7)));
        for (auto& s : sequences)
            for (Index n = rng.below(7); n > 0; --n) s.push_back(rng.below(1000));
        CAPTURE(sequences);
        CHECK(apart(Tokens::of(sequences)) == sequences);
    }
}

TEST_CASE("tokens: a long sequence beside many short ones takes no more than they hold") {
    std::vector<Indices> sequences(10001, Indices{7});  // a rectangle would be 16 GB
    sequences[5000].resize(200000);
    std::iota(sequences[5000].begin(), sequences[5000].end(), Index{0});
    Tokens x;
    CHECK(peak_memory([&] { x = Tokens::of(sequences); }) < 4'000'000);
    CHECK(x.layout().steps == 200000);
    REQUIRE(std::ssize(x.ids()) == 210000);
    for (const auto& [column, id] : {std::pair{0, 0}, {1, 7}, {10000, 7}, {10001, 1}, {209999, 199999}})
        CHECK(x.ids()[static_cast<std::size_t>(column)] == id);
}

TEST_CASE("tokens: what lies beyond a length is not kept") {
    const Indices rectangle{1, 2, -9, 3, 4, -9, -9, 5, -9, -9, -9, -9};
    const Tokens x(rectangle, 3, Indices{2, 3, 0});
    CHECK(ids(x) == Indices{2, 1, 4, 3, 5});
    CHECK(apart(x) == std::vector<Indices>{{1, 3}, {2, 4, 5}, {}});
    CHECK(ids(Tokens(rectangle, 3, Indices{0, 0, 0})).empty());
    CHECK(ids(Tokens(rectangle, 3, Indices{1, 1, 1})) == Indices{1, 2, -9});
    CHECK(ids(Tokens(rectangle, 3)) == rectangle);
}

TEST_CASE("tokens: a copy has a layout of its own") {
    auto original = std::make_unique<Tokens>(Tokens::of(uneven));
    const Tokens copy(*original);
    Tokens assigned = Tokens::of(even), shorter = Tokens::of({{1}, {}});
    assigned = *original;
    shorter = *original;
    for (const Tokens* x : {&copy, &std::as_const(assigned), &std::as_const(shorter)}) {
        CHECK(x->layout() == original->layout());
        CHECK(x->layout().table != original->layout().table);
    }
    original->assign(Indices{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 4, Indices{3, 2, 1, 0});
    CHECK(apart(copy) == uneven);
    original.reset();
    for (const Tokens* x : {&copy, &std::as_const(assigned), &std::as_const(shorter)}) CHECK(apart(*x) == uneven);
    assigned = Tokens::of(even);
    CHECK(assigned.layout() == Layout{3, 2});
    CHECK(apart(assigned) == even);
    const Tokens of_even = assigned;
    CHECK(apart(of_even) == even);
}

TEST_CASE("tokens: what was moved has a right layout") {
    auto original = std::make_unique<Tokens>(Tokens::of(uneven));
    Tokens moved = std::move(*original), assigned = Tokens::of(even);
    original.reset();
    CHECK(apart(moved) == uneven);
    assigned = std::move(moved);
    moved = Tokens::of({{9}, {8, 7}});
    CHECK(apart(assigned) == uneven);
    CHECK(apart(moved) == std::vector<Indices>{{9}, {8, 7}});
    std::vector<Tokens> many;
    for (int k = 0; k < 10; ++k) many.push_back(k % 2 ? Tokens::of(uneven) : Tokens::of(even));
    for (int k = 0; k < 10; ++k) CHECK(apart(many[static_cast<std::size_t>(k)]) == (k % 2 ? uneven : even));
}

TEST_CASE("tokens: moved from, they are a batch of nothing") {
    Tokens x = Tokens::of(uneven), y = Tokens::of(even);
    const Tokens taken = std::move(x);
    y = std::move(x);
    for (const Tokens* empty : {&std::as_const(x), &std::as_const(y)}) {
        CHECK(empty->layout() == Layout{});
        CHECK(empty->ids().empty());
    }
}

TEST_CASE("tokens: literal ones with lengths") {
    CHECK(apart(Tokens({1, 2, 3, -9}, 2, {2, 1})) == std::vector<Indices>{{1, 3}, {2}});
}

TEST_CASE("tokens: assigned itself, it stays as it is") {
    for (const auto& sequences : {uneven, even}) {
        auto x = Tokens::of(sequences);
        const auto& same = x;
        x = same;
        CHECK(apart(x) == sequences);
    }
}

TEST_CASE("tokens: new contents replace the old, even or not, in their memory") {
    const Indices rectangle{1, 2, 3, 4, 5, 6, 7, 8};
    const std::vector<std::pair<Indices, std::vector<Indices>>> contents{
        {{3, 4}, {{1, 3, 5}, {2, 4, 6, 8}}}, {{2, 2}, {{1, 3}, {2, 4}}},   {{1, 0}, {{1}, {}}},
        {{}, {{1, 3, 5, 7}, {2, 4, 6, 8}}},  {{0, 4}, {{}, {2, 4, 6, 8}}}, {{0, 0}, {{}, {}}}};
    for (const auto& [first, old_sequences] : contents)
        for (const auto& [second, sequences] : contents) {
            CAPTURE(first, second);
            Tokens x(rectangle, 2, first);
            CHECK(apart(x) == old_sequences);
            const Layout before = x.layout();
            const Index* memory = x.ids().data();
            x.assign(rectangle, 2, second);
            CHECK(apart(x) == sequences);
            CHECK(x.ids().data() == memory);
            const bool fits = x.layout().table_size() <= before.table_size();
            if (!x.layout().even() && fits) CHECK(x.layout().table == before.table);
            x.assign(rectangle, 2, first);
            CHECK(apart(x) == old_sequences);
        }
}

TEST_CASE("tokens: refused contents leave the old") {
    const Indices wrong{7, 7, 7, 7, 7, 7};
    for (const auto& sequences : {uneven, even}) {
        auto x = Tokens::of(sequences);
        const Tokens before = x;
        CHECK_THROWS_WITH(x.assign(wrong, 2, Indices{1, 2, 3}), ContainsSubstring("3 lengths for a batch of 2"));
        CHECK_THROWS_WITH(x.assign(x.ids().last(1), 1), ContainsSubstring("the ids are its own"));
        CHECK(x.layout() == before.layout());
        CHECK(ids(x) == ids(before));
        CHECK(apart(x) == sequences);
        const auto memory = x.ids();
        CHECK_THROWS(x.assign(Indices(1000), 7));
        CHECK(x.ids().data() == memory.data());
    }
}

#if defined(BPTT_OWN_MALLOC)
namespace {
struct Assign {
    Tokens x = Tokens::of({{1, 2}, {3}});
    Indices rectangle{1, 2, 3, 4, 5, 6, 7, 8, 9}, others{3, 2, 1};
    void run() { x.assign(rectangle, 3, others); }
    std::string text() const {
        std::ostringstream out;
        for (const auto& s : apart(x))
            for (const Index id : s) out << id << (id == s.back() ? '\n' : ' ');
        return out.str();
    }
    std::string promised() const { return text(); }
    std::string result() const { return text(); }
};
}  // namespace

namespace {
struct OfSequences {
    Tokens x = Tokens::of({{9}});
    void run() { x = Tokens::of(uneven); }
    std::string promised() const { return std::to_string(ids(x).size()); }
    std::string result() const {
        CHECK(apart(x) == uneven);
        return promised();
    }
};
}  // namespace

TEST_CASE("tokens: where memory is short, none are made") { CHECK(check_failures<OfSequences>() == 5); }

TEST_CASE("tokens: where memory is short, the old contents stay") { CHECK(check_failures<Assign>() == 2); }
#endif
