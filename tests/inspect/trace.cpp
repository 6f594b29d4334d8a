#include "bptt/inspect/trace.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/one_hot.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "catch.hpp"
#include "support/random.hpp"
#include "support/traced.hpp"

using namespace bptt;

namespace {

/// A user's cell: h_t = (1 − z) ⊙ h_{t−1} + z ⊙ tanh(W x_t), z = σ(U h_{t−1} + b). Its Gates say their names, or not.
template <bool named> struct Leaky {
    using T = double;
    using Scalar = T;
    template <class V> struct State { V h; };
    Param<T> W, U, b;
    Leaky(Index inputs, Index units, Rng& rng)
        : W(random_mat(units, inputs, rng)), U(random_mat(units, units, rng)), b(random_mat(units, 1, rng)) {}
    BPTT_PARAMS(W, U, b)
    Index inputs() const { return W.cols(); }
    Index units() const { return U.cols(); }
    struct Named {
        Var<T> z, candidate;
        static constexpr std::array names = {"z", "candidate"};
    };
    struct Unnamed {
        Var<T> z, candidate;
    };
    using Gates = std::conditional_t<named, Named, Unnamed>;
    Gates gates(Var<T> x, State<Var<T>> s) const { return {sigmoid(U * s.h + b), tanh(W * x)}; }
    State<Var<T>> step(Var<T> x, State<Var<T>> s) const {
        const auto g = gates(x, s);
        return {(1 - g.z) % s.h + g.z % g.candidate};
    }
};

/// Adds what a cell does over x, features × steps, from the state s on: in the order of time, or from the last step to the
/// first.
template <class C> void step_by_step(const C& cell, const Mat<double>& x, StateOf<C, Mat<double>> start, bool backwards,
                                     const std::string& name, Traced<double>& all) {
    Tape<double> tape;
    const auto add = [&](const std::string& signal, Index t, const Mat<double>& column) {
        for (auto& s : all.signals)
            if (s.name == name + signal) return void(s.values.col(t) = column);
        all.signals.push_back({name + signal, false, Mat<double>::Zero(column.rows(), x.cols())});
        all.signals.back().values.col(t) = column;
    };
    auto s = lift(tape, start);
    for (Index k = 0; k < x.cols(); ++k) {
        const Index t = backwards ? x.cols() - 1 - k : k;
        const auto input = tape.constant(x.col(t));
        if constexpr (requires { cell.gates(input, s); }) {
            auto gates = cell.gates(input, s);
            std::apply(
                [&, g = std::size_t{0}](auto&... gate) mutable { (add(decltype(gates)::names[g++], t, gate.value()), ...); },
                detail::members(gates));
        }
        s = cell.step(input, s);
        for_each_named_field(s, [&](const std::string& field, const Var<double>& v) { add(field, t, v.value()); });
    }
}

void check_equal(const Traced<double>& traced, const Traced<double>& expected) {
    REQUIRE(traced.signals.size() == expected.signals.size());
    for (const auto& signal : traced.signals) {
        INFO(signal.name);
        const auto& other = expected[signal.name];
        REQUIRE(shape(signal.values) == shape(other));
        CHECK((signal.values.size() == 0 || (signal.values - other).cwiseAbs().maxCoeff() < 1e-12));
    }
}

/// Of a batch of unequal lengths, from a random state, both ways, the trace equals the cell's own step.
template <class C> void check_cell(const Names& names) {
    Rng rng(7);
    C cell(3, 5, rng);
    for_each_param(cell, [&](auto, auto& p) { p.value = random_mat(p.rows(), p.cols(), rng); });
    const std::vector<Mat<double>> x = {random_mat(3, 4, rng), random_mat(3, 0, rng), random_mat(3, 1500, rng),
                                        random_mat(3, 1, rng)};
    auto start = zero_state(cell, 4);
    for_each_field(start, [&](Mat<double>& m) { m = random_mat(m.rows(), m.cols(), rng); });
    for (const bool backwards : {false, true}) {
        Tape<double> tape;
        const auto xs = Sequence<double>::of(tape, x);
        const auto traced = trace(cell, backwards ? reversed(xs) : xs, start);
        REQUIRE(traced.size() == 4);
        for (std::size_t b = 0; b < x.size(); ++b) {
            CHECK(names_of(traced[b]) == names);
            if (x[b].cols() == 0) continue;
            Traced<double> expected;
            step_by_step(cell, x[b], columns(start, static_cast<Index>(b), 1), backwards, "", expected);
            check_equal(traced[b], expected);
        }
        CHECK(traced[1]["h"].cols() == 0);
    }
}

}  // namespace

