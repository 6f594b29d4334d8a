// After the warm-up a training step allocates nothing.
#include <string>

#include "bptt/bptt.hpp"
#include "catch.hpp"
#include "support/malloc.hpp"

#if defined(BPTT_OWN_MALLOC)

using namespace bptt;

namespace {

template <class L> struct CharModel {
    Embedding<float> embed;
    L rnn;
    Linear<float> head;
    static void params(auto& m, auto&& f) {
        f("embed", m.embed);
        f("rnn", m.rnn);
        f("head", m.head);
    }
};

/// Allocations of each of `count` windows, after ten to warm up; `look`: at the logits, which are never made otherwise.
template <class C>
std::vector<long> train(Index hidden, Index layers, Index batch, Index steps, Index count, bool look = false) {
    Rng rng(1);
    std::vector<Index> ids(static_cast<std::size_t>(batch * steps * (count + 10) + 1));
    for (Index& id : ids) id = rng.below(20);
    CharModel<Stacked<C>> model{{20, 8, rng}, {8, hidden, layers, rng}, {hidden, 20, rng}};
    Adam<float> adam({.rate = 1e-3f});
    Tape<float> tape;
    auto carry = zero_state(model.rnn, batch);
    std::vector<long> counts;
    counts.reserve(static_cast<std::size_t>(count));
    std::size_t held = 0;
    long before = 0;
    Index k = 0;
    for (const auto& window : windows(ids, {.batch = batch, .steps = steps})) {
        if (k++ >= 10) {
            if (k > 11) counts.push_back(allocations() - before);
            CHECK_FALSE((held != 0 && held != tape.capacity()));
            held = tape.capacity();
            before = allocations();
        }
        tape.clear();
        const auto y = unroll(model.rnn, model.embed(tape, window.inputs), carry);
        const auto logits = model.head(y.h);
        if (look) logits.all.value();
        const auto loss = cross_entropy(logits, window.targets);
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 5);
        adam.step(model);
        values(final_state(y), carry);
    }
    return counts;
}

/// Allocations of 300 training steps after 30, on batches of unequal lengths in turn: up and down and zero.
template <class L> long train_lengths(L layer) {
    const Tokens batches[] = {Tokens::of({{1, 2, 3}, {4}, {5, 6, 7, 8, 9}, {}}), Tokens::of({{1}, {2, 3, 4, 5, 6, 7}}),
                              Tokens::of({{8, 8, 8}, {9, 9, 9}, {1, 2, 3}})};
    Rng rng(1);
    const Index outputs = layer.outputs();
    CharModel<L> model{{20, 8, rng}, std::move(layer), {outputs, 20, rng}};
    InitialState<L> start(model.rnn);
    Adam<float> adam({.rate = 1e-3f}), adam_of_start({.rate = 1e-3f});
    Tape<float> tape;
    long before = 0;
    for (int k = 0; k < 330; ++k) {
        if (k == 30) before = allocations();
        const Tokens& tokens = batches[k % 3];
        tape.clear();
        const auto s0 = start(tape, tokens.layout().batch);
        const auto y = unroll(model.rnn, model.embed(tape, tokens), s0, Training{rng});
        auto loss = cross_entropy(model.head(y.h), tokens);
        const auto end = final_state(y);
        for_each_field(end, [&](const Var<float>& v) { loss = loss + mean(padded(y.h)) + mean(square(v)); });
        zero_grad(model);
        zero_grad(start);
        backward(loss);
        clip_grad_norm(model, 5);
        adam.step(model);
        adam_of_start.step(start);
    }
    return allocations() - before;
}

}  // namespace

TEST_CASE("allocation: the counter counts") {
    const long before = allocations();
    std::string* s = new std::string(1000, 'x');
    Mat<float> m(100, 100);
    const long counted = allocations() - before;
    CHECK(counted >= 3);
    CHECK(s->size() + static_cast<std::size_t>(m.size()) == 11000);
    delete s;
}

TEST_CASE("allocation: 10,000 training windows at H = 16 make none") {
    const auto counts = train<Lstm<float>>(16, 1, 4, 5, 10000);
    CHECK(counts.size() >= 9990);
    CHECK(std::ranges::count(counts, 0) == static_cast<long>(counts.size()));
}

TEST_CASE("allocation: none for the other cells and for stacks") {
    for (const auto& counts : {train<Rnn<float>>(16, 2, 4, 5, 100), train<Gru<float>>(16, 3, 4, 5, 100),
                               train<Gru<float, Reset::after>>(16, 1, 4, 5, 100)})
        CHECK(std::ranges::count(counts, 0) == static_cast<long>(counts.size()));
}

TEST_CASE("allocation: none for unequal lengths, both directions, stacks, dropout and a learned start") {
    Rng rng(2);
    CHECK(train_lengths(Stacked<Bidirectional<Lstm<float, Peephole::current>>>(8, 6, 2, rng, {.dropout = 0.3})) == 0);
    CHECK(train_lengths(Bidirectional<Stacked<Gru<float>>>{{8, 6, 2, rng}, {8, 6, 2, rng}}) == 0);
}

TEST_CASE("allocation: none at 2x128 with threads, from class indices to the loss of the head") {
    Rng rng(3);
    std::vector<Index> ids(static_cast<std::size_t>(50 * 20 * 40 + 1));
    for (Index& id : ids) id = rng.below(65);
    CharModel<Stacked<Lstm<float>>> model{{65, 1, rng}, {65, 128, 2, rng}, {128, 65, rng}};
    Adam<float> adam;
    const Threads threads(2);
    Tape<float> tape(threads);
    auto carry = zero_state(model.rnn, 50);
    long before = 0;
    Index k = 0;
    for (const auto& window : windows(ids, {.batch = 50, .steps = 20})) {
        if (k++ == 10) before = allocations();
        tape.clear();
        const auto y = unroll(model.rnn, one_hot(tape, window.inputs, 65), carry);
        const auto loss = cross_entropy(model.head(y.h), window.targets);
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 5);
        adam.step(model);
        values(final_state(y), carry);
        if (k == 40) CHECK(allocations() == before);
    }
    CHECK(k == 40);
}
TEST_CASE("allocation: none at 2x128 where the logits are kept") {
    const auto counts = train<Lstm<float>>(128, 2, 50, 10, 20, true);
    CHECK(std::ranges::count(counts, 0) == static_cast<long>(counts.size()));
}

#endif
