#include "bptt/nets/bidirectional.hpp"

#include <algorithm>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/nets/stacked.hpp"
#include "support/cells.hpp"
#include "support/mgu.hpp"

using namespace bptt;

static_assert(Layer<Bidirectional<Lstm<float>>> && !Cell<Bidirectional<Lstm<float>>>);
static_assert(HasInputs<Stacked<Bidirectional<Gru<float>>>> && HasInputs<Bidirectional<Stacked<Gru<float>>>>);
static_assert(!HasInputs<Mgu> && !HasInputs<Bidirectional<Mgu>> && !HasInputs<Stacked<Bidirectional<Mgu>>>);

namespace {

using Both = Bidirectional<Gru<double>>;
using Start = StateOf<Both, Mat<double>>;

const std::vector<Index> unsorted{2, 4, 0, 3};  // neither equal nor sorted
constexpr Index sequences = 4, steps = 4;

/// 4 units forward, 2 backward.
Both uneven(Rng& rng) { return {{3, 4, rng}, {3, 2, rng}}; }
Start random_start(Rng& rng) { return {{random_mat(4, sequences, rng)}, {random_mat(2, sequences, rng)}}; }

/// h of `both` over x, as a rectangle.
Mat<double> run(const Both& both, const Mat<double>& x, const Start& s0) {
    Tape<double> tape;
    return padded(unroll(both, sequence(tape.constant(x), sequences, unsorted), lift(tape, s0)).h).value();
}
/// A cell of one unit without parameters.
struct Sums {
    using Scalar = float;
    template <class V> using State = HiddenState<V>;
    static void params(auto&, auto&&) {}
    Index units() const { return 1; }
    State<Var<float>> step(Var<float> x, State<Var<float>> s) const { return {s.h + x}; }
};
double largest(const Mat<double>& m) { return m.cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("bidirectional: forward on top, and below what the other cell makes of each sequence reversed") {
    Rng rng(1);
    const Both both = uneven(rng);
    const Start s0 = random_start(rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, steps * sequences, rng)), sequences, unsorted);
    const auto y = unroll(both, x, lift(tape, s0));
    const auto ahead = unroll(both.forward, x, s0.forward), back = unroll(both.backward, reversed(x), s0.backward);
    REQUIRE(y.h.all.rows() == 6);
    CHECK(y.h.all.value().topRows(4) == ahead.h.all.value());
    CHECK(y.h.all.value().bottomRows(2) == back.h.all.value());
    CHECK(y.forward.h.all.value() == ahead.h.all.value());
    CHECK(y.backward.h.all.value() == back.h.all.value());
    for (const Index k : {0, 2, 4}) {
        CHECK(state_at(y, k).forward.h.value() == state_at(ahead, k).h.value());
        CHECK(state_at(y, k).backward.h.value() == state_at(back, k).h.value());  // the last stands at the first step
    }
    CHECK(final_state(y).backward.h.value() == final_state(back).h.value());
}

TEST_CASE("bidirectional: what a step says goes forward in the forward half, backward in the backward half") {
    Rng rng(2);
    const Both both = uneven(rng);
    const Mat<double> x = random_mat(3, steps * sequences, rng);
    const Start s0 = random_start(rng);
    const Mat<double> before = run(both, x, s0);
    for (const auto& [b, t] : {std::pair<Index, Index>{1, 2}, {3, 0}, {3, 2}, {0, 1}}) {
        Mat<double> other = x;
        other.col(t * sequences + b).array() += 0.5;
        const Mat<double> change = run(both, other, s0) - before;
        for (Index s = 0; s < steps; ++s) {
            for (Index c = 0; c < sequences; ++c) {
                CAPTURE(b, t, c, s);
                const bool own = c == b && s < unsorted[static_cast<std::size_t>(c)];
                const auto here = change.col(s * sequences + c);
                CHECK((here.topRows(4).array() != 0).all() == (own && s >= t));
                CHECK((here.topRows(4).array() != 0).any() == (own && s >= t));
                CHECK((here.bottomRows(2).array() != 0).all() == (own && s <= t));
                CHECK((here.bottomRows(2).array() != 0).any() == (own && s <= t));
            }
        }
    }
}

