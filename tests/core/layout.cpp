#include "bptt/core/layout.hpp"

#include <functional>
#include <numeric>
#include <sstream>
#include <tuple>
#include <vector>

#include "bptt/core/random.hpp"
#include "catch.hpp"

using namespace bptt;

static_assert(std::is_trivially_copyable_v<Layout> && std::is_trivially_destructible_v<Layout>);

namespace {

using Lengths = std::vector<Index>;
constexpr Index untouched = -77;

/// A layout and the memory of its table, with a number more than was asked for.
struct Made {
    std::vector<Index> table;
    int rooms = 0;
    Layout layout;

    explicit Made(const Lengths& lengths, Index wider = 0)
        : layout(Layout::of("here", (std::ranges::max(lengths) + wider) * std::ssize(lengths), std::ssize(lengths), lengths,
                            [&](Index n) {
                                ++rooms;
                                table.assign(static_cast<std::size_t>(n) + 1, untouched);
                                return table.data();
                            })) {}
    Made(const Made&) = delete;
};

Layout refused(Index columns, Index batch, const Lengths& lengths) {
    return Layout::of("here", columns, batch, lengths, [](Index) -> Index* { throw std::logic_error("room was asked for"); });
}

std::string printed(const Layout& l) {
    std::ostringstream out;
    out << l;
    return out.str();
}

Lengths random_lengths(int kind, Index batch, Rng& rng) {
    Lengths lengths;
    const Index below = kind % 2 ? 7 : 3;
    for (Index b = 0; b < batch; ++b) lengths.push_back(rng.below(below));
    switch (kind % 7) {
        case 0:
            std::ranges::sort(lengths);
            break;
        case 1:
            std::ranges::sort(lengths, std::greater());
            break;
        case 2:
            std::ranges::fill(lengths, lengths[0]);
            break;
        case 3:
            lengths[0] = 0;
            break;
        default:
            break;
    }
    return lengths;
}

/// Calls body(lengths) for 210 random ones.
void for_random_lengths(const std::function<void(const Lengths&)>& body) {
    Rng rng(1);
    for (int kind = 0; kind < 210; ++kind) {
        const Lengths lengths = random_lengths(kind, 1 + rng.below(7), rng);
        CAPTURE(lengths);
        body(lengths);
    }
}

}  // namespace

TEST_CASE("layout: of equal lengths it is plain arithmetic") {
    const Layout l{3, 4};
    CHECK(l.even());
    CHECK(l.in_order());
    CHECK(l.columns() == 12);
    CHECK(l.start(2) == 6);
    CHECK(l.start(4) == l.columns());
    CHECK(l.width(1) == 3);
    CHECK(l.place(2) == 2);
    CHECK(l.sequence(1) == 1);
    CHECK(l.length(2) == 4);
    CHECK(l.table_size() == 0);
}

TEST_CASE("layout: starts, widths, places and lengths are those that counting gives") {
    for_random_lengths([](const Lengths& lengths) {
        const Made made(lengths);
        const Layout& l = made.layout;
        const Index* n = lengths.data();
        CHECK(l.batch == std::ssize(lengths));
        CHECK(l.steps == std::ranges::max(lengths));
        CHECK(l.columns() == std::reduce(lengths.begin(), lengths.end()));
        CHECK(l.in_order() == std::ranges::is_sorted(lengths, std::greater()));
        for (Index b = 0; b < l.batch; ++b) {
            Index ahead = 0;
            for (Index a = 0; a < l.batch; ++a) ahead += n[a] > n[b] || (n[a] == n[b] && a < b);
            CHECK(l.place(b) == ahead);
            CHECK(l.sequence(ahead) == b);
            CHECK(l.length(b) == n[b]);
        }
        for (Index t = 0; t <= l.steps; ++t) {
            Index earlier = 0, running = 0;
            for (const Index k : lengths) earlier += std::min(k, t), running += k > t;
            CHECK(l.start(t) == earlier);
            if (t < l.steps) CHECK(l.width(t) == running);
        }
    });
}

