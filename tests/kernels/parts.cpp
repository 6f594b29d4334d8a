#include "bptt/kernels/parts.hpp"

#include <tuple>

#include "catch.hpp"

using namespace bptt;
using kernels::Parts;

TEST_CASE("parts: counting and taking agree, each part begins a cache line") {
    Parts<float> counted;
    const auto take = [](Parts<float>& parts) {
        return std::tuple{parts.take(1), parts.take(0), parts.take<Index>(9), parts.take(16)};  // braces: in this order
    };
    CHECK(take(counted) == std::tuple(nullptr, nullptr, nullptr, nullptr));
    CHECK(counted.size() == 64);
    alignas(64) float numbers[64];
    Parts<float> parts(numbers);
    const auto [one, none, indices, last] = take(parts);
    CHECK(one == &numbers[0]);
    CHECK(none == &numbers[16]);
    CHECK(static_cast<void*>(indices) == &numbers[16]);
    CHECK(last == &numbers[48]);
    CHECK(parts.size() == 64);
}

TEST_CASE("parts: whole cache lines, of 64 bytes each") {
    Parts<float> parts;
    CHECK((parts.take(257), parts.size()) == 17 * 16);
    CHECK((parts.take<char>(65), parts.size()) == (17 + 2) * 16);
    CHECK((parts.take<char>(64), parts.size()) == (17 + 2 + 1) * 16);
}
