#include "bptt/autograd/scratch.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#include "catch.hpp"
#include "support/malloc.hpp"

using namespace bptt;

TEST_CASE("scratch: one buffer of the tape, aligned, that only grows and counts as held") {
    Tape<double> tape;
    const std::size_t held = tape.capacity();
    double* const small = tape.scratch(100);
    CHECK(reinterpret_cast<std::uintptr_t>(small) % Arena::alignment == 0);
    std::memset(small, 1, 100 * sizeof(double));
    CHECK(tape.capacity() == held + 100 * sizeof(double));
    const long before = allocations();
    CHECK(tape.scratch(100) == small);
    CHECK(tape.scratch(40) == small);
    CHECK(tape.scratch(0) == small);
    CHECK(allocations() == before);
    [[maybe_unused]] const long peak = peak_memory([&] { std::memset(tape.scratch(100'000), 1, 100'000 * sizeof(double)); });
#if defined(BPTT_OWN_MALLOC)
    CHECK(peak >= static_cast<long>(100'000 * sizeof(double)));
#endif
    CHECK(tape.capacity() == held + 100'000 * sizeof(double));
}

TEST_CASE("scratch: its parts are counted first, and do not overlap") {
    Tape<float> tape;
    const auto [a, b] = detail::take_scratch(tape, [](auto& parts) {
        float* const first = parts.take(3);
        return std::pair(first, parts.take(50));
    });
    CHECK(b >= a + 3);
    CHECK(tape.capacity() >= static_cast<std::size_t>(b + 50 - a) * sizeof(float));
    std::memset(a, 1, 3 * sizeof(float));
    std::memset(b, 1, 50 * sizeof(float));
}
