#include "bptt/ops/activation.hpp"

#include <limits>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

enum class Domain { all, positive };

/// f(name, op, reference, domain) for every activation.
template <class F> void for_each_activation(F f) {
    f(
        "tanh", [](auto x) { return tanh(x); }, [](double x) { return std::tanh(x); }, Domain::all);
    f(
        "sigmoid", [](auto x) { return sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }, Domain::all);
    f(
        "relu", [](auto x) { return relu(x); }, [](double x) { return std::max(x, 0.0); }, Domain::all);
    f(
        "exp", [](auto x) { return exp(x); }, [](double x) { return std::exp(x); }, Domain::all);
    f(
        "log", [](auto x) { return log(x); }, [](double x) { return std::log(x); }, Domain::positive);
    f(
        "square", [](auto x) { return square(x); }, [](double x) { return x * x; }, Domain::all);
    f(
        "sqrt", [](auto x) { return sqrt(x); }, [](double x) { return std::sqrt(x); }, Domain::positive);
}

/// op of a column that holds x everywhere: packets and what remains of them must agree.
template <class T, class Op> Mat<T> value_at(Op op, Index length, T x) {
    Tape<T> tape;
    return op(tape.constant(Mat<T>::Constant(length, 1, x))).value();
}
/// d Σ op / dx of the same column.
template <class T, class Op> Mat<T> slope_at(Op op, Index length, T x) {
    Tape<T> tape;
    const auto v = tape.variable(Mat<T>::Constant(length, 1, x));
    backward(sum(op(v)));
    return v.grad();
}

}  // namespace

TEST_CASE("activations: gradients") {
    for_each_activation([](std::string name, auto op, auto, Domain domain) {
        CAPTURE(name);
        for_random_shapes([&](Shape s, Rng& rng) {
            const bool positive = domain == Domain::positive;
            const auto x = positive ? random_mat(s.rows, s.cols, rng, 1, 2) : random_off_zero(s.rows, s.cols, rng);
            CHECK(check_op(op, x));
            CHECK(check_op([&](auto v) { return op(v) + op(v) % v; }, x));
        });
    });
}

TEMPLATE_TEST_CASE("activations: values against the standard library", "", float, double) {
    const double limit = 16 * double{std::numeric_limits<TestType>::epsilon()};
    for_each_activation([&](std::string name, auto op, auto reference, Domain domain) {
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
    });
}

TEMPLATE_TEST_CASE("activations: finite at large arguments", "", float, double) {
    const TestType big = 1e4;
    for (Index n = 1; n <= 33; ++n) {
        CAPTURE(n);
        const auto all = [n](double x) { return Mat<TestType>::Constant(n, 1, static_cast<TestType>(x)); };
        const auto tanh_of = [](auto x) { return tanh(x); };
        const auto sigmoid_of = [](auto x) { return sigmoid(x); };
        CHECK(value_at(tanh_of, n, big) == all(1));
        CHECK(value_at(tanh_of, n, -big) == all(-1));
        CHECK(value_at(sigmoid_of, n, big) == all(1));
        CHECK_THAT(distance(value_at(sigmoid_of, n, -big), all(0)), WithinAbs(0, 1e-30));
        CHECK(value_at([](auto x) { return relu(x); }, n, -big) == all(0));
        CHECK_THAT(distance(value_at([](auto x) { return exp(x); }, n, -big), all(0)), WithinAbs(0, 1e-30));
        for (const TestType x : {big, -big}) {
            CHECK(slope_at(tanh_of, n, x) == all(0));
            CHECK_THAT(distance(slope_at(sigmoid_of, n, x), all(0)), WithinAbs(0, 1e-30));
        }
    }
}

TEMPLATE_TEST_CASE("activations: infinite arguments where the limit is finite", "", float, double) {
    for (Index n = 1; n <= 33; ++n) {
        CAPTURE(n);
        const auto all = [n](double x) { return Mat<TestType>::Constant(n, 1, static_cast<TestType>(x)); };
        const auto tanh_of = [](auto x) { return tanh(x); };
        const auto sigmoid_of = [](auto x) { return sigmoid(x); };
        CHECK(value_at(tanh_of, n, TestType(inf)) == all(1));
        CHECK(value_at(tanh_of, n, -TestType(inf)) == all(-1));
        CHECK(value_at(sigmoid_of, n, TestType(inf)) == all(1));
        CHECK_THAT(distance(value_at(sigmoid_of, n, -TestType(inf)), all(0)), WithinAbs(0, 1e-30));
        CHECK(value_at([](auto x) { return relu(x); }, n, -TestType(inf)) == all(0));
        CHECK_THAT(distance(value_at([](auto x) { return exp(x); }, n, -TestType(inf)), all(0)), WithinAbs(0, 1e-30));
        for (const TestType x : {TestType(inf), -TestType(inf)}) {
            CHECK(slope_at(tanh_of, n, x) == all(0));
            CHECK_THAT(distance(slope_at(sigmoid_of, n, x), all(0)), WithinAbs(0, 1e-30));
        }
    }
}

TEMPLATE_TEST_CASE("activations: NaN stays NaN at every position, and only there", "", float, double) {
    for_each_activation([](std::string name, auto op, auto, Domain) {
        for (Index n = 1; n <= 33; ++n) {
            for (Index at = 0; at < n; ++at) {
                Mat<TestType> x = Mat<TestType>::Constant(n, 1, TestType(0.5));
                x(at) = TestType(NaN);
                Tape<TestType> tape;
                const Mat<TestType> y = op(tape.constant(x)).value();
                CAPTURE(name, n, at, y);
                CHECK((std::isnan(y(at)) && y.array().isNaN().count() == 1));
            }
        }
    });
}

TEMPLATE_TEST_CASE("activations: a NaN gradient stays NaN", "", float, double) {
    for_each_activation([](std::string name, auto op, auto, Domain) {
        CAPTURE(name);
        Tape<TestType> tape;
        const auto x = tape.variable(Mat<TestType>::Constant(33, 1, TestType(0.5)));
        backward(sum(op(x)) * TestType(NaN));
        CHECK(x.grad().array().isNaN().all());
    });
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
    for_each_activation([](std::string name, auto op, auto, Domain) {
        CAPTURE(name);
        Tape<double> tape;
        CHECK_FALSE(op(tape.constant(Mat<double>::Ones(2, 3))).tracked());
        CHECK(op(tape.variable(Mat<double>::Ones(2, 3))).tracked());
        CHECK(shape(op(tape.variable(Mat<double>::Zero(3, 0)))) == Shape{3, 0});
    });
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
