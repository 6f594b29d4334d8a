#include "bptt/nets/stacked.hpp"

#include <limits>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "support/cells.hpp"

using namespace bptt;

static_assert(Layer<Stacked<Lstm<float>>> && !Cell<Stacked<Lstm<float>>>);
static_assert(Layer<Stacked<Stacked<Gru<float>>>>);

namespace {

using Stack = Stacked<Gru<double>>;
using Nested = Stacked<Stack>;

/// h of the stack over a batch of unequal lengths, from zeros.
template <class L> Mat<double> run(const L& stack, const Mat<double>& x, std::optional<Training> training = {}) {
    Tape<double> tape;
    return unroll(stack, sequence(tape.constant(x), 4, {2, 4, 0, 3}), lift(tape, zero_state(stack, 4)), training).h.all.value();
}
bool same_state(Rng a, Rng b) { return a.next() == b.next(); }

}  // namespace

TEST_CASE("stacked: gradients for every depth") {
    Rng rng(1);
    for (Index depth = 1; depth <= 4; ++depth) {
        Stacked<Lstm<double>> stack(3, 4, depth, rng);
        CHECK(gradcheck_layer(stack, 3, {4, 4}, rng));
    }
    Nested nested({{2, 3, 2, rng}, {3, 4, 1, rng}});
    CHECK(gradcheck_layer(nested, 2, {3, 3}, rng));
}

TEST_CASE("stacked: equals its layers one after the other") {
    Rng rng(2);
    const Stacked<Lstm<double>> stack(3, 4, 2, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 10, rng)), 2);
    StateArray<LstmState<Mat<double>>> carry = zero_state(stack, 2);
    for_each_field(carry, [&](Mat<double>& m) { m = random_mat(4, 2, rng); });
    const auto s0 = lift(tape, carry);
    const auto y = unroll(stack, x, s0);
    const auto first = unroll(stack.layers[0], x, s0[0]);
    const auto second = unroll(stack.layers[1], first.h, s0[1]);
    CHECK(y.h.all.value() == second.h.all.value());
    CHECK(y.layers[0].c.all.value() == first.c.all.value());
    const auto last = values(final_state(y)), early = values(state_at(y, 2));
    CHECK(last.count == 2);
    CHECK(last[0].c == final_state(first).c.value());
    CHECK(last[1].h == final_state(second).h.value());
    CHECK(early[1].c == state_at(second, 2).c.value());
    values(final_state(y), carry);
    CHECK(carry[1].c == last[1].c);
}

TEST_CASE("stacked: names, sizes and depth") {
    Rng rng(3);
    const Stack stack(3, 4, 2, rng);
    CHECK(names_of(stack) == "0.Wx 0.Wh 0.b 1.Wx 1.Wh 1.b ");
    CHECK(parameter_count(stack) == 12 * (3 + 4 + 1) + 12 * (4 + 4 + 1));
    CHECK_THROWS_WITH(Stack(3, 4, 0, rng), ContainsSubstring("depth is 0, outside 1..16"));
    CHECK_THROWS_WITH(Stack(3, 4, 17, rng), ContainsSubstring("depth is 17"));
    CHECK_THROWS_WITH(Stack(3, -4, 2, rng), ContainsSubstring("units is -4"));
    CHECK_THROWS_WITH(Stack(std::vector<Gru<double>>{}), ContainsSubstring("depth is 0"));
    CHECK_THROWS_WITH(Stack({{3, 4, rng}, {5, 4, rng}}), ContainsSubstring("layer 1 reads 5 features, the one below has 4"));
}

TEST_CASE("stacked: a start of another depth is refused") {
    Rng rng(4);
    const Stack two(3, 4, 2, rng), three(3, 4, 3, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 10, rng)), 2);
    CHECK_THROWS_WITH(unroll(two, x, lift(tape, zero_state(three, 2))), ContainsSubstring("s0 has 3 layers, the stack 2"));
}

TEST_CASE("stacked: gradients of layers of different widths, over unequal lengths, while training") {
    Rng rng(5);
    Stack stack({{3, 2, rng}, {2, 5, rng}, {5, 4, rng}}, {.dropout = 0.5});
    CHECK(gradcheck_layer(stack, 3, {2, 4, 0, 3}, rng));
    CHECK(gradcheck_layer(stack, 3, {2, 4, 0, 3}, rng, [](const Stack& trained, const auto& xs, const auto& s0) {
        Rng same(6);
        return unroll(trained, xs, s0, Training{same});
    }));
}

TEST_CASE("stacked: each layer reads what the one below gives") {
    Rng rng(6);
    const Stack same(3, 4, 3, rng), own({{3, 2, rng}, {2, 5, rng}, {5, 4, rng}});
    CHECK(same.layers[0].inputs() == 3);
    CHECK(same.layers[1].inputs() == 4);
    CHECK(same.layers[2].inputs() == 4);
    CHECK(own.depth() == 3);
    CHECK(own.inputs() == 3);
    CHECK(own.outputs() == 4);
    CHECK(own.outputs() == 4);
    const auto s = zero_state(own, 5);
    CHECK(s.count == 3);
    CHECK(s[0].h == Mat<double>::Zero(2, 5));
    CHECK(s[1].h == Mat<double>::Zero(5, 5));
    CHECK(s[2].h == Mat<double>::Zero(4, 5));
    CHECK(shape(run(own, random_mat(3, 16, rng))) == Shape{4, 9});
    CHECK_THROWS_WITH(Stack({{3, 2, rng}, {2, 5, rng}, {2, 4, rng}}),
                      ContainsSubstring("layer 2 reads 2 features, the one below has 5"));
    const Nested nested({own, {4, 1, 2, rng}});
    CHECK(nested.outputs() == 1);
    CHECK(nested.inputs() == 3);
    CHECK_THROWS_WITH(Nested({own, {3, 1, 2, rng}}), ContainsSubstring("layer 1 reads 3 features, the one below has 4"));
}

