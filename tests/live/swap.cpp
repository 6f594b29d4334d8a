#include "bptt/live/swap.hpp"

#include "catch.hpp"
#include "live/reference.hpp"
#include "support/malloc.hpp"

using namespace bptt;

TEMPLATE_TEST_CASE("weights are swapped between two steps, from the state that is, without an allocation", "", Lstm<float>,
                   OwnCell<float>) {
    Rng rng(1);
    const auto first = of_floats(TestType(1, 5, rng), rng), second = of_floats(TestType(1, 5, rng), rng),
               third = of_floats(TestType(1, 5, rng), rng);
    Swappable live(stream(first));
    CHECK_FALSE(live.swap());
    auto plain = stream(first);
    for (int t = 0; t < 3; ++t) CHECK(live->step(0.5f) == plain.step(0.5f));
    live.prepare(stream(third));  // nobody takes it
    live.prepare(stream(second));
    CHECK(live->step(0.25f) == plain.step(0.25f));
    auto other = stream(second);
    other.set_state(plain.state());
    const long before = allocations();
    CHECK(live.swap());
    CHECK_FALSE(live.swap());
    const long after = allocations();
    CHECK(after == before);
    for (int t = 0; t < 3; ++t) CHECK(live->step(0.5f) == other.step(0.5f));
    for (int k = 0; k < 3; ++k) {  // replaced ones that wait to be freed
        live.prepare(stream(k % 2 == 0 ? first : third));
        CHECK(live.swap());
    }
    auto last = stream(first);
    last.set_state((*live).state());
    CHECK(live->step(-0.5f) == last.step(-0.5f));
}

TEST_CASE("Swappable::prepare refuses a stream of other sizes, and goes on as before") {
    Rng rng(2);
    const Lstm<float> lstm(1, 5, rng);
    Swappable live(stream(lstm, Linear<float>(5, 1, rng)));
    const auto refuses = [&](auto other, const std::string& words) {
        CHECK_THROWS_WITH(live.prepare(std::move(other)), ContainsSubstring(words));
        CHECK_FALSE(live.swap());
    };
    refuses(stream(Lstm<float>(2, 5, rng), Linear<float>(5, 1, rng)),
            "Swappable::prepare: the stream has 2 inputs, 1 outputs and 1 voices, not 1, 1 and 1");
    refuses(stream(Lstm<float>(1, 5, rng), Linear<float>(5, 2, rng)), "has 1 inputs, 2 outputs");
    refuses(stream(Lstm<float>(1, 6, rng), Linear<float>(6, 1, rng)), "the stream has 6 units, not 5");
    auto gone = stream(lstm);
    const auto taken = std::move(gone);
    Swappable bare(stream(lstm));
    CHECK_THROWS_WITH(bare.prepare(std::move(gone)), ContainsSubstring("0 inputs"));
    CHECK(std::isfinite(live->step(1.0f)(0)));
}
