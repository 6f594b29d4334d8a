#include <functional>
#include <optional>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/dropout.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/embedded.hpp"
#include "support/layers.hpp"

using namespace bptt;

namespace {

/// A cell without a kernel.
struct OwnGru : Gru<double> {
    using Gru::Gru;
};
static_assert(!FusedCell<OwnGru>);

/// When the columns of an embedding are looked at: then cells read columns, else tokens.
enum class Look { never, before, after };

/// Tokens against the columns that they stand for, one-hot and embedded; many classes and few.
template <class L> void check_tokens(auto make) {
    Rng rng(3);
    const Tokens tokens = Tokens::of({{1, 4, 0, 2}, {3}, {}, {2, 2, 4, 1, 0}, {0, 1}, {4, 4, 4, 4, 4}});
    const auto check_ways = [&](Embedded<L>& model, const std::function<Sequence<double>(Tape<double>&)>& xs) {
        randomise(model, rng);
        LayerInputs in = random_inputs(model.layer, 1, {4, 1, 0, 5, 2, 5}, rng);
        in.threads = 2;
        const auto outcome = [&](Look look) {
            const auto unroll_tokens = [&](const L& layer, const Sequence<double>& other, const auto& s0) {
                const auto x = xs(other.all.tape());
                if (look == Look::before) x.all.value();
                auto y = unroll(layer, x, s0);
                if (look == Look::after) x.all.value();
                return y;
            };
            return run_any<double>(any_layer(model.layer, unroll_tokens), params_of(model), in);
        };
        const auto looked_at = outcome(Look::before);
        CHECK(looked_at.at("y").cwiseAbs().maxCoeff() > 0.1);
        for (const Look look : {Look::never, Look::after}) check_near(outcome(look), looked_at, 1e-12);
    };
    for (const Index classes : {Index{5}, Index{40}}) {
        Embedded<L> model{{classes, 3, rng}, make(3, rng)};
        check_ways(model, [&](auto& tape) { return model.embed(tape, tokens); });
        check_ways(model, [&](auto& tape) { return reversed(model.embed(tape, tokens)); });
    }
    Embedded<L> model{{5, 3, rng}, make(5, rng)};
    check_ways(model, [&](auto& tape) { return one_hot(tape, tokens, 5); });
}
template <class L> void check_tokens() {
    check_tokens<L>([](Index inputs, Rng& rng) { return L(inputs, 4, rng); });
}

}  // namespace

TEST_CASE("unroll_lookup: fused cells") {
    check_tokens<Rnn<double>>();
    check_tokens<Lstm<double, Peephole::current>>();
    check_tokens<Gru<double>>();
    check_tokens<Gru<double, Reset::after>>();
}
TEST_CASE("unroll_lookup: a user's cell, both directions, stacks of both") {
    check_tokens<OwnGru>();
    check_tokens<Bidirectional<Lstm<double>>>();
    check_tokens<Stacked<Bidirectional<Gru<double>>>>(
        [](Index inputs, Rng& rng) { return Stacked<Bidirectional<Gru<double>>>(inputs, 4, 2, rng); });
}

TEST_CASE("unroll_lookup: float, to 1e-5") {
    Rng rng(4);
    const Tokens tokens({0, 1, 2, 3, 4, 0, 1, 2}, 2);
    const Embedding<float> embed(5, 3, rng);
    const Lstm<float> cell(3, 4, rng);
    Tape<float> tape;
    const auto run = [&](bool look) -> Mat<float> {
        tape.clear();
        const auto x = embed(tape, tokens);
        if (look) x.all.value();
        return unroll(cell, x).h.all.value();
    };
    CHECK((run(true) - run(false)).cwiseAbs().maxCoeff() < 1e-5f);
}