TEST_CASE("layout: every column is visited once, in order") {
    for_random_lengths([](const Lengths& lengths) {
        const Made made(lengths);
        const Layout& l = made.layout;
        Index next = 0;
        std::vector<std::pair<Index, Index>> visited, expected;
        l.for_each_column([&](Index column, Index t, Index b) {
            CHECK(column == next++);
            CHECK(column == l.start(t) + l.place(b));
            visited.emplace_back(t, b);
        });
        for (Index t = 0; t < 7; ++t)
            for (Index b = 0; b < l.batch; ++b)
                if (t < lengths[static_cast<std::size_t>(b)]) expected.emplace_back(t, b);
        std::ranges::sort(visited);
        CHECK(visited == expected);
    });
}

TEST_CASE("layout: only unequal lengths have a table, made once, filled wholly and not beyond") {
    for_random_lengths([](const Lengths& lengths) {
        const Made made(lengths);
        const bool equal = std::ranges::count(lengths, lengths[0]) == std::ssize(lengths);
        CHECK(made.layout.even() == equal);
        CHECK(made.rooms == (equal ? 0 : 1));
        if (equal) return;
        CHECK(std::ssize(made.table) == made.layout.table_size() + 1);
        CHECK(made.table.back() == untouched);
        CHECK(std::ranges::count(made.table, untouched) == 1);
    });
}

TEST_CASE("layout: sequences stand by falling length, equal ones in the user's order") {
    const Made made({2, 0, 3, 2, 0, 3});
    const Layout& l = made.layout;
    CHECK(Lengths(l.order(), l.order() + l.batch) == Lengths{2, 5, 0, 3, 1, 4});
    CHECK(l.start(1) == 4);
    CHECK(l.start(2) == 8);
    CHECK(l.columns() == 10);
    CHECK_FALSE(l.in_order());
}

TEST_CASE("layout: so many equal sequences that a sort may move them keep the user's order") {
    Lengths lengths(100, 1);
    lengths[50] = 0;
    const Made made(lengths);
    for (Index b = 0; b < 100; ++b) CHECK(made.layout.place(b) == (b < 50 ? b : b == 50 ? 99 : b - 1));
}

TEST_CASE("layout: steps are those of the longest, however wide the rectangle") {
    for (const Lengths& lengths : {Lengths{1, 3, 2}, Lengths{3, 3, 3}, Lengths{0, 0, 0}, Lengths{0, 0, 1}}) {
        const Made narrow(lengths), wide(lengths, 4);
        CHECK(wide.layout.steps == std::ranges::max(lengths));
        CHECK(wide.layout == narrow.layout);
        CHECK(wide.layout.table_size() == narrow.layout.table_size());
    }
    CHECK(refused(12, 3, {}) == Layout{3, 4});
    CHECK(refused(12, 3, {4, 4, 4}) == Layout{3, 4});
    CHECK(refused(0, 3, {}) == Layout{3, 0});
    CHECK(refused(5, 1, {2}) == Layout{1, 2});
}

TEST_CASE("layout: compared by what it says") {
    CHECK(Layout{3, 4} == Layout{3, 4});
    CHECK_FALSE(Layout{3, 4} == Layout{4, 3});
    CHECK_FALSE(Layout{3, 4} == Layout{3, 5});
    const std::vector<Lengths> all{{3, 1, 2}, {3, 2, 1}, {1, 2, 3}, {2, 1, 3}, {3, 1, 1},    {3, 3, 3},
                                   {3, 3, 1}, {2, 1, 2}, {3, 1},    {1, 3},    {3, 1, 2, 0}, {3, 3, 1, 1}};
    for (const Lengths& a : all)
        for (const Lengths& b : all) {
            const Made one(a), other(b);
            CAPTURE(a, b);
            CHECK((one.layout == other.layout) == (a == b));
        }
    const Made one({3, 1, 2});
    CHECK(one.layout == one.layout);
    CHECK_FALSE(one.layout == Layout{3, 3});
}