TEST_CASE("trace: every field of the state and every gate is the textbook step's, of any lengths, both ways") {
    const Names lstm = {"h", "c", "i (gate)", "f (gate)", "g (gate)", "o (gate)"},
                gru = {"h", "r (gate)", "u (gate)", "n (gate)"};
    check_cell<Rnn<double>>({"h"});
    check_cell<Lstm<double>>(lstm);
    check_cell<Lstm<double, Peephole::current>>(lstm);
    check_cell<Lstm<double, Peephole::previous>>(lstm);
    check_cell<Lstm<double, Peephole::full>>(lstm);
    check_cell<Gru<double>>(gru);
    check_cell<Gru<double, Reset::after>>(gru);
}

TEST_CASE("trace: a user's cell, with names for its gates and its state, and without") {
    Rng rng(3);
    const Leaky<true> cell(2, 3, rng);
    const Mat<double> x = random_mat(2, 6, rng);
    Traced<double> expected;
    step_by_step(cell, x, zero_state(cell, 1), false, "", expected);
    Tape<double> tape;
    const auto traced = trace(cell, Sequence<double>::of(tape, {x}));
    CHECK(names_of(traced[0]) == Names{"0", "z (gate)", "candidate (gate)"});
    check_equal(traced[0], expected);

    Rng same(3);
    const Leaky<false> other(2, 3, same);
    const auto unnamed = trace(other, Sequence<double>::of(tape, {x}));
    CHECK(names_of(unnamed[0]) == Names{"0", "gate 0 (gate)", "gate 1 (gate)"});
    CHECK(unnamed[0]["gate 1"] == expected["candidate"]);
}

TEST_CASE("trace: layers nest, and each reads the h of the one below") {
    Rng rng(5);
    const Stacked<Bidirectional<Lstm<double>>> stack(2, 3, 2, rng);
    const Mat<double> x = random_mat(2, 5, rng);
    Traced<double> expected;
    Mat<double> input = x;
    for (Index k = 0; k < 2; ++k) {
        const auto& both = stack.layers[static_cast<std::size_t>(k)];
        const std::string name = std::to_string(k);
        step_by_step(both.forward, input, zero_state(both.forward, 1), false, name + ".forward.", expected);
        step_by_step(both.backward, input, zero_state(both.backward, 1), true, name + ".backward.", expected);
        input.resize(6, 5);
        input << expected[name + ".forward.h"], expected[name + ".backward.h"];
    }
    Tape<double> tape;
    check_equal(trace(stack, Sequence<double>::of(tape, {x}))[0], expected);
}

TEST_CASE("trace: no bit of values and gradients changes, no deferred value is looked at, nothing is recorded") {
    Rng rng(9);
    struct Model {
        Embedding<float> embed;
        Stacked<Lstm<float>> layer;
        Linear<float> head;
    } model{{300, 6, rng}, {6, 24, 2, rng}, {24, 300, rng}};
    std::vector<std::vector<Index>> texts(5);
    for (std::size_t b = 0; b < 5; ++b)
        for (std::size_t t = 0; t < 700 - 100 * b; ++t) texts[b].push_back(static_cast<Index>((7 * t + b) % 40));
    const Tokens tokens = Tokens::of(texts);
    const auto run = [&](bool traces) {
        zero_grad(model.embed), zero_grad(model.layer), zero_grad(model.head);
        Tape<float> tape;
        const auto xs = model.embed(tape, tokens);
        std::vector<Traced<float>> traced;
        if (traces) traced = trace(model.layer, xs);
        CHECK(xs.all.template deferred<detail::Lookup<float>>() != nullptr);
        const auto y = unroll(model.layer, xs);
        backward(cross_entropy(model.head(y), tokens));
        if (traces) {
            const auto& h = y.layers[1].h;
            layout_of(h).for_each_column([&](Index column, Index t, Index b) {
                if (traced[static_cast<std::size_t>(b)]["1.h"].col(t) != h.all.value().col(column)) FAIL("another h");
            });
        }
        std::vector<Mat<float>> bits = {y.h.all.value()};
        const auto keep = [&](auto, auto& p) { bits.push_back(p.grad); };
        for_each_param(model.embed, keep), for_each_param(model.layer, keep), for_each_param(model.head, keep);
        return bits;
    };
    CHECK((run(false) == run(true)));
}

TEST_CASE("trace: a one-hot input, a state on the tape, and one sequence that is longer than a chunk") {
    Rng rng(2);
    const Gru<double> gru(7, 4, rng);
    std::vector<Index> ids;
    for (Index t = 0; t < 2500; ++t) ids.push_back(t * t % 7);
    Tape<double> tape;
    const auto xs = one_hot(tape, Tokens(ids, 1), 7);
    const auto start = HiddenState<Mat<double>>{random_mat(4, 1, rng)};
    const auto traced = trace(gru, xs, lift(tape, start))[0];
    CHECK(xs.all.deferred<detail::Lookup<double>>() != nullptr);
    Traced<double> expected;
    step_by_step(gru, xs.all.value(), start, false, "", expected);
    check_equal(traced, expected);
}
