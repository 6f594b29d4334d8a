#include "bptt/cells/lstm.hpp"

#include "support/cells.hpp"
#include "support/layers.hpp"

using namespace bptt;

static_assert(Cell<Lstm<float, Peephole::current>> && Cell<Lstm<double, Peephole::full>>);

namespace {

template <Peephole P> using Peeping = Lstm<double, P>;
constexpr Index inputs = 2, hidden = 3, batch = 2, steps = 3;

template <Peephole P> void check_peephole_gradients() {
    Rng rng(1);
    check_gradients<Peeping<P>>(rng, [&](Peeping<P>& cell) {
        for (auto* p : {&cell.Pi, &cell.Pf, &cell.Po}) p->value = random_mat(p->rows(), p->cols(), rng);
    });
}

/// One peephole of one gate alone, against the equations in plain numbers.
template <Peephole P> void check_path(char gate, Rng& rng) {
    auto cell = silent<Peeping<P>>(inputs, hidden);
    const double at_rest[] = {0.3, -0.2, 0.7, 0.1};  // bias of i, f, g, o: all different, so that no two can be swapped
    for (Index k = 0; k < 4; ++k) cell.b.value.middleRows(k * hidden, hidden).setConstant(at_rest[k]);
    auto& p = gate == 'i' ? cell.Pi : gate == 'f' ? cell.Pf : cell.Po;
    p.value = random_mat(p.rows(), p.cols(), rng);
    const LstmState<Mat<double>> s0{random_mat(hidden, batch, rng), random_mat(hidden, batch, rng)};
    const Mat<double> y = run_cell(cell, random_mat(inputs, steps * batch, rng), s0);
    for (Index b = 0; b < batch; ++b) {
        Mat<double> c = s0.c.col(b);
        for (Index t = 0; t < steps; ++t) {
            const auto seen = [&](char of, Index k, const Mat<double>& memory) {
                if (of != gate) return 0.0;
                if (P != Peephole::full) return p.value(k, 0) * memory(k);
                double total = 0;
                for (Index j = 0; j < hidden; ++j) total += p.value(k, j) * memory(j);
                return total;
            };
            const Mat<double> before = c;
            for (Index k = 0; k < hidden; ++k)
                c(k) = logistic(at_rest[1] + seen('f', k, before)) * before(k) +
                       logistic(at_rest[0] + seen('i', k, before)) * std::tanh(at_rest[2]);
            for (Index k = 0; k < hidden; ++k) {
                const double o = logistic(at_rest[3] + seen('o', k, P == Peephole::current ? c : before));
                CHECK(std::abs(y(k, t * batch + b) - o * std::tanh(c(k))) < 1e-14);
            }
        }
    }
}

/// With P = 0 every value and every gradient that the plain cell has is the plain cell's, to the bit.
template <Peephole P> void check_zero_is_plain() {
    Rng rng(4);
    Lstm<double> plain(inputs, hidden, rng);
    Peeping<P> peeping(inputs, hidden, rng);
    peeping.Wx = plain.Wx, peeping.Wh = plain.Wh, peeping.b = plain.b;
    const auto in = random_inputs(plain, inputs, {2, 5, 0, 3}, rng);
    const auto expected = run_layer(plain, in), ours = run_layer(peeping, in);
    CHECK(ours.y == expected.y);
    CHECK(ours.dx == expected.dx);
    CHECK(ours.sT == expected.sT);
    CHECK(ours.ds0 == expected.ds0);
    for (const auto& [name, grad] : expected.dparams) CHECK(ours.dparams.at(name) == grad);
    for (const char* name : {"Pi", "Pf", "Po"}) CHECK_FALSE(ours.dparams.at(name).isZero(1e-3));
}

}  // namespace

TEST_CASE("peepholes: gradients") {
    check_peephole_gradients<Peephole::current>();
    check_peephole_gradients<Peephole::previous>();
    check_peephole_gradients<Peephole::full>();
}

TEST_CASE("peepholes: each gate's peephole alone follows its equation") {
    Rng rng(2);
    for (const char gate : {'i', 'f', 'o'}) {
        check_path<Peephole::current>(gate, rng);
        check_path<Peephole::previous>(gate, rng);
        check_path<Peephole::full>(gate, rng);
    }
}

TEST_CASE("peepholes: zero ones leave the plain LSTM, bit for bit") {
    check_zero_is_plain<Peephole::current>();
    check_zero_is_plain<Peephole::previous>();
    check_zero_is_plain<Peephole::full>();
}

TEST_CASE("peepholes: start as zeros, with names and shapes of their own") {
    Rng rng(5);
    const auto described = [](const auto& cell) {
        std::string all;
        for_each_param(cell, [&](std::string_view name, const auto& p) {
            all += std::string(name) + " " + std::to_string(p.rows()) + "x" + std::to_string(p.cols()) +
                   (p.value.isZero(0) ? " 0 " : " ");
        });
        return all;
    };
    CHECK(described(Lstm<float>(2, 3, rng)) == "Wx 12x2 Wh 12x3 b 12x1 ");
    CHECK(described(Lstm<float, Peephole::current>(2, 3, rng)) == "Wx 12x2 Wh 12x3 b 12x1 Pi 3x1 0 Pf 3x1 0 Po 3x1 0 ");
    CHECK(described(Lstm<float, Peephole::previous>(2, 3, rng)) == "Wx 12x2 Wh 12x3 b 12x1 Pi 3x1 0 Pf 3x1 0 Po 3x1 0 ");
    CHECK(described(Lstm<float, Peephole::full>(2, 3, rng)) == "Wx 12x2 Wh 12x3 b 12x1 Pi 3x3 0 Pf 3x3 0 Po 3x3 0 ");
}

TEST_CASE("peepholes: the state of a plain LSTM may start a peephole one") {
    Rng rng(6);
    const Lstm<double> encoder(inputs, hidden, rng);
    const Lstm<double, Peephole::full> decoder(inputs, hidden, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(inputs, steps * batch, rng)), batch);
    const auto y = unroll(decoder, x, final_state(unroll(encoder, x, lift(tape, zero_state(encoder, batch)))));
    CHECK(y.c.all.cols() == steps * batch);
}