TEST_CASE("layout: prints its lengths in the user's order, at most 12 of them") {
    CHECK(printed({3, 4}) == "3 sequences of 4");
    CHECK(printed({1, 2}) == "1 sequence of 2");
    CHECK(printed({20, 2}) == "20 sequences of 2");
    CHECK(printed(Made({2, 0, 3}).layout) == "3 sequences of 2,0,3");
    Lengths lengths{12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    CHECK(printed(Made(lengths).layout) == "12 sequences of 12,1,2,3,4,5,6,7,8,9,10,11");
    lengths.push_back(99);
    CHECK(printed(Made(lengths).layout) == "13 sequences of 12,1,2,3,4,5,6,7,8,9,10,11,…");
}

TEST_CASE("layout: what makes no sense is refused before there is room for it") {
    using Case = std::tuple<Index, Index, Lengths, std::string>;
    for (const auto& [columns, batch, lengths, message] :
         {Case{6, 0, {}, "here: batch is 0, not positive"}, Case{6, -2, {1, 2}, "here: batch is -2, not positive"},
          Case{0, 0, {}, "here: batch is 0"}, Case{7, 2, {1, 2}, "here: 7 columns do not divide into a batch of 2"},
          Case{6, 2, {1}, "here: 1 lengths for a batch of 2"}, Case{6, 2, {1, 2, 3}, "here: 3 lengths for a batch of 2"},
          Case{6, 2, {3, -1}, "here: the length of sequence 1 is -1, outside 0..3"},
          Case{6, 2, {4, -1}, "here: the length of sequence 0 is 4, outside 0..3"},
          Case{6, 2, {4, 4}, "here: the length of sequence 0 is 4, outside 0..3"},
          Case{9, 3, {0, 3, 4}, "here: the length of sequence 2 is 4, outside 0..3"},
          Case{0, 2, {0, 1}, "here: the length of sequence 1 is 1, outside 0..0"}}) {
        CHECK_THROWS_AS(refused(columns, batch, lengths), std::invalid_argument);
        CHECK_THROWS_WITH(refused(columns, batch, lengths), ContainsSubstring(message));
    }
    const auto room = [](Index) -> Index* { throw std::logic_error("room was asked for"); };
    CHECK_THROWS_WITH(Layout::of("here", Lengths{2, -1}, room), "here: the length of sequence 1 is -1, negative");
    CHECK_THROWS_WITH(Layout::of("here", Lengths{}, room), "here: batch is 0, not positive");
}

TEST_CASE("layout: two that differ are named, and the first sequence that does") {
    const Made a({3, 1, 2}), b({3, 2, 1}), same({3, 1, 2}), c({3, 1});
    CHECK_NOTHROW(check_same_layout("op", a.layout, same.layout));
    CHECK_NOTHROW(check_same_layout("op", Layout{3, 4}, Layout{3, 4}));
    const auto check_named = [](const Layout& x, const Layout& y, const std::string& message) {
        CHECK_THROWS_AS(check_same_layout("op", x, y), std::invalid_argument);
        CHECK_THROWS_WITH(check_same_layout("op", x, y), message);
    };
    check_named(a.layout, b.layout, "op: 3 sequences of 3,1,2 against 3 sequences of 3,2,1; sequence 1 has 1 steps against 2");
    check_named(Layout{3, 3}, a.layout, "op: 3 sequences of 3 against 3 sequences of 3,1,2; sequence 1 has 3 steps against 1");
    check_named(Layout{2, 3}, Layout{2, 4}, "op: 2 sequences of 3 against 2 sequences of 4; sequence 0 has 3 steps against 4");
    check_named(a.layout, c.layout, "op: 3 sequences of 3,1,2 against 2 sequences of 3,1");
    check_named(c.layout, a.layout, "op: 2 sequences of 3,1 against 3 sequences of 3,1,2");
    check_named(Layout{2, 3}, Layout{3, 3}, "op: 2 sequences of 3 against 3 sequences of 3");
}
