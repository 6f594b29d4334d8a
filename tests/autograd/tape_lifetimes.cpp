#include <cmath>
#include <memory>
#include <optional>

#include "bptt/autograd/tape.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

#if !defined(BPTT_ADDRESS_SANITIZER)  // which sees it, and ends the program
TEMPLATE_TEST_CASE("tape: what clear() takes back reads as NaN", "", float, double) {
    Tape<TestType> tape;
    const auto view = tape.constant(Mat<double>::Ones(3, 2)).value();
    CHECK(view(2, 1) == 1);
    tape.clear();
    CHECK(view.array().isNaN().all());
}
#endif

TEST_CASE("tape: its threads live as long as it does") {
    Rng rng(1);
    auto threads = std::make_unique<Threads>(3);
    Tape<double> tape(*threads), other(Threads(2)), alone;
    CHECK(tape.threads()->count() == 3);
    CHECK(other.threads()->count() == 2);
    CHECK(alone.threads() == nullptr);
    threads.reset();
    const Param<double> W(random_mat(40, 40, rng));
    const auto x = tape.variable(random_mat(40, 200, rng));
    const auto y = W * x;
    CHECK(y.value().isApprox(W.value * x.value(), 1e-13));
    backward(sum(y));
    CHECK(x.grad().isApprox(W.value.colwise().sum().transpose().replicate(1, 200), 1e-13));
}

TEST_CASE("tape: matrices of other numbers are converted") {
    Tape<float> tape;
    CHECK(tape.constant(Eigen::MatrixXd::Constant(2, 1, 0.5)).value() == Mat<float>::Constant(2, 1, 0.5f));
    CHECK(tape.variable(Eigen::MatrixXi::Constant(2, 1, 3)).value() == Mat<float>::Constant(2, 1, 3));
}
