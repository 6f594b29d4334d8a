#include "bptt/inspect/jacobian_flow.hpp"

#include <cmath>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "catch.hpp"
#include "support/mgu.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

/// ‖J‖ by power iteration.
double spectral_norm(const Mat<double>& J) {
    Eigen::VectorXd v = Eigen::VectorXd::LinSpaced(J.cols(), 1, 2);
    for (int k = 0; k < 3000; ++k) v = (J.transpose() * (J * v)).normalized();
    return (J * v).norm();
}

/// Each row of ∂h_T/∂(field after k steps) by a run of its own from there.
template <class C>
std::vector<Mat<double>> jacobians(const C& cell, const Mat<double>& x, const StateOf<C, Mat<double>>& s0, Index k) {
    Tape<double> tape;
    const auto from = values(final_state(unroll(cell, Sequence<double>::of(tape, {x.leftCols(k)}), s0)));
    std::vector<Mat<double>> all;
    for (Index unit = 0; unit < cell.units(); ++unit) {
        tape.clear();
        const auto start = map_state(from, [&](const Mat<double>& m) { return tape.variable(m); });
        const auto y = unroll(cell, Sequence<double>::of(tape, {x.rightCols(x.cols() - k)}), start);
        backward(sum(rows(final_state(y.h), unit, 1)));
        std::size_t field = 0;
        for_each_field(start, [&](const Var<double>& v) {
            if (unit == 0) all.emplace_back(cell.units(), v.rows());
            all[field++].row(unit) = v.grad().transpose();
        });
    }
    return all;
}

template <class C> void check_jacobians() {
    Rng rng(5);
    const C cell(3, 4, rng);
    const Mat<double> x = random_mat(3, 6, rng);
    const auto s0 = map_state(zero_state(cell, 1), [&](const Mat<double>& m) { return random_mat(m.rows(), 1, rng); });
    const auto flow = jacobian_flow(cell, x, s0);
    for (Index k = 0; k <= 6; ++k) {
        const auto expected = jacobians(cell, x, s0, k);
        REQUIRE(flow.fields.size() == expected.size());
        for (std::size_t f = 0; f < expected.size(); ++f) {
            REQUIRE(flow.fields[f].norms.size() == 7);
            INFO(flow.fields[f].field << " after " << k << " steps");
            CHECK_THAT(flow.fields[f].norms[static_cast<std::size_t>(k)], WithinAbs(spectral_norm(expected[f]), 1e-10));
        }
    }
}

}  // namespace

TEST_CASE("jacobian_flow: the largest singular value of each Jacobian, row by row") {
    check_jacobians<Rnn<double>>();
    check_jacobians<Lstm<double>>();
    check_jacobians<Gru<double>>();
    check_jacobians<Mgu>();
}

TEST_CASE("jacobian_flow: of a linear RNN of radius ρ it is ρ to the number of steps, from zeros too") {
    for (const double radius : {0.1, 0.5, 1.0, 1.5}) {
        Rng rng(1);
        Rnn<double, Activation::identity> rnn(2, 6, rng);
        rnn.Wh.value *= radius;
        const auto flow = jacobian_flow(rnn, random_mat(2, 200, rng));
        const auto& norms = flow["h"];
        REQUIRE(norms.size() == 201);
        CHECK_THAT(norms[200], WithinRel(1.0, 1e-12));
        for (std::size_t k = 0; k < 200; ++k)
            CHECK_THAT(std::log(norms[k]) - std::log(norms[k + 1]), WithinAbs(std::log(radius), 1e-6));
    }
}

TEST_CASE("jacobian_flow: in float, and of no steps") {
    Rng zeros = Rng::zeros();
    const Gru<float> gru(2, 3, zeros);  // halves h
    const auto flow = jacobian_flow(gru, Mat<float>(Mat<float>::Ones(2, 40)));
    for (int k = 0; k <= 40; ++k) CHECK_THAT(flow["h"][static_cast<std::size_t>(k)], WithinRel(std::ldexp(1, k - 40), 1e-14));
    CHECK(jacobian_flow(gru, Mat<float>(2, 0))["h"] == std::vector{1.0});
}

TEST_CASE("jacobian_flow: gradients of parameters stay as and where they are") {
    Rng rng(2);
    const Lstm<double> lstm(2, 3, rng);
    for_each_param(lstm, [&](std::string_view, const auto& p) { p.grad = random_mat(p.rows(), p.cols(), rng); });
    const Mat<double> before = lstm.Wh.grad;
    const double* const place = lstm.Wh.grad.data();
    jacobian_flow(lstm, random_mat(2, 5, rng));
    CHECK(lstm.Wh.grad == before);
    CHECK(lstm.Wh.grad.data() == place);
}

TEST_CASE("jacobian_flow: what is not finite is not hidden") {
    Rng rng(3);
    Rnn<double> rnn(2, 3, rng);
    rnn.Wh.value(1, 1) = NaN;
    CHECK(std::isnan(jacobian_flow(rnn, random_mat(2, 3, rng))["h"][0]));
    Rnn<double, Activation::identity> wide(2, 3, rng);
    wide.Wh.value *= 1e200;
    const auto norms = jacobian_flow(wide, random_mat(2, 2, rng))["h"];
    CHECK_FALSE(std::isfinite(norms[0]));
    CHECK_THAT(norms[1], WithinRel(1e200, 1e-12));
}
