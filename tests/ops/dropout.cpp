#include "bptt/ops/dropout.hpp"

#include <cstring>
#include <limits>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

template <class T> Mat<T> dropped(const Mat<T>& x, double p, Rng& rng) {
    Tape<T> tape;
    return dropout(tape.constant(x), p, Training{rng}).value();
}
template <class T> bool same_bits(const Mat<T>& a, const Mat<T>& b) {
    return shape(a) == shape(b) && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(T)) == 0;
}
bool same_state(Rng a, Rng b) { return a.next() == b.next(); }

/// Numbers that a multiplication by 1, an addition of 0 or a mask would change.
template <class T> Mat<T> odd_numbers() {
    Mat<T> x(3, 2);
    x << T(-0.0), T(inf), T(-inf), std::numeric_limits<T>::denorm_min(), T(1) / 3, T(NaN);
    return x;
}

}  // namespace

TEMPLATE_TEST_CASE("dropout: the mean stays, the share p is dropped, element by element", "", float, double) {
    Rng rng(1);
    const Mat<TestType> x = random_mat(3, 5, rng, 1, 2).template cast<TestType>();
    constexpr int draws = 10000;
    for (const double p : {0.1, 0.25, 0.5, 0.9}) {
        Mat<double> total = Mat<double>::Zero(3, 5), zeros = total;
        for (int k = 0; k < draws; ++k) {
            const Mat<double> y = dropped(x, p, rng).template cast<double>();
            total += y;
            zeros += (y.array() == 0).matrix().template cast<double>();
        }
        for (Index k = 0; k < x.size(); ++k) {  // within 4 standard errors
            CHECK_THAT(total(k) / draws, WithinAbs(double{x(k)}, 4 * double{x(k)} * std::sqrt(p / (1 - p) / draws)));
            CHECK_THAT(zeros(k) / draws, WithinAbs(p, 4 * std::sqrt(p * (1 - p) / draws)));
        }
    }
}

TEMPLATE_TEST_CASE("dropout: what is kept grows by 1 / (1 - p), one number is drawn an element", "", float, double) {
    Rng rng(2), own(2);
    const Mat<TestType> x = Mat<TestType>::Constant(7, 5, TestType(3));
    const Mat<TestType> y = dropped(x, 0.25, rng);
    for (Index k = 0; k < x.size(); ++k) CHECK_THAT(double{y(k)}, WithinAbs(own.uniform() >= 0.25 ? 4.0 : 0.0, 1e-6));
    CHECK(same_state(rng, own));
}

TEST_CASE("dropout: a fresh mask for each row, each column and each call") {
    Rng rng(3);
    const Mat<double> x = Mat<double>::Ones(64, 64), y = dropped(x, 0.5, rng), again = dropped(x, 0.5, rng);
    for (Index k = 0; k < 64; ++k) {
        CHECK(y.row(k) != again.row(k));
        CHECK(y.col(k) != again.col(k));
        for (Index j = 0; j < k; ++j) {
            CHECK(y.row(k) != y.row(j));
            CHECK(y.col(k) != y.col(j));
        }
    }
    // one mask tells nothing of the other: both drop a quarter
    const double both = (y + again).cwiseEqual(0).cast<double>().mean();
    CHECK_THAT(both, WithinAbs(0.25, 4 * std::sqrt(0.25 * 0.75 / 4096)));
}

TEST_CASE("dropout: the same seed drops the same, another seed others") {
    Rng rng(4), same(4), other(5);
    const Mat<float> x = Mat<float>::Ones(8, 8), y = dropped(x, 0.5, rng);
    CHECK(dropped(x, 0.5, same) == y);
    CHECK(dropped(x, 0.5, other) != y);
}

TEMPLATE_TEST_CASE("dropout: with p = 0, and without training, it is x itself", "", float, double) {
    Rng rng(6);
    Tape<TestType> tape;
    const auto x = tape.variable(odd_numbers<TestType>());
    for (const auto& y : {dropout(x, 0, Training{rng}), dropout(x, 0.5, {}), dropout(x, 1, {}), dropout(x, 0, {})})
        CHECK(same_bits<TestType>(y.value(), odd_numbers<TestType>()));
    CHECK(same_state(rng, Rng(6)));
    const auto y = dropout(x, 0.5, {});
    CHECK(y.value().data() == x.value().data());
    backward(sum(y));
    CHECK(x.grad() == Mat<TestType>::Ones(3, 2));
    CHECK(y.grad().data() == x.grad().data());
}

