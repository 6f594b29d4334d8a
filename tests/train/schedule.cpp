#include "bptt/train/schedule.hpp"

#include <cstdint>
#include <limits>

#include "catch.hpp"
#include "support/numbers.hpp"

using namespace bptt;

TEST_CASE("schedule::step, exponential: the formula") {
    for (std::int64_t t = 0; t < 40; ++t) {
        CHECK_THAT(schedule::exponential(t, {.rate = 0.3, .factor = 0.9}), WithinRel(0.3 * std::pow(0.9, t), 1e-14));
        CHECK_THAT(schedule::step(t, {.rate = 0.3, .every = 7}), WithinRel(0.3 * std::pow(0.1, t / 7), 1e-14));
    }
    CHECK(schedule::step(6, {.rate = 2, .every = 7, .factor = 0.5}) == 2);
    CHECK(schedule::step(7, {.rate = 2, .every = 7, .factor = 0.5}) == 1);
    CHECK(schedule::step(13, {.rate = 2, .every = 7, .factor = 0.5}) == 1);
    CHECK(schedule::step(14, {.rate = 2, .every = 7, .factor = 0.5}) == 0.5);
}

TEST_CASE("schedule::cosine: from the rate to the least, halfway at half time, and there it stays") {
    const schedule::Cosine o{.rate = 0.9, .steps = 80, .least = 0.1};
    CHECK(schedule::cosine(0, o) == 0.9);
    CHECK_THAT(schedule::cosine(20, o), WithinRel(0.5 + 0.4 * std::sqrt(0.5), 1e-14));
    CHECK_THAT(schedule::cosine(40, o), WithinRel(0.5, 1e-14));
    CHECK(schedule::cosine(80, o) == 0.1);
    CHECK(schedule::cosine(81, o) == 0.1);
    CHECK(schedule::cosine(1'000'000, o) == 0.1);
    CHECK(schedule::cosine(90, {.rate = 0.9, .steps = 80}) == 0);
    for (std::int64_t t = 0; t < 80; ++t) CHECK(schedule::cosine(t, o) > schedule::cosine(t + 1, o));
}

TEST_CASE("schedule::warm_up: rises evenly to 1, and stays") {
    CHECK(schedule::warm_up(0, 4) == 0.25);
    CHECK(schedule::warm_up(2, 4) == 0.75);
    CHECK(schedule::warm_up(3, 4) == 1);
    CHECK(schedule::warm_up(4, 4) == 1);
    CHECK(schedule::warm_up(0, 1) == 1);
}

TEST_CASE("schedule: what has not begun is as at its start, and no step is too late") {
    constexpr auto never = std::numeric_limits<std::int64_t>::min(), last = std::numeric_limits<std::int64_t>::max();
    for (const auto t : {never, std::int64_t{-1}}) {
        CHECK(schedule::exponential(t, {.rate = 0.3, .factor = 0.9}) == 0.3);
        CHECK(schedule::step(t, {.rate = 0.3, .every = 1}) == 0.3);
        CHECK(schedule::cosine(t, {.rate = 0.3, .steps = 9}) == 0.3);
        CHECK(schedule::warm_up(t, 4) == 0.25);
    }
    CHECK(schedule::exponential(last, {.rate = 0.3, .factor = 0.9}) == 0);
    CHECK(schedule::step(last, {.rate = 0.3, .every = 1}) == 0);
    CHECK(schedule::cosine(last, {.rate = 0.3, .steps = 9, .least = 0.01}) == 0.01);
    CHECK(schedule::warm_up(last, 4) == 1);
}

TEST_CASE("schedule: what is not given is refused, and a rate of 0 stays 0") {
    CHECK_THROWS_WITH(schedule::exponential(1, {.rate = 1}), "exponential: factor is nan, not finite and 0 or more");
    CHECK_THROWS_WITH(schedule::exponential(1, {.factor = 1}), "exponential: rate is nan, not finite and 0 or more");
    CHECK_THROWS_WITH(schedule::step(1, {.every = 1}), "step: rate is nan, not finite and 0 or more");
    CHECK_THROWS_WITH(schedule::step(1, {.rate = 1}), "step: every is 0, not positive");
    CHECK_THROWS_WITH(schedule::cosine(1, {.steps = 1}), "cosine: rate is nan, not finite and 0 or more");
    CHECK_THROWS_WITH(schedule::cosine(1, {.rate = 1}), "cosine: steps is 0, not positive");
    CHECK(schedule::exponential(100'000, {.rate = 0, .factor = 2}) == 0);
}
