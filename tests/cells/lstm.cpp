#include "bptt/cells/lstm.hpp"

#include "support/cells.hpp"
#include "support/reference.hpp"

using namespace bptt;

static_assert(Cell<Lstm<float>> && Cell<Lstm<double>>);

TEST_CASE("lstm: gradients") {
    Rng rng(1);
    check_gradients<Lstm<double>>(rng);
}

TEST_CASE("lstm: follows its equations") { reference::check<Lstm<double>>(reference::lstm(Peephole::none)); }

TEST_CASE("lstm: with i = 1, f = 0, o = 1 it is the vanilla RNN with one more tanh") {
    Rng rng(3);
    const Index hidden = 4, inputs = 3, batch = 2, steps = 6;
    Lstm<double> cell(inputs, hidden, rng);
    for (const Index gate : {0, 1, 3}) {
        cell.Wx.value.middleRows(gate * hidden, hidden).setZero();
        cell.Wh.value.middleRows(gate * hidden, hidden).setZero();
        cell.b.value.middleRows(gate * hidden, hidden).setConstant(gate == 1 ? -1e4 : 1e4);
    }
    const auto block = [&](const Param<double>& p) { return p.value.middleRows(2 * hidden, hidden); };
    const Mat<double> x = random_mat(inputs, steps * batch, rng);
    const LstmState<Mat<double>> s0{random_mat(hidden, batch, rng), random_mat(hidden, batch, rng)};
    const Mat<double> y = run_cell(cell, x, s0);
    Mat<double> h = s0.h;
    for (Index t = 0; t < steps; ++t) {
        const Mat<double> z =
            (block(cell.Wx) * x.middleCols(t * batch, batch) + block(cell.Wh) * h).colwise() + block(cell.b).col(0);
        h = z.array().tanh().tanh();
        CHECK((y.middleCols(t * batch, batch) - h).cwiseAbs().maxCoeff() < 1e-12);
    }
}

TEST_CASE("lstm: starts with orthogonal blocks and the asked biases") {
    Rng rng(4);
    const Lstm<float> plain(3, 5, rng), other(3, 5, rng, {.input_bias = -1, .forget_bias = 2, .output_bias = -3});
    const auto bias = [](const Lstm<float>& cell, Index gate) -> Mat<float> { return cell.b.value.middleRows(5 * gate, 5); };
    for (Index gate = 0; gate < 4; ++gate) {
        CHECK(bias(plain, gate) == Mat<float>::Constant(5, 1, gate == 1 ? 1.0f : 0.0f));
        const Mat<float> W = plain.Wh.value.middleRows(5 * gate, 5);
        CHECK((W * W.transpose() - Mat<float>::Identity(5, 5)).cwiseAbs().maxCoeff() < 1e-6f);
    }
    CHECK(bias(other, 0) == Mat<float>::Constant(5, 1, -1));
    CHECK(bias(other, 1) == Mat<float>::Constant(5, 1, 2));
    CHECK(bias(other, 2) == Mat<float>::Zero(5, 1));
    CHECK(bias(other, 3) == Mat<float>::Constant(5, 1, -3));
}

TEST_CASE("lstm: gates() gives each gate and the new memory, with gradients") {
    Rng rng(5);
    Lstm<double> cell(3, 4, rng);
    const Mat<double> x = random_mat(3, 2, rng), h = random_mat(4, 2, rng), c = random_mat(4, 2, rng);
    const auto all = [&](auto vx, auto vh, auto vc) {
        const auto gate = cell.gates(vx, {vh, vc});
        return concat_rows({gate.i, gate.f, gate.g, gate.o, gate.c});
    };
    CHECK(gradcheck(cell, all, x, h, c));
    Tape<double> tape;
    const Mat<double> y = all(tape.constant(x), tape.constant(h), tape.constant(c)).value();
    const Mat<double> z = (cell.Wx.value * x + cell.Wh.value * h).colwise() + cell.b.value.col(0);
    for (Index k = 0; k < 16; ++k)
        for (Index b = 0; b < 2; ++b)
            CHECK_THAT(y(k, b), WithinAbs(k / 4 == 2 ? std::tanh(z(k, b)) : reference::logistic(z(k, b)), 1e-15));
    const auto block = [&](Index k) { return y.middleRows(4 * k, 4).array(); };
    CHECK(block(4).isApprox(block(1) * c.array() + block(0) * block(2), 1e-15));
}