TEST_CASE("unroll_lookup: one batch of tokens for several layers and ops") {
    Rng rng(5);
    Embedded<Gru<double>> model{{5, 4, rng}, {4, 4, rng}};
    randomise(model, rng);
    const Tokens tokens = Tokens::of({{1, 4, 0, 2}, {3, 1}, {2, 0, 0}});
    const auto use = [&](Tape<double>& tape, bool look) {
        const auto x = model.embed(tape, tokens);
        if (look) x.all.value();
        const auto first = unroll(model.layer, x).h, second = unroll(model.layer, reversed(x)).h;
        const auto sum_of = x.all + first.all;  // another use of the same columns
        const auto tied = transpose(tape.watch(model.embed.E)) * second.all;
        return std::tuple(first, second, sum_of, tied, padded(x), dropout(x, 0.5, std::nullopt));
    };
    CHECK(gradcheck(model, [&](Tape<double>& tape) { return use(tape, false); }));
    CHECK(gradcheck(model, [&](Tape<double>& tape) { return use(tape, true); }));
    Tape<double> tape;
    const auto x = model.embed(tape, Tokens({1, 0, 2, 3}, 2));
    CHECK(x[1].value().col(1) == model.embed.E.value.col(3));
    const Tokens ragged = Tokens::of({{1}, {2, 3}});
    CHECK(padded(model.embed(tape, ragged)).value().col(2).isZero(0));
    Rng draws(1);
    CHECK(dropout(model.embed(tape, tokens), 1, Training{draws}).all.value().isZero(0));
}

TEST_CASE("unroll_lookup: the columns are never made") {
    Rng rng(6);
    const Rnn<float> cell(3000, 1, rng);
    const Embedding<float> embed(10, 3000, rng);
    const Tokens tokens(std::vector<Index>(3000, 7), 3);
    const auto held = [&](auto xs, bool look) {
        Tape<float> tape;
        const auto x = xs(tape);
        if (look) x.all.value();
        backward(sum(unroll(cell, x).h.all));
        return tape.capacity();
    };
    const std::size_t columns = std::size_t{4} * 3000 * 3000;
    const auto embedded = [&](auto& tape) { return embed(tape, tokens); };
    const auto ones = [&](auto& tape) { return one_hot(tape, tokens, 3000); };
    CHECK(held(embedded, false) < columns / 4);
    CHECK(held(ones, false) < columns / 4);
    CHECK(held(embedded, true) > columns);
    CHECK(held(ones, true) > columns);
}

TEST_CASE("unroll_lookup: columns that a cell has taken have no gradient of their own") {
    Rng rng(7);
    const Embedded<Gru<double>> model{{5, 3, rng}, {3, 4, rng}};
    const Tokens tokens({0, 3, 1, 1, 2, 4, 0, 0}, 2);
    Tape<double> tape;
    const auto x = model.embed(tape, tokens);
    backward(sum(unroll(model.layer, x).h.all));
    CHECK_THROWS_WITH(x.all.grad(), ContainsSubstring("grad: an op took a shorter way"));
    CHECK_THROWS_WITH(x.all.value(), ContainsSubstring("nobody looked at this value before: clear() the tape"));
    tape.clear();
    const auto seen = model.embed(tape, tokens);
    seen.all.value();
    backward(sum(unroll(model.layer, seen).h.all));
    CHECK(seen.all.grad().norm() > 0);
}

TEST_CASE("unroll_lookup: tokens are copied, and may change before anybody looks") {
    Rng rng(8);
    const Embedding<double> embed(5, 3, rng);
    const Gru<double> cell(3, 4, rng);
    Tape<double> tape;
    Tokens tokens({0, 3, 1, 1}, 2);
    const auto x = embed(tape, tokens), again = embed(tape, tokens);
    tokens.assign(std::vector<Index>{4, 4, 4, 4, 4, 4}, 2);
    CHECK((unroll(cell, x).h.all.value() - unroll(cell, sequence(again.all, 2)).h.all.value()).norm() < 1e-14);
    CHECK(again.all.value().col(1) == embed.E.value.col(3));
}

TEST_CASE("unroll_lookup: no tokens at all") {
    Rng rng(1);
    const Gru<double> cell(3, 4, rng);
    Tape<double> tape;
    const auto y = unroll(cell, one_hot(tape, Tokens(std::span<const Index>(), 2), 3));
    CHECK(y.h.all.cols() == 0);
    CHECK(final_state(y).h.value() == Mat<double>::Zero(4, 2));
}
