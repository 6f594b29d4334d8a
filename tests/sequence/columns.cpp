#include "bptt/sequence/columns.hpp"

#include <vector>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "catch.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;
using detail::take_columns;

namespace {

using Indices = std::vector<Index>;

/// count of them, from `low` to below `high`.
Indices random_indices(Index count, Index low, Index high, Rng& rng) {
    Indices from;
    for (Index k = 0; k < count; ++k) from.push_back(low + rng.below(high - low));
    return from;
}

template <class T> auto take(Var<T> x, const Indices& from, Var<T> other = {}) {
    return take_columns(x, x.tape().keep(std::span<const Index>(from)), other);
}

}  // namespace

TEST_CASE("columns: of one, of the other, or zeros") {
    Tape<double> tape;
    const auto x = tape.constant(Mat<double>{{1, 2}, {3, 4}}), other = tape.constant(Mat<double>{{5, 6, 7}, {8, 9, 10}});
    CHECK(take(x, {1, -1, 0, -3, 1}, other).value() == Mat<double>{{2, 5, 1, 7, 2}, {4, 8, 3, 10, 4}});
    CHECK(take(x, {1, -1, 0, -3, 1}).value() == Mat<double>{{2, 0, 1, 0, 2}, {4, 0, 3, 0, 4}});
    CHECK(take(x, {0, -2}, x).value() == Mat<double>{{1, 2}, {3, 4}});
}

TEMPLATE_TEST_CASE("columns: values of random indices", "", float, double) {
    for_shapes([](Shape s, Rng& rng) {
        const Index others = 1 + rng.below(5);
        const Mat<TestType> a = random_mat(s.rows, s.cols, rng).cast<TestType>(),
                            b = random_mat(s.rows, others, rng).cast<TestType>();
        const Indices from = random_indices(1 + rng.below(20), -others, s.cols, rng);
        Tape<TestType> tape;
        const auto y = take(tape.constant(a), from, tape.constant(b)), zeros = take(tape.constant(a), from);
        REQUIRE(y.cols() == std::ssize(from));
        for (Index k = 0; const Index j : from) {
            CHECK(y.value().col(k) == (j >= 0 ? a.col(j) : b.col(-1 - j)));
            CHECK(zeros.value().col(k).isZero(0) == (j < 0));
            if (j >= 0) CHECK(zeros.value().col(k) == a.col(j));
            ++k;
        }
    });
}

TEST_CASE("columns: gradients, columns taken more than once included") {
    for_shapes([](Shape s, Rng& rng) {
        const Index others = 1 + rng.below(5);
        const auto a = random_mat(s.rows, s.cols, rng), b = random_mat(s.rows, others, rng);
        const Indices from = random_indices(1 + rng.below(20), -others, s.cols, rng);
        CHECK(check_op([&](auto x) { return take(x, from); }, a));
        CHECK(check_op([&](auto x, auto other) { return take(x, from, other); }, a, b));
        CHECK(check_op(
            [&](auto x, auto other) {
                return concat_cols({x, other, take(x, from, other), take(other, {0, -1, 0}, x)});
            },
            a, b));
    });
}

TEST_CASE("columns: one taken k times has k times the gradient, the others zero") {
    for (Index k = 1; k <= 40; ++k) {
        Indices from(static_cast<std::size_t>(k), 2);
        from.insert(from.begin(), static_cast<std::size_t>(2 * k), -2);
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>::Ones(3, 4)), other = tape.variable(Mat<double>::Ones(3, 2));
        backward(sum(take(x, from, other)));
        Mat<double> dx = Mat<double>::Zero(3, 4), d_other = Mat<double>::Zero(3, 2);
        dx.col(2).setConstant(static_cast<double>(k));
        d_other.col(1).setConstant(static_cast<double>(2 * k));
        CHECK(x.grad() == dx);
        CHECK(other.grad() == d_other);
    }
}