TEST_CASE("stacked: dropout falls between the layers, not before the first, not after the last") {
    Rng rng(7), same(8), dropped(8);
    const Stack stack({{3, 2, rng}, {2, 5, rng}, {5, 4, rng}}, {.dropout = 0.5});
    CHECK(stack.dropout == 0.5);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 16, rng)), 4, {2, 4, 0, 3});
    const auto s0 = lift(tape, zero_state(stack, 4));
    const auto y = unroll(stack, x, s0, Training{same});
    const auto first = unroll(stack.layers[0], x, s0[0]);
    const auto second = unroll(stack.layers[1], dropout(first.h, 0.5, Training{dropped}), s0[1]);
    const auto third = unroll(stack.layers[2], dropout(second.h, 0.5, Training{dropped}), s0[2]);
    CHECK(y.layers[0].h.all.value() == first.h.all.value());
    CHECK(y.layers[1].h.all.value() == second.h.all.value());
    CHECK(y.h.all.value() == third.h.all.value());
    CHECK(same_state(same, dropped));
    CHECK(values(final_state(y))[1].h == values(final_state(second)).h);
}

TEST_CASE("stacked: with dropout of 1 the upper layers see zeros") {
    Rng rng(9);
    Stack stack(3, 4, 2, rng, {.dropout = 1});
    randomise(stack, rng);
    const Mat<double> y = run(stack, random_mat(3, 16, rng), Training{rng});
    CHECK(y == run(Stack(std::vector{stack.layers[1]}), Mat<double>::Zero(4, 16)));
    CHECK((y.array() != 0).all());  // the top is not dropped
}

TEST_CASE("stacked: dropout is for training only, and the seed says what it drops") {
    Rng rng(10), a(1), b(1), c(2);
    const Stack plain(3, 4, 3, rng), stack(plain.layers, {.dropout = 0.5});
    const Mat<double> x = random_mat(3, 16, rng);
    CHECK(run(stack, x) == run(plain, x));
    CHECK(run(plain, x, Training{a}) == run(plain, x));
    CHECK(same_state(a, b));  // nothing was drawn
    const Mat<double> y = run(stack, x, Training{a});
    CHECK(y != run(plain, x));
    CHECK(run(stack, x, Training{b}) == y);
    CHECK(run(stack, x, Training{b}) != y);
    CHECK(run(stack, x, Training{c}) != y);
}

TEST_CASE("stacked: one layer has nothing to drop") {
    Rng rng(11), own(1);
    const Stack stack(3, 4, 1, rng, {.dropout = 1});
    const Mat<double> x = random_mat(3, 16, rng);
    CHECK(run(stack, x, Training{own}) == run(stack, x));
    CHECK(same_state(own, Rng(1)));
}

TEST_CASE("stacked: training reaches a stack inside a stack") {
    Rng rng(12);
    const Nested nested({{3, 4, 2, rng, {.dropout = 0.5}}, {4, 4, 1, rng}});
    const Mat<double> x = random_mat(3, 16, rng);
    CHECK(run(nested, x, Training{rng}) != run(nested, x));
    const Nested between({{3, 4, 1, rng}, {4, 4, 1, rng}}, {.dropout = 0.5});
    CHECK(run(between, x, Training{rng}) != run(between, x));
}

TEST_CASE("stacked: dropout outside 0..1 is refused, and draws nothing") {
    Rng rng(13);
    const std::vector<Gru<double>> layers{{3, 4, rng}, {4, 4, rng}};
    const Rng before = rng;
    for (const double p : {-0.1, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK_THROWS_WITH(Stack(3, 4, 2, rng, {.dropout = p}), ContainsSubstring("Stacked: dropout is"));
        CHECK_THROWS_WITH(Stack(layers, {.dropout = p}), ContainsSubstring("outside 0..1"));
    }
    CHECK_THROWS_WITH(Stack(layers, {.dropout = 1.5}), ContainsSubstring("Stacked: dropout is 1.5, outside 0..1"));
    CHECK_THROWS_AS(Stack(3, 4, 0, rng), std::invalid_argument);
    CHECK(same_state(rng, before));
    CHECK_NOTHROW(Stack(layers, {.dropout = 1}));
}

TEST_CASE("stacked: moved from, it says so") {
    Rng rng(20);
    Stacked<Gru<double>> stack(3, 4, 2, rng);
    const auto taken = std::move(stack);
    CHECK_THROWS_WITH(stack.outputs(), ContainsSubstring("Stacked: it has no layers"));
    CHECK_THROWS_WITH(stack.inputs(), ContainsSubstring("Stacked: it has no layers"));
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 4, rng)), 2);
    CHECK_THROWS_WITH(unroll(stack, x, lift(tape, zero_state(stack, 2))), ContainsSubstring("the stack has no layers"));
}
