#include "bptt/nets/stacked.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

static_assert(Layer<Stacked<Lstm<float>>> && !Cell<Stacked<Lstm<float>>>);
static_assert(Layer<Stacked<Stacked<Gru<float>>>>);

TEST_CASE("stacked: gradients for every depth") {
    Rng rng(1);
    for (Index depth = 1; depth <= 4; ++depth) {
        Stacked<Lstm<double>> stack(3, 4, depth, rng);
        CHECK(gradcheck(stack, {.inputs = 3, .batch = 2, .steps = 4}, rng.next()));
    }
    Stacked<Stacked<Gru<double>>> nested({{2, 3, 2, rng}, {3, 4, 1, rng}});
    CHECK(gradcheck(nested, {.inputs = 2, .batch = 2, .steps = 3}));
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
    const Stacked<Gru<float>> stack(3, 4, 2, rng);
    std::vector<std::string> names;
    for_each_param(stack, [&](std::string_view name, const auto&) { names.emplace_back(name); });
    CHECK(names == std::vector<std::string>{"0.Wx", "0.Wh", "0.b", "1.Wx", "1.Wh", "1.b"});
    CHECK(parameter_count(stack) == 12 * (3 + 4 + 1) + 12 * (4 + 4 + 1));
    using Stack = Stacked<Gru<float>>;
    CHECK_THROWS_WITH(Stack(3, 4, 0, rng), ContainsSubstring("depth is 0, outside 1..16"));
    CHECK_THROWS_WITH(Stack(3, 4, 17, rng), ContainsSubstring("depth is 17"));
    CHECK_THROWS_WITH(Stack(3, -4, 2, rng), ContainsSubstring("outputs is -4"));
    CHECK_THROWS_WITH(Stack(std::vector<Gru<float>>{}), ContainsSubstring("depth is 0"));
    CHECK_THROWS_WITH(Stack({{3, 4, rng}, {5, 4, rng}}),
                      ContainsSubstring("layer 1 reads 5 features, the one below has 4 units"));
}

TEST_CASE("stacked: a start of another depth is refused") {
    Rng rng(4);
    const Stacked<Gru<double>> two(3, 4, 2, rng), three(3, 4, 3, rng);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 10, rng)), 2);
    CHECK_THROWS_WITH(unroll(two, x, lift(tape, zero_state(three, 2))), ContainsSubstring("s0 has 3 layers, the stack 2"));
}
