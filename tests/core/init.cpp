#include "bptt/core/init.hpp"

#include "catch.hpp"

using namespace bptt;

TEST_CASE("init: a random matrix is drawn column by column") {
    double next = 0;
    CHECK(random_matrix<double>(2, 3, [&] { return ++next; }) == Mat<double>{{1, 3, 5}, {2, 4, 6}});
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

TEST_CASE("init: orthogonal is the Q of normal numbers whose R has a positive diagonal") {
    Rng rng(3);
    for (Index n : {1, 2, 3, 17, 64})
        for (int k = 0; k < 10; ++k) {
            Rng same = rng;
            const Mat<double> a = random_matrix<double>(n, n, [&] { return same.normal(); });
            const Mat<double> r = orthogonal<double>(n, rng).transpose() * a;
            CHECK(r.diagonal().minCoeff() > 0);
            CHECK(r.triangularView<Eigen::StrictlyLower>().toDenseMatrix().cwiseAbs().maxCoeff() < 1e-13);
        }
    for (int k = 0; k < 20000; ++k) {  // among them columns that are nearly ±(1, 0), where the wrong reflection cancels
        Rng same = rng;
        const Mat<double> a = random_matrix<double>(2, 2, [&] { return same.normal(); }), q = orthogonal<double>(2, rng);
        const double below = q.col(1).dot(a.col(0));
        if (std::abs(below) > 1e-14) FAIL("off by " << below << " for\n" << a);
    }
}

TEST_CASE("init: row blocks stand on top of each other, in order") {
    double next = 0;
    const Mat<double> m = row_blocks<double>(3, [&] { return Mat<double>::Constant(2, 2, ++next); });
    CHECK(m.rows() == 6);
    for (Index k = 0; k < 3; ++k) CHECK(m.middleRows(2 * k, 2) == Mat<double>::Constant(2, 2, static_cast<double>(k + 1)));
}
