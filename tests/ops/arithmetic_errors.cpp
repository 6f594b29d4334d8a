#include "bptt/ops/arithmetic.hpp"

#include "bptt/ops/reduce.hpp"
#include "support/errors.hpp"

using namespace bptt;

namespace {

/// op(a, b) refuses the two shapes, as Vars and with a Param on either side.
template <class Op> void check_shapes_refused(const std::string& name, Op op, Shape left, Shape right) {
    Rng rng(1);
    Tape<double> tape;
    const auto p = used_param(left, rng), q = used_param(right, rng);
    const auto a = tape.variable(p.value), b = tape.variable(q.value);
    const std::vector<std::string> parts{name, "a is " + text(left), "b is " + text(right)};
    check_refused(
        p, [&] { op(a, b); }, parts);
    check_refused(
        p, [&] { op(p, b); }, parts);
    check_refused(
        q, [&] { op(a, q); }, parts);
    check_refused(
        q, [&] { op(tape.watch(p), tape.watch(q)); }, parts);
}

}  // namespace

TEST_CASE("arithmetic: a matrix product of unfitting shapes is refused") {
    const auto product = [](const auto& a, const auto& b) { return a * b; };
    check_shapes_refused("a * b", product, {2, 3}, {2, 3});
    check_shapes_refused("a * b", product, {2, 3}, {1, 3});
    check_shapes_refused("a * b", product, {4, 1}, {3, 1});
    check_shapes_refused("a * b", product, {1, 1}, {3, 2});
    check_shapes_refused("a * b", product, {2, 3}, {0, 3});
    check_shapes_refused("a * b", product, {2, 0}, {3, 2});
}

TEST_CASE("arithmetic: elementwise operators refuse shapes of which neither is a part of the other") {
    const Shape pairs[][2] = {{{2, 3}, {4, 3}}, {{4, 3}, {2, 3}}, {{2, 3}, {2, 4}}, {{2, 4}, {2, 3}}, {{2, 3}, {3, 1}},
                              {{3, 1}, {2, 3}}, {{2, 3}, {1, 2}}, {{1, 2}, {2, 3}}, {{3, 1}, {1, 2}}, {{1, 2}, {3, 1}},
                              {{2, 3}, {3, 2}}, {{2, 3}, {2, 0}}, {{0, 3}, {2, 3}}, {{4, 1}, {3, 1}}};
    for (const auto& pair : pairs) {
        check_shapes_refused(
            "a + b", [](const auto& a, const auto& b) { return a + b; }, pair[0], pair[1]);
        check_shapes_refused(
            "a - b", [](const auto& a, const auto& b) { return a - b; }, pair[0], pair[1]);
        check_shapes_refused(
            "a % b", [](const auto& a, const auto& b) { return a % b; }, pair[0], pair[1]);
        check_shapes_refused(
            "a / b", [](const auto& a, const auto& b) { return a / b; }, pair[0], pair[1]);
    }
}

TEST_CASE("arithmetic: operands on different tapes are refused") {
    Rng rng(2);
    const auto p = used_param({3, 3}, rng);
    Tape<double> tape, other;
    const auto a = tape.watch(p), b = other.watch(p), column = other.variable(random_mat(3, 1, rng));
    check_refused(p, [&] { (a * b); }, {"different tapes"});
    check_refused(p, [&] { a + b; }, {"different tapes"});
    check_refused(p, [&] { a - b; }, {"different tapes"});
    check_refused(p, [&] { a % b; }, {"different tapes"});
    check_refused(p, [&] { a / b; }, {"different tapes"});
    check_refused(p, [&] { a + column; }, {"different tapes"});
    check_refused(p, [&] { column - a; }, {"different tapes"});
    check_refused(p, [&] { column % a; }, {"different tapes"});
}

TEST_CASE("arithmetic: a refused operation leaves the tape usable") {
    Rng rng(3);
    const auto p = used_param({2, 3}, rng);
    const auto before = p;
    Tape<double> tape;
    const auto x = tape.variable(random_mat(3, 1, rng));
    const auto y = tape.constant(Mat<double>::Ones(1, 2)) * (p * x);
    CHECK_THROWS_AS(p * x + x, std::invalid_argument);
    CHECK_THROWS_AS(p % x, std::invalid_argument);
    backward(y);
    CHECK(x.grad() == p.value.colwise().sum().transpose());
    CHECK(p.grad == before.grad + x.value().transpose().replicate(2, 1));
}

TEST_CASE("arithmetic: operands may be empty") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Zero(3, 0)), w = tape.variable(Mat<double>::Ones(2, 3));
    const auto column = tape.variable(Mat<double>::Ones(3, 1)), none = tape.variable(Mat<double>::Zero(0, 4));
    CHECK(shape(w * x) == Shape{2, 0});
    CHECK(shape(x + column) == Shape{3, 0});
    CHECK(shape(column % x) == Shape{3, 0});
    CHECK(shape(-(x - 1) / 2) == Shape{3, 0});
    CHECK(shape(x / colwise_sum(x)) == Shape{3, 0});
    CHECK(shape(none - sum(none)) == Shape{0, 4});
    CHECK(shape(colwise_sum(none) % none) == Shape{0, 4});
    const auto y = tape.variable(Mat<double>::Ones(4, 0)) * none;
    CHECK(shape(y) == Shape{4, 4});
    CHECK(y.value().isZero(0));
    backward(tape.constant(Mat<double>::Ones(1, 2)) * (w * x * tape.constant(Mat<double>::Zero(0, 1))));
    CHECK(w.grad().isZero(0));
}
