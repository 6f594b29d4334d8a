// A whole training step of a character language model: one-hot characters, two layers, cross entropy, clipping, Adam.

#include <vector>

#include "support.hpp"

namespace {

using namespace bptt;

constexpr Index vocabulary = 65, hidden = 128, layers = 2, batch = 50, steps = 50;

template <class Cell> struct CharLm {
    Stacked<Cell> rnn;
    Linear<float> head;

    explicit CharLm(Rng& rng) : rnn(vocabulary, hidden, layers, rng), head(hidden, vocabulary, rng) {}
    BPTT_PARAMS(rnn, head)
};

/// What the step cannot do without: a one-hot input needs no product, so W_x counts above the lowest layer only. Each
/// product of the forward pass comes with two of the backward pass.
double useful_flop(Index count) {
    const double recurrent = product_flop(count * hidden, hidden, batch * steps);
    const double head = product_flop(vocabulary, hidden, batch * steps);
    return 3 * ((2 * layers - 1) * recurrent + head);
}

void thread_counts(benchmark::internal::Benchmark* b) {
    b->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
}
template <class Cell> void char_lm(benchmark::State& state) {
    Rng rng(1);
    CharLm<Cell> model(rng);
    std::vector<Index> ids;
    for (Index k = 0; k < batch * steps + 1; ++k) ids.push_back(rng.below(vocabulary));
    const auto all = windows(ids, {.batch = batch, .steps = steps});
    const auto window = all.begin();
    Adam<float> adam({.rate = 2e-3});
    const Threads threads(static_cast<int>(state.range(0)));
    Tape<float> tape(threads);
    auto carry = zero_state(model.rnn, batch);
    measure(state, [&] {
        tape.clear();
        const auto y = unroll(model.rnn, one_hot(tape, window->inputs, vocabulary), carry);
        const auto loss = cross_entropy(model.head(y.h), window->targets);
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 5);
        adam.step(model);
        values(final_state(y), carry);
        benchmark::ClobberMemory();
    });
    per_second(state, "tokens", batch * steps);
    gflops(state, useful_flop(gates<Cell>), threads.count());
}
BENCHMARK(char_lm<Lstm<float>>)->Apply(thread_counts);
BENCHMARK(char_lm<Gru<float>>)->Apply(thread_counts);
BENCHMARK(char_lm<Rnn<float>>)->Apply(thread_counts);

/// The lower bound: the useful products alone, as large as they can be made.
void char_lm_products(benchmark::State& state, Index count) {
    const Mat<float> W = random_mat(count * hidden, hidden), head = random_mat(vocabulary, hidden);
    const Mat<float> H = random_mat(hidden, batch * steps);
    Mat<float> Z(count * hidden, batch * steps), logits(vocabulary, batch * steps), dH = H, dW = W, dhead = head;
    const auto at = [](Mat<float>& m, Index t) { return m.middleCols(t * batch, batch); };
    for (auto _ : state) {
        for (Index layer = 0; layer < layers; ++layer) {
            if (layer > 0) Z.noalias() = W * H;
            for (Index t = 0; t < steps; ++t) at(Z, t).noalias() = W * H.middleCols(t * batch, batch);
        }
        logits.noalias() = head * H;
        dhead.noalias() = logits * H.transpose();
        dH.noalias() = head.transpose() * logits;
        for (Index layer = 0; layer < layers; ++layer) {
            for (Index t = steps; t-- > 0;) at(dH, t).noalias() = W.transpose() * at(Z, t);
            for (Index k = 0; k < (layer > 0 ? 2 : 1); ++k) dW.noalias() = Z * H.transpose();
            if (layer > 0) dH.noalias() = W.transpose() * Z;
        }
        benchmark::DoNotOptimize(dW.data());
        benchmark::DoNotOptimize(dH.data());
        benchmark::ClobberMemory();
    }
    per_second(state, "tokens", batch * steps);
    gflops(state, useful_flop(count));
}
BENCHMARK_CAPTURE(char_lm_products, Lstm, 4)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(char_lm_products, Gru, 3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(char_lm_products, Rnn, 1)->Unit(benchmark::kMillisecond);

}  // namespace
