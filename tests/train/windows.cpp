#include "bptt/train/windows.hpp"

#include <array>
#include <limits>
#include <numeric>
#include <ranges>
#include <utility>

#include "catch.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;

Ids counting(Index n) {
    Ids ids(static_cast<std::size_t>(n));
    std::iota(ids.begin(), ids.end(), Index{0});
    return ids;
}
Ids list(const Tokens& tokens) { return {tokens.ids().begin(), tokens.ids().end()}; }

struct Seen {
    Ids inputs, targets;
    Index stride;
    bool first;
    bool operator==(const Seen&) const = default;
};
std::vector<Seen> walk(const Ids& ids, WindowOptions options, Index from = 0) {
    std::vector<Seen> all;
    const Windows there = windows(ids, options).from(from);
    for (const auto& window : there) {
        CHECK(window.inputs.layout() == window.targets.layout());
        CHECK(window.inputs.layout().batch == options.batch);
        all.push_back({list(window.inputs), list(window.targets), window.stride, window.first});
    }
    CHECK(std::ssize(all) == there.size());
    return all;
}

template <class Vector>
concept Accepted = requires(Vector&& ids) {
    windows(std::forward<Vector>(ids), WindowOptions{});
};

}  // namespace

static_assert(Accepted<Ids&> && Accepted<const Ids&> && Accepted<std::span<const Index>>);
static_assert(!Accepted<Ids> && !Accepted<const Ids>, "windows look into the tokens: a temporary would be gone");
static_assert(std::ranges::input_range<Windows>);

TEST_CASE("windows: one stream, the last window partial") {
    const std::vector<Seen> expected = {
        {{0, 1, 2}, {1, 2, 3}, 3, true},
        {{3, 4, 5}, {4, 5, 6}, 3, false},
        {{6}, {7}, 1, false},
    };
    CHECK(walk(counting(8), {.batch = 1, .steps = 3}) == expected);
}

TEST_CASE("windows: streams lie side by side, time-major, and what does not fill all of them is left out") {
    // 0 1 2 3 4 | 5 6 7 8 9, then the targets 10 and a token too many
    const std::vector<Seen> expected = {
        {{0, 5, 1, 6}, {1, 6, 2, 7}, 2, true},
        {{2, 7, 3, 8}, {3, 8, 4, 9}, 2, false},
        {{4, 9}, {5, 10}, 1, false},
    };
    CHECK(walk(counting(12), {.batch = 2, .steps = 2}) == expected);
    CHECK(walk(counting(11), {.batch = 2, .steps = 2}) == expected);
}

TEST_CASE("windows: a stride below steps makes them overlap (k1 < k2)") {
    const std::vector<Seen> expected = {
        {{0, 1, 2, 3}, {1, 2, 3, 4}, 2, true},
        {{2, 3, 4, 5}, {3, 4, 5, 6}, 2, false},
        {{4, 5, 6}, {5, 6, 7}, 2, false},
    };
    CHECK(walk(counting(8), {.batch = 1, .steps = 4, .stride = 2}) == expected);
}

TEST_CASE("windows: stride 0 means as far as steps") {
    CHECK(walk(counting(50), {.batch = 3, .steps = 4}) == walk(counting(50), {.batch = 3, .steps = 4, .stride = 4}));
}

TEST_CASE("windows: more steps than there are make one window") {
    const std::vector<Seen> expected = {{{0, 2, 1, 3}, {1, 3, 2, 4}, 2, true}};
    CHECK(walk(counting(5), {.batch = 2, .steps = 2}) == expected);
    CHECK(walk(counting(5), {.batch = 2, .steps = 3}) == std::vector<Seen>{{{0, 2, 1, 3}, {1, 3, 2, 4}, 2, true}});
    CHECK(walk(counting(5), {.batch = 2, .steps = std::numeric_limits<Index>::max()}) == expected);
    CHECK(walk(counting(5), {.batch = 2, .steps = 100, .stride = 1}).size() == 1);
}

TEST_CASE("windows: the fewest tokens there can be") {
    CHECK(walk({7, 8}, {.batch = 1, .steps = 5}) == std::vector<Seen>{{{7}, {8}, 1, true}});
    CHECK(walk({7, 8, 9}, {.batch = 2, .steps = 5}) == std::vector<Seen>{{{7, 8}, {8, 9}, 1, true}});
}

