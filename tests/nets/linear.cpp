#include "bptt/nets/linear.hpp"

#include "bptt/sequence/state.hpp"
#include "support/gradients.hpp"

using namespace bptt;

TEST_CASE("linear: value and gradients") {
    Rng rng(1);
    Linear<double> head(3, 2, rng);
    head.b.value = random_mat(2, 1, rng);
    const Mat<double> x = random_mat(3, 6, rng);
    CHECK(check_op(
        head, [&](auto v) { return head(v); }, x));
    CHECK(check_op(
        head, [&](auto v) { return head(sequence(v, 3)).all; }, x));
    CHECK(check_op(
        head, [&](auto v) { return head(HiddenState<Var<double>>{v}); }, x));
    Tape<double> tape;
    const auto xs = sequence(tape.constant(x), 3);
    const auto y = head(xs);
    CHECK(y.layout == xs.layout);
    CHECK(y.all.value().isApprox((head.W.value * x).colwise() + head.b.value.col(0), 1e-15));
}

TEST_CASE("linear: W starts uniform in ±1/√inputs, b at zero") {
    Rng rng(3);
    const Linear<double> head(400, 200, rng);  // ±0.05
    const auto W = head.W.value.array();
    CHECK(W.abs().maxCoeff() <= 0.05);
    CHECK(W.maxCoeff() > 0.0499);
    CHECK(W.minCoeff() < -0.0499);
    CHECK_THAT(W.mean(), WithinAbs(0, 4 * 0.05 / std::sqrt(3.0 * 80000)));
    CHECK_THAT(W.square().mean(), WithinRel(0.05 * 0.05 / 3, 0.02));
    CHECK((head.b.value.array() == 0).all());
}

TEST_CASE("linear: shapes and names of W and b") {
    Rng rng(4);
    const Linear<float> head(3, 2, rng);
    std::string all;
    for_each_param(head, [&](std::string_view name, const auto& p) { all += std::string(name) + " " + text(shape(p)) + " "; });
    CHECK(all == "W 2x3 b 2x1 ");
}
