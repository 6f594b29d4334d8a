#include "bptt/ops/activation.hpp"

#include <limits>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

enum class Domain { all, positive };

template <class T> using Op = Var<T> (*)(Var<T>);
template <class T> struct Case {
    const char* name;
    Op<T> op;
    double (*reference)(double);
    Domain domain = Domain::all;
};
template <class T> const Case<T> cases[] = {
    {"tanh", [](Var<T> x) { return tanh(x); }, [](double x) { return std::tanh(x); }},
    {"sigmoid", [](Var<T> x) { return sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"relu", [](Var<T> x) { return relu(x); }, [](double x) { return std::max(x, 0.0); }},
    {"exp", [](Var<T> x) { return exp(x); }, [](double x) { return std::exp(x); }},
    {"log", [](Var<T> x) { return log(x); }, [](double x) { return std::log(x); }, Domain::positive},
    {"square", [](Var<T> x) { return square(x); }, [](double x) { return x * x; }},
    {"sqrt", [](Var<T> x) { return sqrt(x); }, [](double x) { return std::sqrt(x); }, Domain::positive},
    {"rsqrt", [](Var<T> x) { return rsqrt(x); }, [](double x) { return 1 / std::sqrt(x); }, Domain::positive},
};

/// op of a column that holds x everywhere: packets and what remains of them must agree.
template <class T> Mat<T> value_at(Op<T> op, Index length, T x) {
    Tape<T> tape;
    return op(tape.constant(Mat<T>::Constant(length, 1, x))).value();
}
/// d Σ op / dx of the same column.
template <class T> Mat<T> slope_at(Op<T> op, Index length, T x) {
    Tape<T> tape;
    const auto v = tape.variable(Mat<T>::Constant(length, 1, x));
    backward(sum(op(v)));
    return v.grad();
}

/// Where the argument's size is `big`, which may be infinite, the limits that are finite are reached.
template <class T> void check_limits(T big) {
    const Op<T> tanh_of = cases<T>[0].op, sigmoid_of = cases<T>[1].op, relu_of = cases<T>[2].op, exp_of = cases<T>[3].op;
    for (Index n = 1; n <= 33; ++n) {
        CAPTURE(n, big);
        const auto all = [n](int x) { return Mat<T>::Constant(n, 1, T(x)); };
        CHECK(value_at(tanh_of, n, big) == all(1));
        CHECK(value_at(tanh_of, n, -big) == all(-1));
        CHECK(value_at(sigmoid_of, n, big) == all(1));
        CHECK_THAT(distance(value_at(sigmoid_of, n, -big), all(0)), WithinAbs(0, 1e-30));
        CHECK(value_at(relu_of, n, -big) == all(0));
        CHECK_THAT(distance(value_at(exp_of, n, -big), all(0)), WithinAbs(0, 1e-30));
        for (const T x : {big, -big}) {
            CHECK(slope_at(tanh_of, n, x) == all(0));
            CHECK_THAT(distance(slope_at(sigmoid_of, n, x), all(0)), WithinAbs(0, 1e-30));
        }
    }
}

}  // namespace

TEST_CASE("activations: gradients") {
    for (const auto& [name, op, reference, domain] : cases<double>) {
        CAPTURE(name);
        const Unary f = op, twice = [f](auto v) { return f(v) + f(v) % v; };
        const bool positive = domain == Domain::positive;
        for_shapes([&, positive](Shape s, Rng& rng) {
            const auto x = positive ? random_mat(s.rows, s.cols, rng, 1, 2) : random_off_zero(s.rows, s.cols, rng);
            CHECK(check_op(f, x));
            CHECK(check_op(twice, x));
        });
    }
}

TEMPLATE_TEST_CASE("activations: values against the standard library", "", float, double) {
    const double limit = 16 * double{std::numeric_limits<TestType>::epsilon()};
    for (const auto& [name, op, reference, domain] : cases<TestType>) {
        CAPTURE(name);
        Rng rng(1);
        for (Index n = 1; n <= 33; ++n) {
            const double low = domain == Domain::positive ? 1e-3 : -8;
            const Mat<TestType> x = random_mat(n, 1, rng, low, 8).template cast<TestType>();
            Tape<TestType> tape;
            const Mat<double> y = op(tape.constant(x)).value().template cast<double>();
            for (Index k = 0; k < n; ++k) {
                const double expected = reference(double{x(k)});
                CHECK_THAT(y(k), WithinRel(expected, limit) || WithinAbs(expected, limit));
            }
        }
    }
}

TEMPLATE_TEST_CASE("activations: large and infinite arguments where the limit is finite", "", float, double) {
    check_limits(TestType(1e4));
    check_limits(TestType(inf));
}

TEMPLATE_TEST_CASE("activations: NaN stays NaN at every position, and only there", "", float, double) {
    for (const auto& each : cases<TestType>) {
        for (Index n = 1; n <= 33; ++n) {
            for (Index at = 0; at < n; ++at) {
                Mat<TestType> x = Mat<TestType>::Constant(n, 1, TestType(0.5));
                x(at) = TestType(NaN);
                Tape<TestType> tape;
                const Mat<TestType> y = each.op(tape.constant(x)).value();
                CAPTURE(each.name, n, at, y);
                CHECK((std::isnan(y(at)) && y.array().isNaN().count() == 1));
            }
        }
    }
}

TEMPLATE_TEST_CASE("activations: a NaN gradient stays NaN", "", float, double) {
    for (const auto& each : cases<TestType>) {
        CAPTURE(each.name);
        Tape<TestType> tape;
        const auto x = tape.variable(Mat<TestType>::Constant(33, 1, TestType(0.5)));
        backward(sum(each.op(x)) * TestType(NaN));
        CHECK(x.grad().array().isNaN().all());
    }
}

TEST_CASE("relu: nothing flows through zero and below") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{-2, -0.0, 0, 3}});
    const auto y = relu(x);
    backward(sum(y));
    CHECK(y.value() == Mat<double>{{0, 0, 0, 3}});
    CHECK(x.grad() == Mat<double>{{0, 0, 0, 1}});
}

TEST_CASE("activations: a constant's activation is a constant, and empty ones stay empty") {
    for (const auto& each : cases<double>) {
        CAPTURE(each.name);
        Tape<double> tape;
        CHECK_FALSE(each.op(tape.constant(Mat<double>::Ones(2, 3))).tracked());
        CHECK(each.op(tape.variable(Mat<double>::Ones(2, 3))).tracked());
        CHECK(shape(each.op(tape.variable(Mat<double>::Zero(3, 0)))) == Shape{3, 0});
    }
}

TEMPLATE_TEST_CASE("activate: the activation that is named", "", float, double) {
    Tape<TestType> tape;
    const auto x = tape.variable(Mat<TestType>{{-2, TestType(-0.5), 0, TestType(0.5), 3}});
    CHECK(activate<Activation::tanh>(x).value() == tanh(x).value());
    CHECK(activate<Activation::relu>(x).value() == Mat<TestType>{{0, 0, 0, TestType(0.5), 3}});
    CHECK(activate<Activation::identity>(x).value().data() == x.value().data());
    backward(sum(activate<Activation::relu>(x) + 2 * activate<Activation::identity>(x)));
    CHECK(x.grad() == Mat<TestType>{{2, 2, 2, 3, 3}});
}
