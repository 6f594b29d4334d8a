#include "bptt/kernels/affine.hpp"

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/layers.hpp"

using namespace bptt;

namespace {

template <class T> struct WeightsAndBias {
    Param<T> W, b;
    BPTT_PARAMS(W, b)
};

/// Against what Eigen computes in double.
template <class T> void check_affine(Index rows, Index depth, Index columns, double tolerance) {
    CAPTURE(rows, depth, columns);
    Rng rng(1);
    const Mat<double> W = random_mat(rows, depth, rng), b = random_mat(rows, 1, rng), dy = random_mat(rows, columns, rng);
    WeightsAndBias<T> with{Mat<T>(W.cast<T>()), Mat<T>(b.cast<T>())};
    const AnyLayer<T> affine = [&](const Sequence<T>& xs, const auto&) {
        auto& tape = xs.all.tape();
        return Trajectories<T>{{xs.with(detail::deferred_affine(tape.watch(with.W), tape.watch(with.b), xs.all))}, {}};
    };
    LayerInputs in{random_mat(depth, columns, rng), {columns}, {}, {dy}, {}};
    const auto alone = run_any<T>(affine, params_of<T>(with), in);
    check_near(alone,
               {{"y", (W * in.x).colwise() + b.col(0)},
                {"dx", W.transpose() * dy},
                {"d.W", dy * in.x.transpose()},
                {"d.b", dy.rowwise().sum()}},
               tolerance);
    in.threads = 3;
    CHECK(run_any<T>(affine, params_of<T>(with), in) == alone);
}

}  // namespace

TEST_CASE("affine: W x + b and its gradients equal the ops', with any number of threads") {
    for (const Index n : {0, 1, 2, 13, 14, 15, 33, 70}) {
        check_affine<double>(1 + n, 71 - n, n, 1e-12);
        check_affine<float>(71 - n, 1 + n, 1 + 4 * n, 1e-5);
    }
    check_affine<double>(65, 300, 600, 1e-12);  // beyond what is multiplied at a time
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
