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
    const Mat<T> dy = random(rows, columns), dx = random(depth, columns);
    backward(sum(y % tape.constant(dy)) + sum(x % tape.constant(dx)));
    return {y.value(), x.grad(), W.grad, b.grad};
}

/// The same, as Eigen computes them.
template <class T> std::vector<Mat<T>> plain(Index rows, Index depth, Index columns, bool with_b = true) {
    Rng rng(static_cast<std::uint64_t>(rows + 100 * depth + 10000 * columns));
    const Mat<double> W = random_mat(rows, depth, rng), b = random_mat(rows, 1, rng), dW = random_mat(rows, depth, rng),
                      db = random_mat(rows, 1, rng), x = random_mat(depth, columns, rng), dy = random_mat(rows, columns, rng),
                      dx = random_mat(depth, columns, rng);
    const double with = with_b ? 1 : 0;
    const Mat<double> all[] = {W * x + with * b * Mat<double>::Ones(1, columns), dx + W.transpose() * dy,
                               dW + dy * x.transpose(), db + with * dy.rowwise().sum()};
    std::vector<Mat<T>> found;
    for (const auto& m : all) found.push_back(m.template cast<T>());
    return found;
}

template <class T> void check_affine(Index rows, Index depth, Index columns, double tolerance) {
    INFO(rows << "x" << depth << " on " << columns << " columns");
    const auto expected = plain<T>(rows, depth, columns);
    const auto alone = values_and_gradients<T>(rows, depth, columns, 1, detail::deferred_affine<T>);
    const auto together = values_and_gradients<T>(rows, depth, columns, 3, detail::deferred_affine<T>);
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

TEST_CASE("affine: without b, as a product") {
    const auto expected = plain<double>(7, 5, 40, false);
    const auto reached = values_and_gradients<double>(7, 5, 40, 2, [](auto W, auto, auto x) { return W * x; });
    for (std::size_t k = 0; k < expected.size(); ++k) CHECK(reached[k].isApprox(expected[k], 1e-13));
}

TEST_CASE("affine: nothing is recorded where nothing is tracked, and nothing comes back where nothing arrived") {
    Rng rng(1);
    Param<double> W(random_mat(3, 2, rng));
    Tape<double> tape;
    const auto x = tape.variable(random_mat(2, 4, rng));
    {
        const Tape<double>::Pause pause(tape);
        CHECK_FALSE((tape.watch(W) * x).tracked());
    }
    W* x;
    backward(sum(x));
    CHECK(W.grad == Mat<double>::Zero(3, 2));
    CHECK(x.grad() == Mat<double>::Ones(2, 4));
}
