// A cell computes what is deferred before its kernel runs, where it can't take a shorter way.
#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/embedded.hpp"
#include "support/gradients.hpp"
#include "support/mgu.hpp"

using namespace bptt;

namespace {

template <class L> struct Projected {
    Linear<double> project;
    L layer;
    BPTT_PARAMS(project, layer)
};
template <class L> void check_deferred_inputs() {
    Rng rng(9);
    const Tokens tokens = Tokens::of({{1, 4, 0, 2}, {3, 1}, {2, 0, 0}});  // nine
    for (const Index classes : {5, 9, 20}) {
        Embedded<L> model{{classes, 3, rng}, {3, 4, rng}};
        CHECK(check_op(model, [&](Tape<double>& tape) { return unroll(model.layer, model.embed(tape, tokens)).h.all; }));
    }
    Projected<L> model{{5, 3, rng}, {3, 4, rng}};
    const auto run = [&](Var<double> x, bool look) {
        const auto xs = model.project(sequence(x, 3));
        if (look) xs.all.value();
        return unroll(model.layer, xs).h.all;
    };
    const Mat<double> x = random_mat(5, 60, rng);
    CHECK(check_op(
        model, [&](Var<double> v) { return run(v, false); }, random_mat(5, 9, rng)));
    Tape<double> tape;
    const Mat<double> looked_at = run(tape.constant(x), true).value();
    CHECK(run(tape.constant(x), false).value() == looked_at);
    tape.clear();
    const Tape<double>::Pause pause(tape);
    CHECK(run(tape.constant(x), false).value() == looked_at);
}

}  // namespace

TEST_CASE("unroll_deferred: a deferred input that is no short way is computed before the cell") {
    check_deferred_inputs<Rnn<double>>();
    check_deferred_inputs<Lstm<double>>();
    check_deferred_inputs<Gru<double, Reset::after>>();
    check_deferred_inputs<Mgu>();
    check_deferred_inputs<Bidirectional<Gru<double>>>();
}

TEST_CASE("unroll_deferred: a deferred initial state is computed before the cell") {
    Rng rng(10);
    Projected<Gru<double>> model{{5, 4, rng}, {3, 4, rng}};
    const Mat<double> x = random_mat(3, 60, rng);
    const auto run = [&](Var<double> source) {
        const HiddenState<Var<double>> s0{model.project(source)};
        return unroll(model.layer, sequence(source.tape().constant(x), 3), s0).h.all;
    };
    CHECK(check_op(model, run, random_mat(5, 3, rng)));
}

TEST_CASE("unroll_deferred: under a pause nothing is taken, and after backward values are still computed there") {
    Rng rng(11);
    const Embedded<Gru<double>> model{{5, 3, rng}, {3, 4, rng}};
    const Tokens tokens({0, 3, 1, 1, 2, 4, 0, 0}, 2);
    Tape<double> tape;
    const auto x = model.embed(tape, tokens);
    {
        const Tape<double>::Pause pause(tape);
        unroll(model.layer, x);
    }
    backward(sum(square(x.all)));
    CHECK((x.all.grad() - 2 * x.all.value()).norm() < 1e-14);
    const Tape<double>::Pause pause(tape);
    CHECK(model.embed(tape, tokens).all.value() == x.all.value());
}