TEST_CASE("bidirectional: run the other way, the halves change places") {
    Rng rng(3);
    const Both both = uneven(rng);
    const Start s0 = random_start(rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, steps * sequences, rng)), sequences, unsorted);
    const auto y = unroll(both, x, lift(tape, s0));
    const Both swapped(both.backward, both.forward);
    const auto turned = unroll(swapped, reversed(x), lift(tape, Start{s0.backward, s0.forward}));
    CHECK(turned.h.all.value().topRows(2) == y.h.all.value().bottomRows(2));
    CHECK(turned.h.all.value().bottomRows(4) == y.h.all.value().topRows(4));
    CHECK(final_state(turned).forward.h.value() == final_state(y).backward.h.value());
    CHECK(final_state(turned).backward.h.value() == final_state(y).forward.h.value());
    CHECK(turned.h.reversed);
    CHECK_FALSE(y.h.reversed);
    CHECK(y.h.layout == x.layout);
}

TEST_CASE("bidirectional: gradients") {
    Rng rng(4);
    const auto check = [&](auto layer) { CHECK(gradcheck_layer(layer, 3, unsorted, rng)); };
    check(Bidirectional<Lstm<double>>(3, 2, rng));
    check(uneven(rng));
    check(Bidirectional<Stacked<Rnn<double>>>{{3, 2, 2, rng}, {3, 3, 1, rng}});
    check(Bidirectional<Bidirectional<Rnn<double>>>{{3, 2, rng}, {3, 2, rng}});
    check(Stacked<Bidirectional<Mgu>>(3, 2, 2, rng));
}

TEST_CASE("bidirectional: names, and sizes from the one below") {
    Rng rng(5);
    const Stacked<Both> stack(3, 4, 2, rng);
    CHECK(names_of(stack) ==
          "0.forward.Wx 0.forward.Wh 0.forward.b 0.backward.Wx 0.backward.Wh 0.backward.b "
          "1.forward.Wx 1.forward.Wh 1.forward.b 1.backward.Wx 1.backward.Wh 1.backward.b ");
    CHECK(parameter_count(stack) == 2 * 12 * (3 + 4 + 1) + 2 * 12 * (8 + 4 + 1));
    CHECK(stack.inputs() == 3);
    CHECK(stack.outputs() == 8);
    CHECK(stack.layers[1].inputs() == 8);
    CHECK(stack.layers[0].forward.Wx.value != stack.layers[0].backward.Wx.value);
    const Both both = uneven(rng);
    CHECK(both.inputs() == 3);
    CHECK(both.outputs() == 6);
    CHECK(both.outputs() == 6);
    CHECK(Stacked<Mgu>(3, 4, 2, rng).outputs() == 4);
}

TEST_CASE("bidirectional: layers that do not fit are refused") {
    Rng rng(6);
    CHECK_THROWS_WITH(Both({3, 4, rng}, {5, 4, rng}), ContainsSubstring("Bidirectional: forward reads 3 features, backward 5"));
    CHECK_THROWS_WITH(Stacked<Both>({{3, 4, rng}, {4, 4, rng}}),
                      ContainsSubstring("layer 1 reads 4 features, the one below has 8"));
    CHECK_NOTHROW(Stacked<Both>({{{3, 4, rng}, {3, 2, rng}}, {6, 1, rng}}));
    CHECK_THROWS_WITH(Both(0, 4, rng), ContainsSubstring("inputs is 0"));
    const Both both = uneven(rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 16, rng)), sequences, unsorted);
    const auto wide = sequence(tape.constant(random_mat(4, 16, rng)), sequences, unsorted);
    CHECK_THROWS_WITH(unroll(both, wide, lift(tape, zero_state(both, sequences))),
                      ContainsSubstring("the cell reads 3 features"));
    CHECK_THROWS_WITH(unroll(both, x, lift(tape, zero_state(both, 3))), ContainsSubstring("s0 is 4x3"));
    CHECK_THROWS_WITH(unroll(both, x, lift(tape, Start{{random_mat(2, 4, rng)}, {random_mat(2, 4, rng)}})),
                      ContainsSubstring("h of the state s0 is 2x4, the cell has 4 units"));
    CHECK_THROWS_WITH(unroll(both, x, lift(tape, Start{{random_mat(4, 4, rng)}, {random_mat(4, 4, rng)}})),
                      ContainsSubstring("h of the state s0 is 4x4, the cell has 2 units"));
    const Bidirectional<Mgu> own({3, 4, rng}, {5, 4, rng});  // without inputs(), it shows when it runs
    CHECK_THROWS_WITH(unroll(own, x, lift(tape, zero_state(own, sequences))),
                      ContainsSubstring("4x5") && ContainsSubstring("3x1"));
}

