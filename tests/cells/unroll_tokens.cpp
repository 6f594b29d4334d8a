#include "bptt/nets/unroll_tokens.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "bptt/train/clip.hpp"
#include "catch.hpp"
#include "support/mgu.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

template <class L> struct Model {
    Embedding<double> embed;
    L layer;
    static void params(auto& m, auto&& f) { f("embed", m.embed), f("layer", m.layer); }
};

/// A cell without a kernel.
struct OwnGru : Gru<double> {
    using Gru::Gru;
};
static_assert(!FusedCell<OwnGru>);

/// y.h and all gradients of run(model, tape, s0), a column after the other.
template <class L> Mat<double> outcome(Model<L>& model, Index batch, auto run) {
    Rng rng(7);
    const Threads threads(2);
    Tape<double> tape(threads);
    zero_grad(model);
    const auto s0 = map_state(zero_state(model.layer, batch),
                              [&](const auto& m) { return tape.variable(random_mat(m.rows(), batch, rng)); });
    const auto y = run(tape, s0);
    backward(sum(y.h.all % tape.constant(random_mat(y.h.all.rows(), y.h.all.cols(), rng))));
    std::vector<double> all(y.h.all.value().reshaped().begin(), y.h.all.value().reshaped().end());
    const auto add = [&](const auto& m) { all.insert(all.end(), m.reshaped().begin(), m.reshaped().end()); };
    for_each_param(model, [&](std::string_view, const auto& p) { add(p.grad); });
    for_each_field(s0, [&](const auto& v) { add(v.grad()); });
    return Eigen::Map<Mat<double>>(all.data(), static_cast<Index>(all.size()), 1);
}

/// Biases, too.
template <class L> void randomise(Model<L>& model, Rng& rng) {
    for_each_param(model, [&](std::string_view, auto& p) { p.value = random_mat(p.rows(), p.cols(), rng); });
}

/// Tokens against the columns that they stand for, one-hot and embedded; many classes and few.
template <class L> void check_tokens(auto make) {
    Rng rng(3);
    const Tokens tokens = Tokens::of({{1, 4, 0, 2}, {3}, {}, {2, 2, 4, 1, 0}, {0, 1}, {4, 4, 4, 4, 4}});
    for (const Index classes : {Index{5}, Index{40}}) {
        Model<L> model{{classes, 3, rng}, make(3, rng)};
        randomise(model, rng);
        const auto looked_up =
            outcome(model, 6, [&](auto& tape, const auto& s0) { return unroll(model.layer, model.embed(tape, tokens), s0); });
        const auto direct =
            outcome(model, 6, [&](auto&, const auto& s0) { return unroll(model.layer, model.embed, tokens, s0); });
        CHECK((looked_up - direct).cwiseAbs().maxCoeff() < 1e-12);
        CHECK(looked_up.cwiseAbs().maxCoeff() > 0.1);
    }
    Model<L> model{{5, 3, rng}, make(5, rng)};
    randomise(model, rng);
    const auto dense =
        outcome(model, 6, [&](auto& tape, const auto& s0) { return unroll(model.layer, one_hot(tape, tokens, 5), s0); });
    const auto direct = outcome(model, 6, [&](auto&, const auto& s0) { return unroll(model.layer, tokens, s0); });
    CHECK((dense - direct).cwiseAbs().maxCoeff() < 1e-12);
}
template <class L> void check_tokens() {
    check_tokens<L>([](Index inputs, Rng& rng) { return L(inputs, 4, rng); });
}

}  // namespace

TEST_CASE("unroll_tokens: fused cells") {
    check_tokens<Rnn<double>>();
    check_tokens<Lstm<double, Peephole::current>>();
    check_tokens<Gru<double>>();
    check_tokens<Gru<double, Reset::after>>();
}
TEST_CASE("unroll_tokens: a user's cell, both directions, stacks of both") {
    check_tokens<OwnGru>();
    check_tokens<Bidirectional<Lstm<double>>>();
    check_tokens<Stacked<Bidirectional<Gru<double>>>>(
        [](Index inputs, Rng& rng) { return Stacked<Bidirectional<Gru<double>>>(inputs, 4, 2, rng); });
}

TEST_CASE("unroll_tokens: no tokens at all") {
    Rng rng(1);
    const Gru<double> cell(3, 4, rng);
    Tape<double> tape;
    const auto y = unroll(cell, Tokens(std::span<const Index>(), 2), lift(tape, zero_state(cell, 2)));
    CHECK(y.h.all.cols() == 0);
    CHECK(final_state(y).h.value() == Mat<double>::Zero(4, 2));
}

TEST_CASE("unroll_tokens: what does not fit is named") {
    Rng rng(1);
    const Gru<double> cell(3, 4, rng);
    const Embedding<double> narrow(5, 2, rng), right(5, 3, rng);
    const Tokens tokens({0, 3}, 1);
    Tape<double> tape;
    const auto s0 = lift(tape, zero_state(cell, 1));
    CHECK_THROWS_WITH(unroll(cell, tokens, s0),
                      ContainsSubstring("unroll: the layer's inputs: token 3 is outside 0..2 of 1 sequence of 2"));
    CHECK_THROWS_WITH(unroll(cell, right, Tokens({-1}, 1), s0),
                      ContainsSubstring("unroll: the columns of E: token -1 is outside 0..4"));
    CHECK_THROWS_WITH(unroll(cell, narrow, tokens, s0), ContainsSubstring("the embedding gives 2 features, the cell reads 3"));
    CHECK_THROWS_WITH(unroll(cell, right, tokens, lift(tape, zero_state(cell, 2))),
                      ContainsSubstring("s0 is 4x2, the cell has 4 units, the input is 1 sequence of 2"));
    CHECK_THROWS_WITH(unroll(cell, right, tokens, {}), ContainsSubstring("unroll: field 0 of the state s0 is empty"));
}
