#include "bptt/train/best.hpp"

#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"

using namespace bptt;

TEST_CASE("Best: the least loss, and how many came after it") {
    Best best;
    CHECK(best.loss() == inf);
    CHECK(best.since() == 0);
    CHECK(best.improved(3));
    CHECK(!best.improved(3));
    CHECK(!best.improved(4));
    CHECK(best.since() == 2);
    CHECK(best.loss() == 3);
    CHECK(best.improved(2));
    CHECK(best.since() == 0);
    CHECK(best.improved(-5));
    CHECK(best.loss() == -5);
}

TEST_CASE("Best: what is not finite never is the best") {
    Best best;
    for (const double loss : {NaN, inf, -inf}) CHECK(!best.improved(loss));
    CHECK(best.since() == 3);
    CHECK(best.improved(1e300));
    for (const double loss : {NaN, inf, -inf}) CHECK(!best.improved(loss));
    CHECK(best.loss() == 1e300);
    CHECK(best.since() == 3);
}

TEST_CASE("Best: a threshold is a share of the least, below zero too") {
    Best best;
    CHECK(best.improved(2, 0.25));
    CHECK(!best.improved(1.5, 0.25));
    CHECK(best.improved(1.4375, 0.25));
    CHECK(best.improved(-2, 0.25));
    CHECK(!best.improved(-2.5, 0.25));
    CHECK(best.improved(-2.625, 0.25));
    Best refusing;
    CHECK_THROWS(refusing.improved(1, -1));
    CHECK(refusing.loss() == inf);
}

TEST_CASE("Plateau: after more than patience losses without a better one the rate falls, not below the least") {
    Plateau plateau({.factor = 0.5, .patience = 2, .threshold = 0, .least = 0.3});
    std::vector<double> rates;
    double rate = 1;
    for (const double loss : {5.0, 4.0, 4.0, 6.0, 4.0, 4.0, 4.0, NaN, 3.0, 3.0, 3.0, 3.0})
        rates.push_back(rate = plateau(rate, loss));
    CHECK(rates == std::vector<double>{1, 1, 1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3});
    CHECK(plateau(0.1, 9) == 0.1);  // a rate below the least is not raised
    Plateau at_once({.factor = 0, .patience = 0});
    CHECK(at_once(1, 2) == 1);
    CHECK(at_once(1, 2) == 0);
}

TEST_CASE("Plateau: a misfit throws, and counts for nothing") {
    Plateau plateau({.factor = 0.5, .patience = 1});
    CHECK(plateau(1, 2) == 1);
    CHECK_THROWS_WITH(plateau(NaN, 2), ContainsSubstring("Plateau: rate is nan"));
    plateau.options.patience = -1;
    CHECK_THROWS_WITH(plateau(1, 2), ContainsSubstring("Plateau: patience is -1"));
    plateau.options.patience = 1;
    CHECK(plateau(1, 2) == 1);
    CHECK(plateau(1, 2) == 0.5);
    CHECK(plateau(0, 1) == 0);
    for (const double rate : {-1.0, inf}) CHECK_THROWS_WITH(plateau(rate, 2), ContainsSubstring("not finite and 0 or more"));
    for (const double wrong : {-1.0, NaN, inf}) {
        CHECK_THROWS_WITH(Plateau({.factor = wrong}), ContainsSubstring("factor is "));
        CHECK_THROWS_WITH(Plateau({.threshold = wrong}), ContainsSubstring("threshold is "));
        CHECK_THROWS_WITH(Plateau({.least = wrong}), ContainsSubstring("least is "));
    }
    CHECK_THROWS_WITH(Plateau({.factor = 1}), ContainsSubstring("factor is 1, not at least 0 and below 1"));
    CHECK(Plateau({.factor = 0, .patience = 0, .threshold = 0, .least = 0})(0.5, 1) == 0.5);
}

TEST_CASE("Plateau: while it waits after a fall, nothing falls") {
    Plateau plateau({.factor = 0.5, .patience = 1});
    std::vector<double> rates;
    double rate = 8;
    for (int k = 0; k < 8; ++k) rates.push_back(rate = plateau(rate, 1));
    CHECK(rates == std::vector<double>{8, 8, 4, 4, 2, 2, 1, 1});
}
