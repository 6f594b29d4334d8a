#include "bptt/models/forecaster.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/nets/stacked.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

/// Windows side by side as one matrix, time-major.
Mat<double> side_by_side(const std::vector<Mat<double>>& windows) {
    const Index batch = std::ssize(windows), steps = windows[0].cols();
    Mat<double> all(windows[0].rows(), steps * batch);
    for (Index b = 0; b < batch; ++b)
        for (Index t = 0; t < steps; ++t) all.col(t * batch + b) = windows[static_cast<std::size_t>(b)].col(t);
    return all;
}
template <class L> Mat<double> foresee(const Forecaster<L>& model, const Mat<double>& window) {
    Tape<double> tape;
    return model(Sequence<double>::of(tape, {window})).value();
}

}  // namespace

TEST_CASE("Forecaster: gradients") {
    Rng rng(1);
    Forecaster<Gru<double>> model({3, 4, rng}, rng, {.targets = 2, .horizon = 3, .season = 2});
    randomise(model, rng, 0.7);
    CHECK(check_op(
        model, [&](Var<double> x) { return model(sequence(x, 2)); }, random_mat(3, 8, rng)));
    CHECK(names_of(model) == "layer.Wx layer.Wh layer.b head.W head.b ");
    Forecaster<Stacked<Gru<double>>> deep({2, 3, 2, rng}, rng, {});
    randomise(deep, rng, 0.7);
    CHECK(check_op(
        deep, [&](Var<double> x) { return deep(sequence(x, 2)); }, random_mat(2, 8, rng)));
}

TEST_CASE("Forecaster: the head of the last state, which read differences from the last column, and what was a season before") {
    Rng rng(2);
    Forecaster<Lstm<double>> model({3, 4, rng}, rng, {.targets = 2, .horizon = 4, .season = 3});
    randomise(model, rng);
    const Mat<double> window = random_mat(3, 5, rng);
    Tape<double> tape;
    const auto y = unroll(model.layer, Sequence<double>::of(tape, {window.colwise() - window.col(4)}));
    Mat<double> expected = model.head(final_state(y)).value();
    for (const auto& [k, column] : {std::pair{0, 2}, {1, 3}, {2, 4}, {3, 2}})
        expected.middleRows(2 * k, 2) += window.col(column).head(2);
    CHECK((foresee(model, window) - expected).cwiseAbs().maxCoeff() < 1e-14);
    const Eigen::Vector3d up(5, -7, 100);  // at another level all is the same, but for the level
    const Mat<double> raised = foresee(model, window.colwise() + up);
    CHECK((raised - expected - up.head(2).replicate(4, 1)).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("Forecaster: forecast() has the same for each window, and feeds back what goes beyond the horizon") {
    Rng rng(3);
    for (const Index season : {1, 4}) {
        Forecaster<Gru<double>> model({2, 4, rng}, rng, {.targets = 2, .horizon = 3, .season = season});
        randomise(model, rng);
        const std::vector<Mat<double>> windows = {random_mat(2, 5, rng), random_mat(2, 5, rng)};
        for (const Index count : {1, 3, 4, 8}) {
            CAPTURE(season, count);
            const Mat<double> found = model.forecast(side_by_side(windows), 2, count);
            for (Index b = 0; b < 2; ++b) {
                Mat<double> known = windows[static_cast<std::size_t>(b)], all(2, 0);
                while (all.cols() < count) {
                    const Mat<double> next = foresee(model, known.rightCols(5)).reshaped(2, 3);
                    all = (Mat<double>(2, all.cols() + 3) << all, next).finished();
                    known = (Mat<double>(2, known.cols() + 3) << known, next).finished();
                }
                CHECK((found.col(b) - all.leftCols(count).reshaped()).cwiseAbs().maxCoeff() < 1e-13);
            }
        }
    }
}

TEST_CASE("Forecaster: up to the horizon, features that are no targets need not be foreseen") {
    Rng rng(4);
    Forecaster<Gru<double>> model({3, 4, rng}, rng, {.targets = 1, .horizon = 3, .season = 2});
    randomise(model, rng);
    const Mat<double> window = random_mat(3, 5, rng), whole = foresee(model, window);
    CHECK(model.forecast(window, 1, 3) == whole);
    CHECK(model.forecast(window, 1, 2) == whole.topRows(2));
}
