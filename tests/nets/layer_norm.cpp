#include "bptt/nets/layer_norm.hpp"

#include "support/gradients.hpp"

using namespace bptt;

static_assert(HasParams<LayerNorm<float>> && !Layer<LayerNorm<float>>);

TEST_CASE("LayerNorm: gradients of x and of its parameters") {
    Rng rng(1);
    for (const Shape s : {Shape{1, 1}, {2, 3}, {5, 2}, {9, 7}}) {
        LayerNorm<double> layer(s.rows, {.epsilon = 0.1});
        randomise(layer, rng);
        CHECK(check_op(
            layer, [&](Var<double> v) { return layer(v); }, random_mat(s.rows, s.cols, rng)));
        CHECK(check_op(
            layer, [&](Var<double> v) { return layer(sequence(v, 1)).all; }, random_mat(s.rows, s.cols, rng)));
    }
}

TEST_CASE("LayerNorm: scales and moves what layer_norm() gives, at first not at all") {
    Rng rng(2);
    LayerNorm<double> layer{3};
    Tape<double> tape;
    const auto x = tape.constant(random_mat(3, 4, rng));
    const Mat<double> y = layer_norm(x).value();
    CHECK(layer(x).value() == y);
    CHECK(names_of(layer) == "g b ");
    randomise(layer, rng);
    const Mat<double> expected = (y.array().colwise() * layer.g.value.col(0).array()).colwise() + layer.b.value.col(0).array();
    CHECK(layer(x).value() == expected);
    CHECK(layer(sequence(x, 2)).all.value() == expected);
    layer.options.epsilon = 4;
    CHECK((layer(x).value() - expected).norm() > 0.1);
}

TEST_CASE("LayerNorm: an epsilon that cannot be is refused where the layer is made") {
    CHECK_THROWS_WITH(LayerNorm<double>(3, {.epsilon = 0}), "LayerNorm: epsilon is 0, not finite and positive");
    CHECK_NOTHROW(LayerNorm<double>(3, {.epsilon = 1e-300}));
    CHECK_THROWS_AS(LayerNorm<float>(3, {.epsilon = 1e-300}), std::invalid_argument);
}
