#include "bptt/ops/normalize.hpp"

#include <cmath>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

TEST_CASE("layer_norm: gradients") {
    for_shapes([](Shape s, Rng& rng) {
        const auto x = random_mat(s.rows, s.cols, rng);
        CHECK(check_op([](auto v) { return layer_norm(v, 0.1); }, x));
        CHECK(check_op([](auto v) { return layer_norm(v % v + v, 0.1) % layer_norm(v, 0.1) + v; }, x));
    });
}

TEMPLATE_TEST_CASE("layer_norm: mean 0 and variance 1 of each column, number by number", "", float, double) {
    for_shapes([](Shape s, Rng& rng) {
        const Mat<TestType> a = random_mat(s.rows, s.cols, rng).cast<TestType>();
        Tape<TestType> tape;
        const Mat<TestType> y = layer_norm(tape.constant(a), 0.01).value();
        for (Index col = 0; col < s.cols; ++col) {
            double mean = 0, variance = 0;
            for (Index k = 0; k < s.rows; ++k) mean += static_cast<double>(a(k, col)) / static_cast<double>(s.rows);
            for (Index k = 0; k < s.rows; ++k) variance += std::pow(a(k, col) - mean, 2) / static_cast<double>(s.rows);
            for (Index k = 0; k < s.rows; ++k)
                CHECK_THAT(static_cast<double>(y(k, col)), WithinAbs((a(k, col) - mean) / std::sqrt(variance + 0.01),
                                                                     20 * std::numeric_limits<TestType>::epsilon()));
        }
    });
}

TEST_CASE("layer_norm: as in PyTorch, whose epsilon is 1e-5, too") {
    Tape<double> tape;
    const Mat<double> y = layer_norm(tape.constant(Mat<double>{{0.5, 1.5}, {-1, 0.25}, {2, -0.75}})).value();
    const Mat<double> torch{
        {0, 1.267492964330985}, {-1.2247407889290965, -0.090535211737927551}, {1.2247407889290966, -1.176957752593058}};
    CHECK((y - torch).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("layer_norm: equal numbers become 0, NaN stays in its column") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{3, 1, 1}, {3, NaN, 2}});
    const auto y = layer_norm(x);
    backward(sum(y % y % y));
    CHECK(y.value().col(0).isZero(0));
    CHECK(x.grad().col(0).isZero(0));
    CHECK(y.value().col(1).array().isNaN().all());
    CHECK((y.value().col(2).allFinite() && x.grad().col(2).allFinite()));
    CHECK(shape(layer_norm(tape.constant(Mat<double>(3, 0)))) == Shape{3, 0});
    CHECK_THROWS_WITH(layer_norm(tape.constant(Mat<double>(0, 3))), ContainsSubstring("its columns are empty"));
    CHECK_THROWS_WITH(layer_norm(x, 0), ContainsSubstring("epsilon is 0, not finite and positive"));
    CHECK_FALSE(layer_norm(tape.constant(Mat<double>::Ones(3, 2))).tracked());
}
