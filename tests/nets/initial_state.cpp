#include "bptt/nets/initial_state.hpp"

#include "bptt/cells/lstm.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/train/optimizers.hpp"
#include "support/cells.hpp"

using namespace bptt;

static_assert(HasParams<InitialState<Lstm<float>>> && HasParams<InitialState<Stacked<Bidirectional<Lstm<float>>>>>);

namespace {

using BothWays = Bidirectional<Lstm<double>>;
using LstmStack = Stacked<Lstm<double>>;

std::vector<std::string> shapes(const auto& model) {
    std::vector<std::string> all;
    for_each_param(model, [&](std::string_view, const auto& p) { all.push_back(text(shape(p))); });
    return all;
}

/// A layer and its start, as a user's model has them.
template <class L> struct Model {
    L layer;
    InitialState<L> start;

    Model(L l) : layer(std::move(l)), start(layer) {}
    static void params(auto& m, auto&& f) {
        f("layer", m.layer);
        f("start", m.start);
    }
};

/// Of the whole model, over sequences of unequal lengths, one of them empty.
template <class L> auto check_model(L layer, Rng& rng) {
    Model<L> model(std::move(layer));
    randomise(model.start, rng);
    const auto from_start = [&](const L& own, const auto& xs, const auto&) {
        return unroll(own, xs, model.start(xs.all.tape(), xs.batch()));
    };
    const auto in = random_inputs(model.layer, 3, {2, 3, 0, 1}, rng);
    return gradcheck_any(any_layer(model.layer, from_start), {params_of(model)}, in);
}

}  // namespace

TEST_CASE("initial_state: gradients, together with the layer's") {
    Rng rng(1);
    CHECK(check_model(Lstm<double>(3, 4, rng), rng));
    CHECK(check_model(LstmStack({{3, 2, rng}, {2, 4, rng}}), rng));
    const BothWays both{{3, 4, rng}, {3, 2, rng}};
    CHECK(check_model(both, rng));
}

TEST_CASE("initial_state: every sequence starts from it, and its gradient is the sum of theirs") {
    Rng rng(2);
    Model<Lstm<double>> model(Lstm<double>(3, 4, rng));
    randomise(model.start, rng);
    const Mat<double> x = random_mat(3, 12, rng), weights = random_mat(4, 4, rng);
    const std::vector<Index> lengths{2, 3, 0, 1};
    const Mat<double> h = model.start.start.h.value, c = model.start.start.c.value;
    Tape<double> tape;
    const auto loss = [&](const LstmState<Var<double>>& s0) {
        const auto last = final_state(unroll(model.layer, sequence(tape.constant(x), 4, lengths), s0));
        return sum((last.h + 2 * last.c) % tape.constant(weights));
    };
    const auto s0 = model.start(tape, 4);
    CHECK(s0.h.value() == h.replicate(1, 4));
    CHECK(s0.c.value() == c.replicate(1, 4));
    const LstmState<Var<double>> free{tape.variable(s0.h.value()), tape.variable(s0.c.value())};
    backward(loss(s0) + loss(free));
    CHECK((model.start.start.h.grad - free.h.grad().rowwise().sum()).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((model.start.start.c.grad - free.c.grad().rowwise().sum()).cwiseAbs().maxCoeff() < 1e-14);
    CHECK(free.h.grad().col(2) == weights.col(2));  // of no steps
    CHECK(model.start(tape, 1).h.value() == h);
    const Tape<double>::Pause pause(tape);
    CHECK_FALSE(model.start(tape, 4).h.tracked());
}

TEST_CASE("initial_state: zeros at first, a column for each field of the state, named as the state names it") {
    Rng rng(3);
    const Lstm<double> lstm(3, 4, rng);
    const InitialState<Lstm<double>> one(lstm);
    CHECK(one.start.h.value == Mat<double>::Zero(4, 1));
    CHECK(one.start.c.value == Mat<double>::Zero(4, 1));
    CHECK(names_of(one) == "h c ");
    CHECK(parameter_count(one) == 8);

    const InitialState stack(LstmStack({{3, 2, rng}, {2, 5, rng}}));
    CHECK(names_of(stack) == "0.h 0.c 1.h 1.c ");
    CHECK(shapes(stack) == std::vector<std::string>{"2x1", "2x1", "5x1", "5x1"});

    Model<BothWays> both(BothWays({3, 4, rng}, {3, 2, rng}));
    CHECK(shapes(both.start) == std::vector<std::string>{"4x1", "4x1", "2x1", "2x1"});
    CHECK(names_of(both).ends_with(" start.forward.h start.forward.c start.backward.h start.backward.c "));
    for_each_param(both.start, [k = 0](std::string_view, auto& p) mutable { p.value.setConstant(k++); });
    Tape<double> tape;
    const auto s0 = both.start(tape, 3);
    CHECK(s0.forward.h.value() == Mat<double>::Constant(4, 3, 0));
    CHECK(s0.forward.c.value() == Mat<double>::Constant(4, 3, 1));
    CHECK(s0.backward.h.value() == Mat<double>::Constant(2, 3, 2));
    CHECK(s0.backward.c.value() == Mat<double>::Constant(2, 3, 3));
}

TEST_CASE("initial_state: it learns") {
    Rng rng(4);
    const Lstm<double> cell(3, 4, rng);
    InitialState<Lstm<double>> start(cell);
    const Mat<double> x = random_mat(3, 6, rng), target = random_mat(4, 1, rng, -0.5, 0.5);
    Adam<double> adam({.rate = 0.1});
    std::vector<double> losses;
    Tape<double> tape;
    for (int k = 0; k < 30; ++k) {
        tape.clear();
        const auto y = unroll(cell, sequence(tape.constant(x), 2), start(tape, 2));
        const auto loss = sum(square(state_at(y, 1).h - tape.constant(target)));
        losses.push_back(loss.item());
        zero_grad(start);
        backward(loss);
        adam.step(start);
    }
    CHECK(losses.back() < 0.5 * losses.front());
}
