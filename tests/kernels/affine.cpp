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

TEMPLATE_TEST_CASE("affine: from two on, a column's numbers do not depend on how many there are", "", float, double) {
    Rng rng(1);
    const auto random = [&](Index r, Index c) { return Mat<TestType>(random_mat(r, c, rng).template cast<TestType>()); };
    for (const Index outputs : {1, 2, 5, 9, 16, 33})
        for (const Index inputs : {1, 2, 3, 7, 40}) {
            const Param<TestType> W = random(outputs, inputs), b = random(outputs, 1);
            const Mat<TestType> x = random(inputs, 31);
            Tape<TestType> tape;
            const auto y = [&](Index columns) -> Mat<TestType> {
                return detail::deferred_affine(tape.watch(W), tape.watch(b), tape.constant(x.leftCols(columns))).value();
            };
            const Mat<TestType> all = y(31);
            for (Index columns = 2; columns < 31; ++columns) {
                CAPTURE(outputs, inputs, columns);
                CHECK(y(columns) == all.leftCols(columns));
            }
        }
}

#if defined(EIGEN_VECTORIZE_SSE)
TEST_CASE("affine: numbers too small to be normal count as zero, for any number of columns") {
    const Param<float> W = Mat<float>(Mat<float>::Identity(4, 4));
    for (Index columns = 1; columns < 20; ++columns) {
        Tape<float> tape;
        CAPTURE(columns);
        CHECK((tape.watch(W) * tape.constant(Mat<float>::Constant(4, columns, 1e-39f))).value().isZero(0));
    }
}
#endif
