#include "bptt/cells/unroll.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/cells.hpp"

using namespace bptt;

TEST_CASE("unroll: the trajectory holds every field of every step") {
    Rng rng(1);
    const Lstm<double> cell(3, 4, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 10, rng)), 2);
    const LstmState<Mat<double>> s0{random_mat(4, 2, rng), random_mat(4, 2, rng)};
    const auto y = unroll_steps(cell, x, lift(tape, s0));
    LstmState<Var<double>> s = lift(tape, s0);
    CHECK(state_at(y, 0).c.value() == s0.c);
    for (Index t = 0; t < x.steps(); ++t) {
        s = cell.step(x[t], s);
        CHECK(y.h[t].value() == s.h.value());
        CHECK(y.c[t].value() == s.c.value());
        CHECK(state_at(y, t + 1).c.value() == s.c.value());
    }
    CHECK(final_state(y).h.value() == s.h.value());
    CHECK(y.h.layout == x.layout);
}

TEST_CASE("unroll: gradients of a state after some steps, and of its c alone, reach every input and the start") {
    Rng rng(2);
    Lstm<double> cell(3, 4, rng);
    const auto check = [&](const std::vector<Index>& lengths, bool back, Index k, bool c_alone) {
        const AnyLayer<double> state = [&](const Sequence<double>& xs, const std::vector<Var<double>>& s0) {
            const auto s = state_at(unroll(cell, back ? reversed(xs) : xs, {s0[0], s0[1]}), k);
            return c_alone ? Trajectories<double>{{}, {s.c}} : Trajectories<double>{{}, {s.h, s.c}};
        };
        CHECK(gradcheck_any(state, {params_of(cell)}, random_inputs(cell, 3, lengths, rng)));
    };
    check({4, 4}, false, 4, true);
    check({4, 4}, false, 2, false);
    for (const Index k : {0, 1, 3, 4}) check({2, 4, 1}, true, k, false);
}

TEST_CASE("unroll: no steps leave the start as it was") {
    Rng rng(3);
    const Gru<double> cell(3, 4, rng);
    Tape<double> tape;
    const auto h0 = tape.variable(random_mat(4, 2, rng));
    const auto x = sequence(tape.constant(Mat<double>(3, 0)), 2);
    const auto y = unroll(cell, x, {h0});
    CHECK(y.h.all.cols() == 0);
    CHECK(y.h.all.rows() == 4);
    backward(sum(final_state(y).h));
    CHECK(h0.grad() == Mat<double>::Ones(4, 2));
}

TEST_CASE("unroll: from zeros, and from plain matrices, as from what is on the tape") {
    Rng rng(12);
    const Lstm<double> cell(3, 4, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 10, rng)), 2, {5, 3});
    const auto zeros = zero_state(cell, 2);
    const auto expected = unroll(cell, x, lift(tape, zeros));
    for (const auto& y : {unroll(cell, x), unroll(cell, x, zeros), unroll(cell, x, Training{rng}),
                          unroll(cell, x, zeros, Training{rng}), unroll(cell, x, lift(tape, zeros), Training{rng})}) {
        CHECK(y.h.all.value() == expected.h.all.value());
        CHECK(y.c.all.value() == expected.c.all.value());
    }
    const LstmState<Mat<double>> carry{random_mat(4, 5, rng), random_mat(4, 5, rng)};
    CHECK_THROWS_WITH(unroll(cell, x, carry),
                      ContainsSubstring("columns(carry, first, count) cuts a carry for a smaller batch"));
    const auto part = columns(carry, 1, 2);
    const auto y = unroll(cell, x, part);
    CHECK(state_at(y, 0).c.value() == carry.c.middleCols(1, 2));
    CHECK(y.h.all.value() == unroll(cell, x, lift(tape, part)).h.all.value());
    CHECK_THROWS_WITH(zero_state(cell, -1), ContainsSubstring("zero_state: batch is -1, not 0 or more"));
    CHECK(shape(zero_state(cell, 0).c) == detail::Shape{4, 0});
}

