#include "bptt/kernels/packet.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace bptt;
using bptt::kernels::Packet;

TEMPLATE_TEST_CASE("packet: a part of one reads and writes nothing else", "", float, double) {
    using P = Packet<TestType>;
    std::array<TestType, P::size> from, all;
    for (std::size_t k = 0; k < from.size(); ++k) from[k] = static_cast<TestType>(k + 1);
    for (Index n = 0; n < P::size; ++n) {
        P::load(from.data() + (P::size - n), n, 9).store(all.data());
        for (Index k = 0; k < P::size; ++k)
            CHECK(all[static_cast<std::size_t>(k)] == static_cast<TestType>(k < n ? P::size - n + k + 1 : 9));
        P::load(from.data(), n).store(all.data());
        for (Index k = 0; k < P::size; ++k) CHECK(all[static_cast<std::size_t>(k)] == static_cast<TestType>(k < n ? k + 1 : 0));
        all.fill(-1);
        P::load(from.data()).store(all.data(), n);
        for (Index k = 0; k < P::size; ++k)
            CHECK(all[static_cast<std::size_t>(k)] == static_cast<TestType>(k < n ? k + 1 : -1));
    }
}

TEMPLATE_TEST_CASE("packet: exp, its sum and its highest", "", float, double) {
    using P = Packet<TestType>;
    constexpr auto infinity = std::numeric_limits<TestType>::infinity();
    std::array<TestType, P::size> x, y;
    double total = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        x[k] = static_cast<TestType>(k % 3) - static_cast<TestType>(0.3) * static_cast<TestType>(k);
        total += std::exp(static_cast<double>(x[k]));
    }
    const P e = exp(P::load(x.data()));
    e.store(y.data());
    for (std::size_t k = 0; k < x.size(); ++k) CHECK(std::abs(y[k] - std::exp(x[k])) <= 1e-6 * std::exp(x[k]));
    CHECK(std::abs(sum(e) - total) <= 1e-6 * total);
    CHECK(highest(e) == *std::max_element(y.begin(), y.end()));
    CHECK(highest(larger(e, P::of(100))) == 100);
    CHECK(highest(larger(P::of(-infinity), e)) == highest(e));
    CHECK(highest(exp(P::of(0))) == 1);
    CHECK(highest(exp(P::of(-infinity))) < 1e-37);
    CHECK(std::isnan(highest(exp(P::of(std::numeric_limits<TestType>::quiet_NaN())))));
}

TEMPLATE_TEST_CASE("packet: a number on one side", "", float, double) {
    using P = Packet<TestType>;
    const P six = P::of(6);
    CHECK(highest(2 * six) == 12);
    CHECK(highest(six / 2) == 3);
    CHECK(highest(six + 2) == 8);
}

#if defined(EIGEN_VECTORIZE_SSE) || defined(__aarch64__)
TEST_CASE("packet: numbers too small to be normal count as zero, until the end of a scope") {
    volatile float small = std::numeric_limits<float>::min();
    {
        const kernels::FlushDenormals flush;
        CHECK(small / 2 == 0);
    }
    CHECK(small / 2 > 0);
}
#endif
