#include "bptt/nets/highway.hpp"

#include <type_traits>

#include "support/gradients.hpp"

using namespace bptt;

static_assert(HasParams<Highway<float>> && !Layer<Highway<float>>);
static_assert(std::is_same_v<Highway<float>, Highway<float, Activation::relu>>);

namespace {

using Tanh = Highway<double, Activation::tanh>;
using Identity = Highway<double, Activation::identity>;

auto check_layer(auto& layer, const Mat<double>& x) {
    return check_op(
        layer, [&](Var<double> v) { return layer(v); }, x);
}
template <class T, Activation A> Mat<T> run(const Highway<T, A>& layer, const Mat<T>& x) {
    Tape<T> tape;
    return layer(tape.constant(x)).value();
}

/// y_k = g_k φ(a_k) + (1 − g_k) x_k, number by number.
Mat<double> expected(const auto& layer, const Mat<double>& x, double (*phi)(double)) {
    Mat<double> y(x.rows(), x.cols());
    for (Index col = 0; col < x.cols(); ++col) {
        for (Index k = 0; k < x.rows(); ++k) {
            double a = layer.bh.value(k), t = layer.bt.value(k);
            for (Index j = 0; j < x.rows(); ++j) {
                a += layer.Wh.value(k, j) * x(j, col);
                t += layer.Wt.value(k, j) * x(j, col);
            }
            const double g = 1 / (1 + std::exp(-t));
            y(k, col) = g * phi(a) + (1 - g) * x(k, col);
        }
    }
    return y;
}
double tanh_of(double x) { return std::tanh(x); }
double relu_of(double x) { return std::max(x, 0.0); }
double itself(double x) { return x; }

template <class H> H random_layer(Index n, Rng& rng) {
    H layer(n, rng);
    randomise(layer, rng);
    return layer;
}

}  // namespace

TEST_CASE("highway: gradients") {
    Rng rng(1);
    for (const Shape s : {Shape{1, 1}, {2, 3}, {5, 2}, {8, 3}, {9, 7}}) {
        auto smooth = random_layer<Tanh>(s.rows, rng);
        CHECK(check_layer(smooth, random_mat(s.rows, s.cols, rng)));
        auto linear = random_layer<Identity>(s.rows, rng);
        CHECK(check_layer(linear, random_mat(s.rows, s.cols, rng)));
    }
}

TEST_CASE("highway: gradients with relu") {
    Rng rng(2);
    auto layer = random_layer<Highway<double>>(4, rng);
    layer.Wh.value *= 0.1;
    layer.bh.value << 2, -2, 2, -2;  // always on or always off: no kink is near
    CHECK(check_layer(layer, random_mat(4, 3, rng)));
}

TEST_CASE("highway: follows its equation") {
    Rng rng(3);
    for (const Index n : {1, 2, 5, 9}) {
        const Mat<double> x = random_mat(n, 4, rng);
        const auto smooth = random_layer<Tanh>(n, rng);
        CHECK((run(smooth, x) - expected(smooth, x, tanh_of)).cwiseAbs().maxCoeff() < 1e-14);
        const auto rectified = random_layer<Highway<double>>(n, rng);
        CHECK((run(rectified, x) - expected(rectified, x, relu_of)).cwiseAbs().maxCoeff() < 1e-14);
        const auto linear = random_layer<Identity>(n, rng);
        CHECK((run(linear, x) - expected(linear, x, itself)).cwiseAbs().maxCoeff() < 1e-14);
    }
}

TEST_CASE("highway: each parameter alone follows the equation") {
    Rng rng(4);
    const Mat<double> x = random_mat(3, 4, rng);
    Tanh layer(3, rng);
    for (Param<double> Tanh::*alone : {&Tanh::Wh, &Tanh::bh, &Tanh::Wt, &Tanh::bt}) {
        for_each_param(layer, [](std::string_view, auto& p) { p.value.setZero(); });
        CHECK((run(layer, x) - x / 2).cwiseAbs().maxCoeff() < 1e-15);
        auto& p = layer.*alone;
        p.value = random_mat(p.rows(), p.cols(), rng);
        CHECK((run(layer, x) - expected(layer, x, tanh_of)).cwiseAbs().maxCoeff() < 1e-15);
        CHECK((run(layer, x) - x / 2).cwiseAbs().maxCoeff() > 1e-3);
    }
}

TEST_CASE("highway: a closed gate passes the input, an open one the transformed input") {
    Rng rng(5);
    const Mat<double> x = random_mat(5, 3, rng);
    auto layer = random_layer<Tanh>(5, rng);
    layer.bt.value.setConstant(-800);
    CHECK(run(layer, x) == x);
    layer.bt.value.setConstant(800);
    Tape<double> tape;
    CHECK(run(layer, x) == tanh(layer.Wh * tape.constant(x) + layer.bh).value());
}

TEST_CASE("highway: sizes, names and what it starts with") {
    Rng rng(6), same(6);
    const Highway<double> layer(20, rng);
    CHECK(names_of(layer) == "Wh bh Wt bt ");
    CHECK(parameter_count(layer) == 2 * (20 * 20 + 20));
    CHECK(layer.bh.value == Mat<double>::Zero(20, 1));
    CHECK(layer.bt.value == Mat<double>::Constant(20, 1, -1));
    const double limit = std::sqrt(6.0 / 40);
    for (const auto* W : {&layer.Wh, &layer.Wt}) {
        CHECK(shape(*W) == Shape{20, 20});
        CHECK(W->value.cwiseAbs().maxCoeff() < limit);
        CHECK(W->value.cwiseAbs().maxCoeff() > 0.98 * limit);
    }
    CHECK(layer.Wh.value != layer.Wt.value);
    const Highway<double> again(20, same, {.gate_bias = -2.5});
    CHECK(again.Wh.value == layer.Wh.value);
    CHECK(again.Wt.value == layer.Wt.value);
    CHECK(again.bh.value == Mat<double>::Zero(20, 1));
    CHECK(again.bt.value == Mat<double>::Constant(20, 1, -2.5));
}

TEST_CASE("highway: a sequence keeps its columns, layout and direction") {
    Rng rng(7);
    const auto layer = random_layer<Tanh>(3, rng);
    Tape<double> tape;
    const auto xs = sequence(tape.constant(random_mat(3, 16, rng)), 4, {2, 4, 0, 3});
    const auto y = layer(xs);
    CHECK(y.layout == xs.layout);
    CHECK(y.all.value() == layer(xs.all).value());
    CHECK_FALSE(y.reversed);
    CHECK(layer(reversed(xs)).reversed);
    CHECK(shape(layer(tape.constant(Mat<double>(3, 0)))) == Shape{3, 0});
}

TEST_CASE("highway: floats, stacked") {
    Rng rng(8);
    const Highway<float> first(3, rng, {.gate_bias = -50}), second(3, rng, {.gate_bias = -50});
    const Mat<float> x = random_mat(3, 4, rng).cast<float>();
    Tape<float> tape;
    CHECK(second(first(tape.constant(x))).value() == x);
}
