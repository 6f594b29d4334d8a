#include "bptt/cells/gru.hpp"

#include "support/cells.hpp"
#include "support/reference.hpp"
#include "support/shapes.hpp"

using namespace bptt;

static_assert(Cell<Gru<float>> && Cell<Gru<double, Reset::after>>);

TEST_CASE("gru: gradients") {
    Rng rng(1);
    check_gradients<Gru<double>>(rng);
    check_gradients<Gru<double, Reset::after>>(rng);
}

namespace {

/// Reset before and after, with the same weights.
std::pair<Gru<double>, Gru<double, Reset::after>> both_forms(Rng& rng) {
    const Gru<double> before(2, 4, rng);
    Gru<double, Reset::after> after(2, 4, rng);
    after.Wx.value = before.Wx.value;
    after.Wh.value = before.Wh.value;
    return {before, after};
}

}  // namespace

TEST_CASE("gru: follows its equations") {
    reference::check<Gru<double>>(reference::gru(Reset::before));
    reference::check<Gru<double, Reset::after>>(reference::gru(Reset::after));
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
        for (Index b = 0; b < 2; ++b) CHECK_THAT(y(k, b), WithinAbs(reference::logistic(zx(k, b) + zh(k, b)), 1e-15));
}

}  // namespace

TEST_CASE("gru: gates() gives each gate, with gradients") {
    Rng rng(7);
    check_gates<Reset::before>(rng);
    check_gates<Reset::after>(rng);
}
