#include "bptt/cells/rnn.hpp"

#include "support/cells.hpp"

using namespace bptt;

static_assert(Cell<Rnn<float>> && Cell<Rnn<double, Activation::relu>> && Cell<Rnn<double, Activation::identity>>);

TEST_CASE("rnn: gradients") {
    Rng rng(1);
    check_gradients<Rnn<double>>(rng);
    check_gradients<Rnn<double, Activation::identity>>(rng);
    Rnn<double> large(16, 33, rng);
    CHECK(gradcheck(large, {16, 3, 4}));
}

TEST_CASE("rnn: gradients with relu") {
    Rng rng(2);
    for (int k = 0; k < 20; ++k) {
        Rnn<double, Activation::relu> cell(3, 6, rng);
        cell.Wx.value *= 0.1;
        cell.Wh.value *= 0.1;
        cell.b.value << 2, -2, 2, -2, 2, -2;  // units that are always on or always off: no kink is near
        CHECK(gradcheck(cell, {.inputs = 3, .batch = 3, .steps = 4, .lengths = maybe_lengths(3, 4, rng)}, rng.next()));
    }
}

TEST_CASE("rnn: each path alone follows its equation") {
    Rng rng(3);
    const Index hidden = 3, inputs = 2, batch = 2, steps = 3;
    for (const Path path : paths) {
        auto cell = silent<Rnn<double>>(inputs, hidden);
        const OnePath added(cell, 0, path, rng);
        const Mat<double> x = random_mat(inputs, steps * batch, rng), h0 = random_mat(hidden, batch, rng);
        const Mat<double> y = run_cell(cell, x, {h0});
        for (Index b = 0; b < batch; ++b) {
            Mat<double> h = h0.col(b);
            for (Index t = 0; t < steps; ++t) {
                Mat<double> next(hidden, 1);
                for (Index k = 0; k < hidden; ++k) next(k) = std::tanh(added(k, x.col(t * batch + b), h.col(0)));
                h = next;
                CHECK((y.col(t * batch + b) - h).cwiseAbs().maxCoeff() < 1e-14);
            }
        }
    }
}

TEST_CASE("rnn: activations differ where they must") {
    const Mat<double> x{{-2, 0.5}}, h0 = Mat<double>::Zero(1, 2);
    auto one = []<class C>(C cell) {
        cell.Wx.value(0, 0) = 1;
        return cell;
    };
    CHECK(run_cell(one(silent<Rnn<double, Activation::relu>>(1, 1)), x, {h0}) == Mat<double>{{0, 0.5}});
    CHECK(run_cell(one(silent<Rnn<double, Activation::identity>>(1, 1)), x, {h0}) == x);
    CHECK(run_cell(one(silent<Rnn<double>>(1, 1)), x, {h0}).isApprox(Mat<double>{{std::tanh(-2), std::tanh(0.5)}}, 1e-15));
}
