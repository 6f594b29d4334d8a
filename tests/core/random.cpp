#include "bptt/core/random.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "bptt/core/init.hpp"
#include "catch.hpp"

using namespace bptt;

TEST_CASE("random: golden values, equal on every compiler") {
    Rng rng(42);
    CHECK(rng.next() == 13679457532755275413u);
    CHECK(rng.next() == 2949826092126892291u);
    CHECK(Rng(42).uniform() == 0x1.7bae644c5fd6dp-1);
    CHECK(Rng(42).uniform(-3, 5) == 0x1.775cc898bfadap+1);
    CHECK(Rng(42).normal() == 0x1.c3b620ee5015bp-1);
}

TEST_CASE("random: uniform and normal have their moments, below() its range") {
    Rng rng(7);
    constexpr int n = 200000;
    double sum = 0, squares = 0, normal = 0, normal_squares = 0;
    int outside = 0;
    std::array<int, 7> counts{};
    for (int k = 0; k < n; ++k) {
        const double u = rng.uniform(), z = rng.normal();
        outside += u < 0 || u >= 1 ? 1 : 0;
        sum += u, squares += u * u, normal += z, normal_squares += z * z;
        ++counts[static_cast<std::size_t>(rng.below(7))];
    }
    CHECK(outside == 0);
    // within 4 standard errors
    CHECK_THAT(sum / n, WithinAbs(0.5, 4 * std::sqrt(1.0 / 12 / n)));
    CHECK_THAT(squares / n, WithinAbs(1.0 / 3, 4 * std::sqrt(4.0 / 45 / n)));
    CHECK_THAT(normal / n, WithinAbs(0, 4 * std::sqrt(1.0 / n)));
    CHECK_THAT(normal_squares / n, WithinAbs(1, 4 * std::sqrt(2.0 / n)));
    for (int c : counts) CHECK_THAT(c / double{n}, WithinAbs(1.0 / 7, 4 * std::sqrt(6.0 / 49 / n)));
    CHECK_THROWS_WITH(rng.below(0), ContainsSubstring("n is 0"));
}

TEST_CASE("init: glorot has its support and variance") {
    Rng rng(1);
    const Mat<double> w = glorot_uniform<double>(300, 200, rng);
    const double limit = std::sqrt(6.0 / 500);
    CHECK(w.cwiseAbs().maxCoeff() < limit);
    CHECK(w.cwiseAbs().maxCoeff() > 0.999 * limit);
    CHECK_THAT(w.squaredNorm() / static_cast<double>(w.size()), WithinRel(limit * limit / 3, 0.02));
    CHECK_THAT(w.mean(), WithinAbs(0, 4 * limit / std::sqrt(3.0 * 60000)));
}

TEST_CASE("init: orthogonal is, for any size") {
    Rng rng(2);
    for (Index n : {1, 2, 3, 17, 64}) {
        const Mat<double> q = orthogonal<double>(n, rng);
        CHECK((q * q.transpose() - Mat<double>::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-14);
    }
    int positive = 0;
    for (int k = 0; k < 1000; ++k) positive += orthogonal<double>(1, rng)(0, 0) > 0 ? 1 : 0;
    CHECK_THAT(positive, WithinAbs(500, 4 * std::sqrt(250.0)));  // both signs are equally likely
}

TEST_CASE("init: negative sizes are refused") {
    Rng rng(1);
    CHECK_THROWS_WITH(glorot_uniform<float>(-2, 2, rng), ContainsSubstring("-2x2 is negative"));
    CHECK_THROWS_WITH(orthogonal<float>(-1, rng), ContainsSubstring("-1x-1 is negative"));
}

TEST_CASE("init: row blocks stand on top of each other, in order") {
    double next = 0;
    const Mat<double> m = row_blocks<double>(3, [&] { return Mat<double>::Constant(2, 2, ++next); });
    CHECK(m.rows() == 6);
    for (Index k = 0; k < 3; ++k) CHECK(m.middleRows(2 * k, 2) == Mat<double>::Constant(2, 2, static_cast<double>(k + 1)));
}

TEST_CASE("shuffle: every order is as likely as any other, and nothing is lost") {
    Rng rng(7);
    std::map<std::vector<int>, double> count;
    for (int k = 0; k < 60'000; ++k) {
        std::vector<int> all{1, 2, 3};
        shuffle(all, rng);
        ++count[all];
    }
    CHECK(count.size() == 6);
    for (const auto& [order, times] : count) CHECK_THAT(times / 60'000, WithinAbs(1.0 / 6, 4 * std::sqrt(5.0 / 36 / 60'000)));
    std::vector<int> none;
    shuffle(none, rng);
    CHECK(none.empty());
}