TEMPLATE_TEST_CASE("dropout: p = 1 gives zeros, and no gradient", "", float, double) {
    Rng rng(7);
    Tape<TestType> tape;
    const auto x = tape.variable(odd_numbers<TestType>());
    const auto y = dropout(x, 1, Training{rng});
    CHECK(y.value() == Mat<TestType>::Zero(3, 2));
    backward(sum(y % y + y));
    CHECK(x.grad() == Mat<TestType>::Zero(3, 2));
}

TEST_CASE("dropout: gradients") {
    for_shapes([](Shape s, Rng& rng) {
        const double p = rng.uniform(0.1, 0.9);
        const auto seed = rng.next();
        const auto drop = [&](Var<double> x) {
            Rng own(seed);
            return dropout(x, p, Training{own});
        };
        CHECK(check_op(drop, random_mat(s.rows, s.cols, rng)));
        CHECK(check_op([&](auto x) { return drop(x) % x + x; }, random_mat(s.rows, s.cols, rng)));
    });
}

TEST_CASE("dropout: the gradient has the mask of the value, and its scale") {
    Rng rng(8);
    const Mat<double> weights = random_mat(9, 7, rng);
    for (const double p : {0.2, 0.5, 0.99}) {
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>::Ones(9, 7));
        const auto y = dropout(x, p, Training{rng});
        rng.next();  // what is drawn later is no matter
        backward(sum(y % tape.constant(weights)));
        CHECK((x.grad() - y.value().cwiseProduct(weights)).cwiseAbs().maxCoeff() < 1e-12);
        CHECK(x.grad().cwiseEqual(0) == y.value().cwiseEqual(0));
    }
}

TEST_CASE("dropout: a constant's is a constant, empty ones stay empty, nothing is recorded under Pause") {
    Rng rng(9);
    Tape<double> tape;
    CHECK_FALSE(dropout(tape.constant(Mat<double>::Ones(2, 3)), 0.5, Training{rng}).tracked());
    CHECK(dropout(tape.variable(Mat<double>::Ones(2, 3)), 0.5, Training{rng}).tracked());
    CHECK(shape(dropout(tape.variable(Mat<double>::Zero(3, 0)), 0.5, Training{rng})) == Shape{3, 0});
    const Tape<double>::Pause pause(tape);
    CHECK_FALSE(dropout(tape.variable(Mat<double>::Ones(2, 3)), 0.5, Training{rng}).tracked());
}

TEST_CASE("dropout: what throws draws nothing") {
    Rng rng(10);
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 6));
    const auto xs = sequence(x, 2);
    for (const double p : {-0.1, -1e-300, 1 + 1e-15, 1.5, inf, -inf, NaN}) {
        CAPTURE(p);
        CHECK_THROWS_AS(dropout(x, p, Training{rng}), std::invalid_argument);
        CHECK_THROWS_AS(dropout(x, p, {}), std::invalid_argument);
        CHECK_THROWS_AS(dropout(xs, p, Training{rng}), std::invalid_argument);
        CHECK_THROWS_AS(dropout(xs, p, {}), std::invalid_argument);
    }
    CHECK_THROWS_WITH(dropout(Sequence<double>{.all = x}, 0.5, Training{rng}), ContainsSubstring("it has no layout"));
    tape.clear();
    CHECK_THROWS_WITH(dropout(x, 0.5, Training{rng}), ContainsSubstring("before tape.clear()"));
    CHECK_THROWS_WITH(dropout(xs, 0.5, Training{rng}), ContainsSubstring("before tape.clear()"));
    CHECK(same_state(rng, Rng(10)));
}

TEST_CASE("dropout: a sequence keeps its layout and its direction") {
    Rng rng(11), same(11);
    Tape<double> tape;
    const auto xs = sequence(tape.variable(random_mat(5, 16, rng)), 4, {2, 4, 0, 3});
    same = rng;
    const auto y = dropout(xs, 0.5, Training{rng}), back = dropout(reversed(xs), 0.5, Training{rng});
    CHECK(y.layout == xs.layout);
    CHECK(back.layout == xs.layout);
    CHECK_FALSE(y.reversed);
    CHECK(back.reversed);
    CHECK(y.all.value() == dropped<double>(xs.all.value(), 0.5, same));
    CHECK(dropout(reversed(xs), 0.5, {}).reversed);
    CHECK(dropout(xs, 0.5, {}).all.value().data() == xs.all.value().data());
}
