#include "bptt/ops/arithmetic.hpp"

#include <cmath>

#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

/// Elements of size 0.5 to 1.5, of either sign.
Mat<double> away_from_zero(const Mat<double>& x) {
    return x.unaryExpr([](double v) { return std::copysign(0.5 + std::abs(v), v); });
}

}  // namespace

TEST_CASE("arithmetic: gradients of + - % / where the shapes are equal") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto b = random_mat(s.rows, s.cols, rng);
        CHECK(check_op([](auto x, auto y) { return x + y; }, a, b));
        CHECK(check_op([](auto x, auto y) { return x - y; }, a, b));
        CHECK(check_op([](auto x, auto y) { return x % y; }, a, b));
        CHECK(check_op([](auto x, auto y) { return x / y; }, a, away_from_zero(b)));
    });
}

TEST_CASE("arithmetic: gradients of + - % / with a row or a number on either side, and a column in a quotient") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = away_from_zero(random_mat(s.rows, s.cols, rng));
        for (const Shape small : {Shape{1, s.cols}, Shape{1, 1}, Shape{s.rows, 1}}) {
            const auto b = away_from_zero(random_mat(small.rows, small.cols, rng));
            CHECK(check_op([](auto x, auto y) { return x / y; }, a, b));
            CHECK(check_op([](auto x, auto y) { return y / x; }, a, b));
            if (small.cols == 1 && small.rows > 1) continue;
            CHECK(check_op([](auto x, auto y) { return x + y; }, a, b));
            CHECK(check_op([](auto x, auto y) { return y + x; }, a, b));
            CHECK(check_op([](auto x, auto y) { return x - y; }, a, b));
            CHECK(check_op([](auto x, auto y) { return y - x; }, a, b));
            CHECK(check_op([](auto x, auto y) { return x % y; }, a, b));
            CHECK(check_op([](auto x, auto y) { return y % x; }, a, b));
        }
    });
}

TEST_CASE("arithmetic: gradients of + - % with a column on either side") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto b = random_mat(s.rows, 1, rng);
        CHECK(check_op([](auto x, auto column) { return x + column; }, a, b));
        CHECK(check_op([](auto x, auto column) { return column + x; }, a, b));
        CHECK(check_op([](auto x, auto column) { return x - column; }, a, b));
        CHECK(check_op([](auto x, auto column) { return column - x; }, a, b));
        CHECK(check_op([](auto x, auto column) { return x % column; }, a, b));
        CHECK(check_op([](auto x, auto column) { return column % x; }, a, b));
    });
}

TEST_CASE("arithmetic: gradients with a number on either side, and of the negation") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const double number = rng.uniform(1, 2);
        CHECK(check_op([](auto x) { return -x; }, a));
        CHECK(check_op([=](auto x) { return x + number; }, a));
        CHECK(check_op([=](auto x) { return number + x; }, a));
        CHECK(check_op([=](auto x) { return x - number; }, a));
        CHECK(check_op([=](auto x) { return number - x; }, a));
        CHECK(check_op([=](auto x) { return x * number; }, a));
        CHECK(check_op([=](auto x) { return number * x; }, a));
        CHECK(check_op([=](auto x) { return x / number; }, a));
        CHECK(check_op([=](auto x) { return number / x; }, away_from_zero(a)));
    });
}

TEST_CASE("arithmetic: gradients with a Param on either side") {
    for_shapes([](Shape s, Rng& rng) {
        const auto x = random_mat(s.rows, s.cols, rng);
        OneParam same{random_mat(s.rows, s.cols, rng)}, column{random_mat(s.rows, 1, rng)};
        OneParam left{random_mat(1 + rng.below(5), s.rows, rng)}, right{random_mat(s.cols, 1 + rng.below(5), rng)};
        CHECK(check_op(
            left, [&](auto v) { return left.p * v; }, x));
        CHECK(check_op(
            right, [&](auto v) { return v * right.p; }, x));
        for (auto* w : {&same, &column}) {
            CHECK(check_op(
                *w, [=](auto v) { return w->p + v; }, x));
            CHECK(check_op(
                *w, [=](auto v) { return v + w->p; }, x));
            CHECK(check_op(
                *w, [=](auto v) { return w->p - v; }, x));
            CHECK(check_op(
                *w, [=](auto v) { return v - w->p; }, x));
            CHECK(check_op(
                *w, [=](auto v) { return w->p % v; }, x));
            CHECK(check_op(
                *w, [=](auto v) { return v % w->p; }, x));
            CHECK(check_op(
                *w, [=](auto v) { return w->p / v; }, away_from_zero(x)));
            w->p.value = away_from_zero(w->p.value);
            CHECK(check_op(
                *w, [=](auto v) { return v / w->p; }, x));
        }
    });
}