TEST_CASE("unroll: a start that does not fit names it and the input") {
    Rng rng(5);
    const Lstm<double> cell(3, 4, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 10, rng)), 2);
    CHECK_THROWS_WITH(unroll(cell, x, lift(tape, zero_state(cell, 3))),
                      ContainsSubstring("s0 is 4x3") && ContainsSubstring("2 sequences of 5"));
    CHECK_THROWS_WITH(unroll(cell, sequence(tape.constant(random_mat(2, 10, rng)), 2), lift(tape, zero_state(cell, 2))),
                      ContainsSubstring("unroll: the input is 2x10, the cell reads 3 features"));
    CHECK_THROWS_WITH(unroll(cell, x, lift(tape, zero_state(Lstm<double>(3, 5, rng), 2))),
                      ContainsSubstring("h of the state s0 is 5x2, the cell has 4 units, the input is 2 sequences of 5"));
    CHECK_THROWS_WITH(unroll(cell, x, lift(tape, LstmState<Mat<double>>{})), ContainsSubstring("s0 is 0x0"));
    const auto field = [&](Index rows) { return tape.constant(Mat<double>::Ones(rows, 2)); };
    CHECK_THROWS_WITH(unroll(cell, x, {field(4), field(5)}), ContainsSubstring("c of the state s0 is 5x2, the cell has 4"));
    CHECK_THROWS_WITH(unroll(cell, x, {field(4), {}}), ContainsSubstring("c of the state s0 is empty"));
    Tape<double> other;
    CHECK_THROWS_WITH(unroll(cell, x, lift(other, zero_state(cell, 2))),
                      ContainsSubstring("h of the state s0 is on another tape"));
    CHECK_THROWS_WITH(unroll(cell, sequence(x.all, 5), lift(tape, zero_state(cell, 2))), ContainsSubstring("5 sequences of 2"));
}

namespace {
/// Its step gives fields of other shapes than it takes.
struct Careless {
    using Scalar = double;
    template <class V> using State = LstmState<V>;
    Index rows_of_c, cols_of_c;
    static void params(auto&, auto&&) {}
    Index units() const { return 2; }
    State<Var<double>> step(Var<double> x, State<Var<double>>) const {
        return {x, x.tape().constant(Mat<double>::Ones(rows_of_c, cols_of_c))};
    }
};
}  // namespace

TEST_CASE("unroll: a step that gives fields of another shape is refused") {
    Rng rng(11);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(2, 6, rng)), 2);
    const auto run = [&](Careless cell) { return unroll(cell, x, lift(tape, zero_state(cell, 2))); };
    CHECK_NOTHROW(run({2, 2}));
    CHECK_THROWS_WITH(run({2, 1}), ContainsSubstring("unroll: step() gave c as 2x1, not 2x2"));
    CHECK_THROWS_WITH(run({2, 3}), ContainsSubstring("c as 2x3, not 2x2"));
    CHECK_THROWS_WITH(run({3, 2}), ContainsSubstring("c as 3x2, not 2x2"));
}

TEST_CASE("unroll: a NaN in one sequence stays in that sequence") {
    Rng rng(7);
    const Lstm<float> cell(3, 4, rng);
    Mat<float> x = random_mat(3, 10, rng).cast<float>();
    x(1, 4) = std::numeric_limits<float>::quiet_NaN();  // step 2 of sequence 0
    Tape<float> tape;
    const auto y = unroll(cell, sequence(tape.constant(x), 2), lift(tape, zero_state(cell, 2))).h;
    for (Index t = 0; t < 5; ++t) {
        CHECK(y[t].value().col(0).array().isNaN().all() == (t >= 2));
        CHECK_FALSE(y[t].value().col(1).hasNaN());
    }
}

TEST_CASE("unroll: windows of unequal lengths, carried, are the whole") {
    Rng rng(10);
    const Lstm<double> cell(3, 4, rng);
    const std::vector<Index> lengths{2, 5, 0, 3}, first{2, 3, 0, 3}, second{0, 2, 0, 0};
    const Mat<double> x = random_mat(3, 20, rng);
    Tape<double> tape;
    const auto whole =
        values(final_state(unroll(cell, sequence(tape.constant(x), 4, lengths), lift(tape, zero_state(cell, 4)))));
    auto carry =
        values(final_state(unroll(cell, sequence(tape.constant(x.leftCols(12)), 4, first), lift(tape, zero_state(cell, 4)))));
    carry = values(final_state(unroll(cell, sequence(tape.constant(x.rightCols(8)), 4, second), lift(tape, carry))));
    CHECK((carry.h - whole.h).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((carry.c - whole.c).cwiseAbs().maxCoeff() < 1e-14);
}

namespace {
/// A cell of the library's with another step().
struct Halved : Gru<double> {
    using Gru::Gru;
    State<Var<double>> step(Var<double> x, State<Var<double>> s) const { return {0.5 * Gru::step(x, s).h}; }
};
static_assert(FusedCell<Gru<double>> && Cell<Halved> && !FusedCell<Halved>);
}  // namespace

TEST_CASE("unroll: a cell that derives from a fused one runs its own step") {
    Rng rng(12);
    const Halved cell(3, 4, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 6, rng)), 2);
    const auto s0 = lift(tape, zero_state(cell, 2));
    CHECK(unroll(cell, x, s0).h.all.value() == unroll_steps(cell, x, s0).h.all.value());
    CHECK(unroll(cell, x, s0).h[0].value() == 0.5 * cell.Gru::step(x[0], s0).h.value());
}