TEST_CASE("bidirectional: zero_state has the shapes of both") {
    Rng rng(7);
    const Bidirectional<Lstm<double>> both{{3, 4, rng}, {3, 2, rng}};
    const auto s = zero_state(both, 5);
    for (const auto* m : {&s.forward.h, &s.forward.c}) CHECK(*m == Mat<double>::Zero(4, 5));
    for (const auto* m : {&s.backward.h, &s.backward.c}) CHECK(*m == Mat<double>::Zero(2, 5));
    CHECK_THROWS_WITH(zero_state(both, -1), ContainsSubstring("batch is -1"));
}

TEST_CASE("bidirectional: floats, sums from the left and from the right") {
    const Bidirectional<Sums> both({}, {});
    Tape<float> tape;
    const auto y = unroll(both, sequence(tape.constant(Mat<float>{{1, 2, 4, 8}}), 1), lift(tape, zero_state(both, 1)));
    CHECK(y.h.all.value() == Mat<float>{{1, 3, 7, 15}, {15, 14, 12, 8}});
    CHECK(values(state_at(y, 3)).backward.h == Mat<float>{{14}});
}

TEST_CASE("bidirectional: the forward half carries over chunks, the backward half starts anew in each") {
    Rng rng(8);
    const Both both = uneven(rng);
    const Mat<double> x = random_mat(3, 24, rng);
    Tape<double> tape;
    const auto whole = unroll(both, sequence(tape.constant(x), sequences), lift(tape, zero_state(both, sequences)));
    const Mat<double> all = whole.h.all.value(), end = final_state(whole).forward.h.value();
    auto carry = zero_state(both, sequences);
    for (Index chunk = 0; chunk < 2; ++chunk) {
        tape.clear();
        carry.backward.h.setZero();
        const Mat<double> part = x.middleCols(12 * chunk, 12);
        const auto y = unroll(both, sequence(tape.constant(part), sequences), lift(tape, carry));
        CHECK(largest(y.h.all.value().topRows(4) - all.middleCols(12 * chunk, 12).topRows(4)) < 1e-14);
        CHECK((largest(y.h.all.value().bottomRows(2) - all.middleCols(12 * chunk, 12).bottomRows(2)) < 1e-14) == (chunk == 1));
        values(final_state(y), carry);
        CHECK(shape(carry.forward.h) == Shape{4, sequences});
        CHECK(shape(carry.backward.h) == Shape{2, sequences});
    }
    CHECK(largest(carry.forward.h - end) < 1e-14);
}

TEST_CASE("bidirectional: training reaches the layers of both directions") {
    Rng rng(9);
    using Deep = Stacked<Rnn<double>>;
    const Bidirectional<Deep> both{{3, 4, 2, rng, {.dropout = 0.5}}, {3, 4, 2, rng, {.dropout = 0.5}}};
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 16, rng)), sequences, unsorted);
    const auto s0 = lift(tape, zero_state(both, sequences));
    const Mat<double> used = unroll(both, x, s0).h.all.value(), trained = unroll(both, x, s0, Training{rng}).h.all.value();
    CHECK(used.topRows(4) != trained.topRows(4));
    CHECK(used.bottomRows(4) != trained.bottomRows(4));
}
