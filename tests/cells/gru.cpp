#include "bptt/cells/gru.hpp"

#include "support/cells.hpp"
#include "support/shapes.hpp"

using namespace bptt;

static_assert(Cell<Gru<float>> && Cell<Gru<double, Reset::after>>);

TEST_CASE("gru: gradients") {
    Rng rng(1);
    check_gradients<Gru<double>>(rng);
    using After = Gru<double, Reset::after>;
    check_gradients<After>(rng, [&](After& cell) { cell.bh.value = random_mat(cell.units(), 1, rng); });
    Gru<double> large(8, 17, rng);
    CHECK(gradcheck(large, {8, 3, 4}));
}

namespace {

/// One path of one gate switched on beside Un = un, against the equations in plain numbers.
template <Reset R> void check_path(Index gate, Path path, Rng& rng) {
    const Index hidden = 3, inputs = 2, batch = 2, steps = 3;
    const double at_rest[] = {0.3, -0.4, 0.7};  // bias of r, u, n: all different, so that no two can be swapped
    auto cell = silent<Gru<double, R>>(inputs, hidden);
    for (Index k = 0; k < 3; ++k) cell.b.value.middleRows(k * hidden, hidden).setConstant(at_rest[k]);
    const Mat<double> un = random_mat(hidden, hidden, rng);  // without it r has no effect
    cell.Wh.value.middleRows(2 * hidden, hidden) = un;
    Mat<double> bh = Mat<double>::Zero(hidden, 1);
    if constexpr (R == Reset::after) bh = cell.bh.value = random_mat(hidden, 1, rng);
    const bool in_product = gate == 2 && path == Path::recurrent;  // then the path is Un itself
    const OnePath added(cell, in_product ? 0 : gate, in_product ? Path::bias : path, rng);
    const Index to = in_product ? 0 : gate;

    const Mat<double> x = random_mat(inputs, steps * batch, rng), h0 = random_mat(hidden, batch, rng);
    const Mat<double> y = run_cell(cell, x, {h0});
    for (Index b = 0; b < batch; ++b) {
        Mat<double> h = h0.col(b);
        for (Index t = 0; t < steps; ++t) {
            const auto z = [&](Index k, Index of) {
                return at_rest[of] + (of == to ? added(k, x.col(t * batch + b), h.col(0)) : 0);
            };
            Mat<double> r(hidden, 1), next(hidden, 1);
            for (Index k = 0; k < hidden; ++k) r(k) = logistic(z(k, 0));
            for (Index k = 0; k < hidden; ++k) {
                double product = 0;
                for (Index j = 0; j < hidden; ++j) product += un(k, j) * h(j) * (R == Reset::before ? r(j) : 1);
                const double n = std::tanh(z(k, 2) + (R == Reset::before ? product : r(k) * (product + bh(k))));
                const double u = logistic(z(k, 1));
                next(k) = (1 - u) * n + u * h(k);
            }
            h = next;
            CHECK((y.col(t * batch + b) - h).cwiseAbs().maxCoeff() < 1e-14);
        }
    }
}

/// Reset before and after, with the same weights.
std::pair<Gru<double>, Gru<double, Reset::after>> both_forms(Rng& rng) {
    const Gru<double> before(2, 4, rng);
    Gru<double, Reset::after> after(2, 4, rng);
    after.Wx.value = before.Wx.value;
    after.Wh.value = before.Wh.value;
    return {before, after};
}

}  // namespace

TEST_CASE("gru: each path of each gate alone follows its equation") {
    Rng rng(2);
    for (Index gate = 0; gate < 3; ++gate) {
        for (const Path path : paths) {
            check_path<Reset::before>(gate, path, rng);
            check_path<Reset::after>(gate, path, rng);
        }
    }
}

TEST_CASE("gru: reset before and after agree without a state, and differ with one") {
    Rng rng(3);
    auto forms = both_forms(rng);
    auto& before = forms.first;
    auto& after = forms.second;
    const Mat<double> x = random_mat(2, 6, rng), none = Mat<double>::Zero(4, 2), some = random_mat(4, 2, rng);
    const auto apart = [&](Index step, const Mat<double>& h0) -> double {
        return (run_cell(before, x, {h0}) - run_cell(after, x, {h0})).middleCols(2 * step, 2).cwiseAbs().maxCoeff();
    };
    CHECK(apart(0, none) == 0);
    CHECK(apart(1, none) > 1e-3);
    CHECK(apart(0, some) > 1e-3);
}

TEST_CASE("gru: reset before and after agree at every step where nothing is reset, or all of it") {
    Rng rng(6);
    auto forms = both_forms(rng);
    auto& before = forms.first;
    auto& after = forms.second;
    const Mat<double> x = random_mat(2, 8, rng), h0 = random_mat(4, 2, rng);
    for (const double bias : {1e4, -1e4}) {  // of r
        before.b.value.topRows(4).setConstant(bias);
        after.b.value.topRows(4).setConstant(bias);
        CHECK((run_cell(before, x, {h0}) - run_cell(after, x, {h0})).cwiseAbs().maxCoeff() < 1e-14);
    }
}

TEST_CASE("gru: an open update gate keeps the old state") {
    Rng rng(4);
    Gru<double> cell(2, 3, rng);
    cell.b.value.middleRows(3, 3).setConstant(1e4);
    const Mat<double> h0 = random_mat(3, 2, rng);
    const Mat<double> y = run_cell(cell, random_mat(2, 8, rng), {h0});
    for (Index t = 0; t < 4; ++t) CHECK(y.middleCols(2 * t, 2) == h0);
}

namespace {

template <Reset R> void check_gates(Rng& rng) {
    Gru<double, R> cell(3, 4, rng);
    if constexpr (R == Reset::after) {
        CHECK(shape(cell.bh) == Shape{4, 1});
        cell.bh.value = random_mat(4, 1, rng);
    }
    const Mat<double> x = random_mat(3, 2, rng), h = random_mat(4, 2, rng);
    const auto all = [&](auto vx, auto vh) {
        const auto gate = cell.gates(vx, {vh});
        return concat_rows({gate.r, gate.u, gate.n});
    };
    CHECK(gradcheck(cell, all, x, h));
    Tape<double> tape;
    const Mat<double> y = all(tape.constant(x), tape.constant(h)).value(), zx = cell.Wx.value * x, zh = cell.Wh.value * h;
    for (Index k = 0; k < 8; ++k)
        for (Index b = 0; b < 2; ++b) CHECK_THAT(y(k, b), WithinAbs(logistic(zx(k, b) + zh(k, b)), 1e-15));
}

}  // namespace

TEST_CASE("gru: gates() gives each gate, with gradients") {
    Rng rng(7);
    check_gates<Reset::before>(rng);
    check_gates<Reset::after>(rng);
}
