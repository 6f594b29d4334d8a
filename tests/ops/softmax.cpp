#include "bptt/ops/softmax.hpp"

#include <limits>
#include <tuple>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

/// ln Σ exp(x) of each column, without care for overflow.
template <class T> Mat<double> plain_logsumexp(const Mat<T>& x) {
    return x.template cast<double>().array().exp().colwise().sum().log().matrix();
}

/// ±size in turn.
template <class T> Mat<T> alternating(Index rows, Index cols, double size) {
    return Mat<T>::NullaryExpr(rows, cols,
                               [=](Index row, Index col) { return static_cast<T>((row + col) % 2 ? -size : size); });
}

}  // namespace

TEST_CASE("softmax: gradients of the family") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng, -3, 3);
        CHECK(check_op([](auto x) { return softmax(x); }, a));
        CHECK(check_op([](auto x) { return log_softmax(x); }, a));
        CHECK(check_op([](auto x) { return logsumexp(x); }, a));
        CHECK(gradcheck([](auto x) { return std::tuple(x, softmax(x), log_softmax(x), softmax(x), logsumexp(x)); }, a));
        CHECK(check_op([](auto x) { return softmax(x) % x + log_softmax(cols(x, 0, 1)); }, a));
    });
}

TEMPLATE_TEST_CASE("softmax: values against the definitions", "", float, double) {
    for_shapes([](Shape s, Rng& rng) {
        const Mat<TestType> a = random_mat(s.rows, s.cols, rng, -3, 3).cast<TestType>();
        Tape<TestType> tape;
        const auto x = tape.constant(a);
        const Mat<double> total = plain_logsumexp(a);
        const Mat<double> log_p = a.template cast<double>() - total.replicate(s.rows, 1);
        const double limit = 16 * static_cast<double>(a.size()) * double{std::numeric_limits<TestType>::epsilon()};
        CHECK_THAT(distance(logsumexp(x).value(), total), WithinAbs(0, limit));
        CHECK_THAT(distance(log_softmax(x).value(), log_p), WithinAbs(0, limit));
        CHECK_THAT(distance(softmax(x).value(), log_p.array().exp().matrix()), WithinAbs(0, limit));
        CHECK_THAT(distance(softmax(x).value().colwise().sum(), Mat<double>::Ones(1, s.cols)), WithinAbs(0, limit));
    });
}

TEMPLATE_TEST_CASE("softmax: finite at large arguments", "", float, double) {
    for (Index n = 1; n <= 33; ++n) {
        for (const double size : {1e4, -1e4}) {
            CAPTURE(n, size);
            const Mat<TestType> a = alternating<TestType>(n, 3, size);
            const auto tops = (a.array() == a.colwise().maxCoeff().replicate(n, 1).array()).template cast<double>();
            const Mat<double> expected = tops.rowwise() / tops.colwise().sum();
            Tape<TestType> tape;
            const auto x = tape.variable(a);
            const auto y = softmax(x), log_y = log_softmax(x), total = logsumexp(x);
            CHECK_THAT(distance(y.value(), expected), WithinAbs(0, 1e-5));
            CHECK_THAT(distance(total.value(),
                                (a.colwise().maxCoeff().template cast<double>().array() + tops.colwise().sum().log()).matrix()),
                       WithinAbs(0, 1e-2));
            CHECK_THAT(
                distance(log_y.value(), a.template cast<double>() - total.value().template cast<double>().replicate(n, 1)),
                WithinAbs(0, 1e-2 * static_cast<double>(n)));
            backward(sum(y) + sum(rows(log_y, 0, 1)) + sum(total));
            CHECK(x.grad().allFinite());
        }
    }
}

TEMPLATE_TEST_CASE("logsumexp: infinite where the largest is, either way", "", float, double) {
    const auto infinite = TestType(inf);
    Tape<TestType> tape;
    const auto y = logsumexp(tape.constant(Mat<TestType>{{infinite, -infinite, infinite}, {0, -infinite, -infinite}}));
    CHECK(y.value() == Mat<TestType>{{infinite, -infinite, infinite}});
}