TEST_CASE("windows: the laws hold for many sizes") {
    for (const Index n : {2, 3, 10, 31, 64, 100}) {
        for (const Index batch : {1, 2, 3, 7}) {
            const Index length = (n - 1) / batch;
            if (length == 0) continue;
            for (const Index steps : {1, 2, 5, 8, 40}) {
                for (Index stride = 0; stride <= steps; stride += 1 + stride / 3) {
                    CAPTURE(n, batch, steps, stride);
                    const auto ids = counting(n);
                    const Index k1 = stride ? stride : steps;
                    std::vector<int> covered(ids.size());
                    Index count = 0, at = 0, end = 0;
                    bool exact = true;
                    for (const auto& window : windows(ids, {.batch = batch, .steps = steps, .stride = stride})) {
                        exact &= window.first == (count == 0);
                        at = count++ * k1;
                        exact &= count == 1 || end < length;
                        end = at + window.inputs.layout().steps;
                        exact &= end == std::min(at + steps, length) && window.stride == std::min(k1, end - at);
                        for (Index k = 0; k < window.inputs.layout().columns(); ++k) {
                            const auto column = static_cast<std::size_t>(k);
                            const Index position = k % batch * length + at + k / batch;
                            exact &= window.inputs.ids()[column] == position;
                            exact &= window.targets.ids()[column] == position + 1;
                            if (k / batch < window.stride || end == length) ++covered[static_cast<std::size_t>(position)];
                        }
                    }
                    CHECK(exact);
                    CHECK(end == length);
                    CHECK(windows(ids, {.batch = batch, .steps = steps, .stride = stride}).size() == count);
                    const auto used = static_cast<std::ptrdiff_t>(batch * length);
                    CHECK(std::ranges::count(covered, 1) == used);
                    CHECK(std::all_of(covered.begin() + used, covered.end(), [](int times) { return times == 0; }));
                }
            }
        }
    }
}

TEST_CASE("windows: they can be walked again, from the start") {
    const auto ids = counting(20);
    const auto all = windows(ids, {.batch = 2, .steps = 4});
    for (int round = 0; round < 2; ++round) {
        CHECK(all.begin()->first);
        CHECK(all.begin()->inputs.ids()[0] == 0);
    }
    CHECK(std::ranges::distance(all.begin(), all.end()) == all.size());
    auto at = all.begin();
    at++;
    CHECK(at->inputs.ids()[0] == 4);
    ++at;
    CHECK(at->inputs.ids()[0] == 8);
}

TEST_CASE("windows: every window uses the same memory") {
    const auto ids = counting(1000);
    std::array<const Index*, 2> memory{};
    const Window* object = nullptr;
    for (const auto& window : windows(ids, {.batch = 3, .steps = 7, .stride = 5})) {
        const std::array<const Index*, 2> here = {window.inputs.ids().data(), window.targets.ids().data()};
        if (window.first) memory = here, object = &window;
        CHECK(here == memory);
        CHECK(&window == object);
    }
}

TEST_CASE("windows: bad options throw, with the numbers") {
    const auto ids = counting(10);
    const auto refuses = [](const Ids& tokens, WindowOptions options, const std::string& message) {
        CHECK_THROWS_WITH(windows(tokens, options), ContainsSubstring(message));
        CHECK_THROWS_AS(windows(tokens, options), std::invalid_argument);
    };
    refuses(ids, {.batch = -2, .steps = 4}, "windows: batch is -2, steps is 4");
    refuses(ids, {.batch = 2, .steps = 0}, "windows: batch is 2, steps is 0");
    refuses(ids, {.batch = 2, .steps = 4, .stride = -3}, "stride is -3");
    refuses({}, {.batch = 3, .steps = 1}, "windows: 0 tokens are too few for a batch of 3");
}

TEST_CASE("Windows::from: what is left after some windows, and nothing after all") {
    for (const Index length : {2, 7, 20, 31})
        for (const Index stride : {0, 1, 2, 3}) {
            const WindowOptions options{.batch = 2, .steps = 3, .stride = stride};
            const Ids ids = counting(length + 1);
            const auto all = walk(ids, options);
            for (Index k = 0; k <= std::ssize(all); ++k)
                CHECK(walk(ids, options, k) == std::vector(all.begin() + k, all.end()));
            if (all.size() > 2) CHECK(windows(ids, options).from(1).from(1).size() == std::ssize(all) - 2);
            CHECK_THROWS(windows(ids, options).from(std::ssize(all) + 1));
            CHECK_THROWS(windows(ids, options).from(std::ssize(all)).from(1));
        }
}
