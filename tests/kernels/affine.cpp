#include "bptt/kernels/affine.hpp"

#include "bptt/core/threads.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

/// Value and gradients of `run(W, b, x)`: W, b and x have a gradient already.
template <class T, class Run>
std::vector<Mat<T>> values_and_gradients(Index rows, Index depth, Index columns, int threads, Run run) {
    Rng rng(static_cast<std::uint64_t>(rows + 100 * depth + 10000 * columns));
    const auto random = [&](Index r, Index c) -> Mat<T> { return random_mat(r, c, rng).template cast<T>(); };
    Param<T> W(random(rows, depth)), b(random(rows, 1));
    W.grad = random(rows, depth), b.grad = random(rows, 1);
    const Threads crew(threads);
    Tape<T> tape(crew);
    const auto x = tape.variable(random(depth, columns));
    const auto y = run(tape.watch(W), tape.watch(b), x);
    backward(sum(y % tape.constant(random(rows, columns))) + sum(x % tape.constant(random(depth, columns))));
    return {y.value(), x.grad(), W.grad, b.grad};
}

template <class T> void check_affine(Index rows, Index depth, Index columns, double tolerance) {
    INFO(rows << "x" << depth << " on " << columns << " columns");
    const auto expected = values_and_gradients<T>(rows, depth, columns, 1, [](auto W, auto b, auto x) { return W * x + b; });
    const auto alone = values_and_gradients<T>(rows, depth, columns, 1, detail::affine<T>);
    const auto together = values_and_gradients<T>(rows, depth, columns, 3, detail::affine<T>);
    for (std::size_t k = 0; k < expected.size(); ++k) {
        if (expected[k].size() == 0) continue;
        const double scale = 1 + static_cast<double>(expected[k].cwiseAbs().maxCoeff());
        CHECK(static_cast<double>((alone[k] - expected[k]).cwiseAbs().maxCoeff()) <= tolerance * scale);
        CHECK(alone[k] == together[k]);
    }
}

}  // namespace

TEST_CASE("affine: W x + b and its gradients equal the ops', with any number of threads") {
    for (const Index n : {0, 1, 2, 13, 14, 15, 33, 70}) {
        check_affine<double>(1 + n, 71 - n, n, 1e-12);
        check_affine<float>(71 - n, 1 + n, 1 + 4 * n, 1e-5);
    }
    check_affine<double>(65, 300, 600, 1e-12);  // beyond what is multiplied at a time
}

TEST_CASE("affine: without b") {
    const auto expected = values_and_gradients<double>(7, 5, 40, 1, [](auto W, auto, auto x) { return W * x; });
    const auto reached =
        values_and_gradients<double>(7, 5, 40, 2, [](auto W, auto, auto x) { return detail::affine(W, Var<double>(), x); });
    for (std::size_t k = 0; k < expected.size(); ++k) CHECK(reached[k].isApprox(expected[k], 1e-13));
}

TEST_CASE("affine: nothing is recorded where nothing is tracked, and nothing comes back where nothing arrived") {
    Rng rng(1);
    Param<double> W(random_mat(3, 2, rng));
    Tape<double> tape;
    const auto x = tape.variable(random_mat(2, 4, rng));
    {
        const Tape<double>::Pause pause(tape);
        CHECK_FALSE(detail::affine(tape.watch(W), Var<double>(), x).tracked());
    }
    detail::affine(tape.watch(W), Var<double>(), x);
    backward(sum(x));
    CHECK(W.grad == Mat<double>::Zero(3, 2));
    CHECK(x.grad() == Mat<double>::Ones(2, 4));
}