TEMPLATE_TEST_CASE("softmax: classes at minus infinity have no part", "", float, double) {
    for (Index n = 2; n <= 33; ++n) {
        CAPTURE(n);
        Mat<TestType> a = Mat<TestType>::Zero(n, 2);
        a.col(0).tail(n - 1).setConstant(-TestType(inf));
        a(n - 1, 1) = -TestType(inf);
        Tape<TestType> tape;
        const auto x = tape.variable(a);
        const auto y = softmax(x), log_y = log_softmax(x), total = logsumexp(x);
        const double rest = static_cast<double>(n - 1);
        CHECK(y.value()(0, 0) == 1);
        CHECK_THAT(distance(y.value().col(0).tail(n - 1), Mat<double>::Zero(n - 1, 1)), WithinAbs(0, 1e-30));
        CHECK_THAT(distance(y.value().col(1).head(n - 1), Mat<double>::Constant(n - 1, 1, 1 / rest)), WithinAbs(0, 1e-5));
        CHECK_THAT(total.value()(0, 0), WithinAbs(0, 1e-6));
        CHECK_THAT(total.value()(0, 1), WithinAbs(std::log(rest), 1e-5));
        CHECK_THAT(log_y.value()(0, 1), WithinAbs(-std::log(rest), 1e-5));
        CHECK(log_y.value()(n - 1, 0) == -TestType(inf));
        backward(sum(rows(log_y, 0, 1)) + sum(y) + sum(total));
        CHECK(x.grad().allFinite());
    }
}

TEMPLATE_TEST_CASE("softmax: NaN fills its own column, and no other", "", float, double) {
    for (Index n = 1; n <= 33; ++n) {
        for (Index at = 0; at < n; ++at) {
            CAPTURE(n, at);
            Mat<TestType> a = Mat<TestType>::Constant(n, 3, TestType(0.5));
            a(at, 1) = TestType(NaN);
            Tape<TestType> tape;
            const auto x = tape.constant(a);
            for (const Mat<TestType>& y : {Mat<TestType>(softmax(x).value()), Mat<TestType>(log_softmax(x).value()),
                                           Mat<TestType>(logsumexp(x).value())}) {
                CHECK(y.col(1).array().isNaN().all());
                CHECK(y.col(0).allFinite());
                CHECK(y.col(2).allFinite());
            }
        }
    }
}

TEMPLATE_TEST_CASE("softmax: NaN in the input or the gradient reaches the gradient of its column", "", float, double) {
    Mat<TestType> a = Mat<TestType>::Zero(5, 3);
    a(3, 1) = TestType(NaN);
    const auto column_is_nan = [](Var<TestType> x) {
        return x.grad().col(1).array().isNaN().all() && x.grad().col(0).allFinite() && x.grad().col(2).allFinite();
    };
    Tape<TestType> tape;
    const auto p = tape.variable(a), q = tape.variable(a), r = tape.variable(a);
    const auto u = tape.variable(Mat<TestType>::Zero(5, 3)), v = tape.variable(Mat<TestType>::Zero(5, 3));
    backward(sum(softmax(p)) + sum(log_softmax(q)) + sum(logsumexp(r)) + sum(softmax(u) % tape.constant(a)) +
             sum(log_softmax(v) % tape.constant(a)));
    for (const auto& x : {p, q, r, u, v}) CHECK(column_is_nan(x));
}

TEST_CASE("softmax: a common summand changes nothing, one class is certain") {
    Rng rng(1);
    const auto a = random_mat(5, 4, rng);
    Tape<double> tape;
    const auto x = tape.constant(a), shifted = x + 1000;
    CHECK_THAT(distance(softmax(x).value(), softmax(shifted).value()), WithinAbs(0, 1e-11));
    CHECK_THAT(distance(log_softmax(x).value(), log_softmax(shifted).value()), WithinAbs(0, 1e-10));
    CHECK_THAT(distance((logsumexp(x) + 1000).value(), logsumexp(shifted).value()), WithinAbs(0, 1e-11));
    CHECK(softmax(rows(x, 0, 1)).value() == Mat<double>::Ones(1, 4));
    CHECK(log_softmax(rows(x, 0, 1)).value() == Mat<double>::Zero(1, 4));
    CHECK(logsumexp(rows(x, 0, 1)).value() == a.row(0));
}

TEST_CASE("softmax: no columns are fine, and of a constant it is one") {
    Tape<double> tape;
    const auto none = tape.variable(Mat<double>::Zero(3, 0)), c = tape.constant(Mat<double>::Zero(3, 2));
    CHECK(shape(softmax(none)) == Shape{3, 0});
    CHECK(shape(log_softmax(none)) == Shape{3, 0});
    CHECK(shape(logsumexp(none)) == Shape{1, 0});
    for (const auto& y : {softmax(c), log_softmax(c), logsumexp(c)}) CHECK_FALSE(y.tracked());
}