TEST_CASE("arithmetic: gradients of a variable that stands on both sides") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        CHECK(check_op([](auto x) { return x + x; }, a));
        CHECK(check_op([](auto x) { return x - x; }, a));
        CHECK(check_op([](auto x) { return x % x; }, a));
        CHECK(check_op([](auto x) { return x * transpose(x); }, a));
        CHECK(check_op([](auto x) { return x % cols(x, 0, 1) - cols(x, 0, 1) + x; }, a));
    });
}

TEST_CASE("arithmetic: a variable used k times has k times the gradient") {
    Rng rng(2);
    for (Index k = 1; k <= 40; ++k) {
        OneParam w{random_mat(3, 5, rng)};
        Tape<double> tape;
        const auto x = tape.variable(w.p.value);
        auto total = 2.0 * x + w.p;
        for (Index use = 1; use < k; ++use) total = total + 2.0 * x + w.p;
        backward(sum(total));
        CHECK(x.grad() == Mat<double>::Constant(3, 5, 2.0 * static_cast<double>(k)));
        CHECK(w.p.grad == Mat<double>::Constant(3, 5, static_cast<double>(k)));
    }
}

TEST_CASE("arithmetic: a second backward adds to the gradient of a Param") {
    Rng rng(3);
    OneParam w{random_mat(3, 5, rng)};
    const auto x = random_mat(3, 5, rng);
    Tape<double> tape;
    for (int k = 1; k <= 3; ++k) {
        tape.clear();
        backward(sum(w.p % tape.constant(x)));
        CHECK_THAT(distance(w.p.grad, k * x), WithinAbs(0, 1e-14));
    }
}

TEST_CASE("arithmetic: constants get no gradient, the other operand its own") {
    Rng rng(4);
    const auto a = random_mat(3, 5, rng), b = random_mat(3, 5, rng), column = random_mat(3, 1, rng), w = random_mat(5, 4, rng);
    CHECK(check_op([&](auto x) { return x * x.tape().constant(w); }, a));
    CHECK(check_op([&](auto x) { return x.tape().constant(a) * x; }, w));
    const auto check_both = [](const Mat<double>& variable, const Mat<double>& constant) {
        const auto c = [&](auto x) { return x.tape().constant(constant); };
        CHECK(check_op([=](auto x) { return x + c(x); }, variable));
        CHECK(check_op([=](auto x) { return c(x) + x; }, variable));
        CHECK(check_op([=](auto x) { return x - c(x); }, variable));
        CHECK(check_op([=](auto x) { return c(x) - x; }, variable));
        CHECK(check_op([=](auto x) { return x % c(x); }, variable));
        CHECK(check_op([=](auto x) { return c(x) % x; }, variable));
    };
    check_both(a, b);
    check_both(a, column);
    check_both(column, a);

    Tape<double> tape;
    const auto c = tape.constant(a), x = tape.variable(b);
    backward(sum((c + x) % c - c) + sum(c * transpose(x)));
    CHECK_FALSE(c.reached());
    CHECK_THROWS_WITH(c.grad(), ContainsSubstring("not tracked"));
    CHECK_FALSE((c * transpose(c) * c + c % cols(c, 0, 1) * 2).tracked());
}

TEST_CASE("arithmetic: an untracked variable computes nothing of what it should accumulate") {
    int computed = 0;
    const auto one = [&] { return ++computed, 1.0; };
    Tape<double> tape;
    const auto c = tape.constant(Mat<double>::Zero(2, 3)), x = tape.variable(Mat<double>::Zero(2, 3));
    c.accumulate(Mat<double>::NullaryExpr(2, 3, one));
    c.accumulate_into([&](auto) { ++computed; });
    CHECK(computed == 0);
    x.accumulate(Mat<double>::NullaryExpr(2, 3, one));
    CHECK(computed == 6);
}
