#include "bptt/cells/lstm.hpp"

#include "support/cells.hpp"
#include "support/reference.hpp"

using namespace bptt;

static_assert(Cell<Lstm<float, Peephole::current>> && Cell<Lstm<double, Peephole::full>>);

namespace {

template <Peephole P> using Peeping = Lstm<double, P>;
constexpr Index inputs = 2, hidden = 3, batch = 2, steps = 3;

/// With P = 0 every value and every gradient that the plain cell has is the plain cell's, to the bit.
template <Peephole P> void check_zero_is_plain() {
    Rng rng(4);
    Lstm<double> plain(inputs, hidden, rng);
    Peeping<P> peeping(inputs, hidden, rng);
    peeping.Wx = plain.Wx, peeping.Wh = plain.Wh, peeping.b = plain.b;
    const auto in = random_inputs(plain, inputs, {2, 5, 0, 3}, rng);
    const auto ours = run_layer(peeping, in);
    check_near(ours, run_layer(plain, in), 0);
    for (const char* name : {"Pi", "Pf", "Po"}) CHECK_FALSE(ours.at(std::string("d.") + name).isZero(1e-3));
}

}  // namespace

TEST_CASE("peepholes: gradients") {
    Rng rng(1);
    check_gradients<Peeping<Peephole::current>>(rng);
    check_gradients<Peeping<Peephole::previous>>(rng);
    check_gradients<Peeping<Peephole::full>>(rng);
}

TEST_CASE("peepholes: each form follows its equations") {
    reference::check<Peeping<Peephole::current>>(reference::lstm(Peephole::current));
    reference::check<Peeping<Peephole::previous>>(reference::lstm(Peephole::previous));
    reference::check<Peeping<Peephole::full>>(reference::lstm(Peephole::full));
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