TEST_CASE("columns: one that is not taken is not read, and has no gradient") {
    Tape<double> tape;
    tape.variable(Mat<double>::Constant(100, 100, NaN));
    tape.clear();  // so that memory is not zero already
    const auto x = tape.variable(Mat<double>{{1, NaN, 3}}), other = tape.variable(Mat<double>{{NaN, 5}});
    const auto zeros = take(x, {-1, 0, -2}), y = take(x, {2, -2, 0}, other);
    CHECK(zeros.value() == Mat<double>{{0, 1, 0}});
    CHECK(y.value() == Mat<double>{{3, 5, 1}});
    backward(sum(zeros % tape.constant(Mat<double>{{NaN, 10, NaN}})) + sum(y % tape.constant(Mat<double>{{1, 2, 4}})));
    CHECK(x.grad() == Mat<double>{{14, 0, 1}});
    CHECK(other.grad() == Mat<double>{{0, 2}});
}

TEST_CASE("columns: gradients add to those of other uses") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}}), other = tape.variable(Mat<double>{{3, 4}});
    backward(sum(100 * x) + sum(take(x, {0, -1}, other)) + sum(10 * take(other, {0, -2}, x)) + sum(100 * other));
    CHECK(x.grad() == Mat<double>{{101, 110}});
    CHECK(other.grad() == Mat<double>{{111, 100}});
}

TEST_CASE("columns: gradients of views arrive in what is viewed") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4}});
    const auto y = take(cols(all, 1, 2), {1, 1, -1}, cols(all, 3, 1));
    CHECK(y.value() == Mat<double>{{3, 3, 4}});
    backward(sum(y));
    CHECK(all.grad() == Mat<double>{{0, 0, 2, 1}});
}

TEST_CASE("columns: none of them, or columns of no rows") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(3, 2)), none = tape.variable(Mat<double>(3, 0)),
               flat = tape.variable(Mat<double>(0, 2));
    CHECK(shape(take(x, {})) == Shape{3, 0});
    CHECK(shape(take(flat, {0, 1, -1})) == Shape{0, 3});
    CHECK(shape(take(flat, {0, -2, -1}, flat)) == Shape{0, 3});
    CHECK(take(none, {-1, -7}).value() == Mat<double>::Zero(3, 2));
    const auto y = take(none, {-2, -2, -1}, x);
    CHECK(y.value() == Mat<double>::Ones(3, 3));
    backward(sum(y) + sum(take(x, {})) + sum(take(flat, {0, -1})));
    CHECK(x.grad() == Mat<double>{{1, 2}, {1, 2}, {1, 2}});
    CHECK(shape(none.grad()) == Shape{3, 0});
}

TEST_CASE("columns: recorded where one of the two is tracked, and only that one has a gradient") {
    const Mat<double> ones = Mat<double>::Ones(2, 2);
    Tape<double> tape;
    const auto x = tape.variable(ones), c = tape.constant(ones);
    CHECK_FALSE(take(c, {0, -1}).tracked());
    CHECK_FALSE(take(c, {0, -1}, c).tracked());
    {
        const Tape<double>::Pause pause(tape);
        CHECK_FALSE(take(x, {0, -1}, x).tracked());
    }
    const auto here = take(x, {0, 0, -1}, c), there = take(c, {0, -2, -2}, x);
    CHECK(here.tracked());
    CHECK(there.tracked());
    backward(sum(here) + sum(there));
    CHECK(x.grad() == Mat<double>{{2, 2}, {2, 2}});
    CHECK_FALSE(c.tracked());
}

TEST_CASE("columns: what cannot be is refused") {
    Tape<double> tape, another;
    const auto x = tape.variable(Mat<double>::Ones(2, 2));
    CHECK_THROWS_WITH(take(x, {0}, another.variable(Mat<double>::Ones(2, 2))), ContainsSubstring("different tapes"));
    const Indices from{0};
    CHECK_THROWS_WITH(take_columns(Var<double>(), std::span<const Index>(from)), ContainsSubstring("empty"));
    tape.clear();
    CHECK_THROWS_WITH(take_columns(x, std::span<const Index>(from)), ContainsSubstring("before tape.clear()"));
}
