// Few sequences side by side, as where a text is written or a signal comes in: a step at a time, and a window at once, without
// gradients; beside the bare products of Eigen, which is a matrix times a vector where there is one sequence.

#include "support.hpp"

using namespace bptt;

namespace {

void few_sequences(benchmark::internal::Benchmark* b) {
    b->ArgNames({"hidden", "batch"})->ArgsProduct({{64, 128, 256, 512}, {1, 2, 4, 8}})->Unit(benchmark::kMicrosecond);
}
/// W_x x and W_h h of a step; inputs are as many as hidden.
double step_flop(Index count, Index hidden, Index batch) { return 2 * product_flop(count * hidden, hidden, batch); }

template <class Cell> void step(benchmark::State& state) {
    const Index hidden = state.range(0), batch = state.range(1);
    Rng rng(1);
    const Cell cell(hidden, hidden, rng);
    const Mat<float> x = random_mat(hidden, batch);
    auto carry = zero_state(cell, batch);
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    measure(state, [&] {
        tape.clear();
        values(cell.step(tape.constant(x), lift(tape, carry)), carry);
        benchmark::ClobberMemory();
    });
    gflops(state, step_flop(gates<Cell>, hidden, batch));
}

template <class Cell> void window(benchmark::State& state) {
    constexpr Index steps = 50;
    const Index hidden = state.range(0), batch = state.range(1);
    Rng rng(1);
    const Cell cell(hidden, hidden, rng);
    const Mat<float> x = random_mat(hidden, batch * steps);
    const auto start = zero_state(cell, batch);
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    measure(state, [&] {
        tape.clear();
        const auto y = unroll(cell, sequence(tape.constant(x), batch), start);
        benchmark::DoNotOptimize(y.h.all.value().data());
    });
    gflops(state, steps * step_flop(gates<Cell>, hidden, batch));
}

void step_products(benchmark::State& state, Index count) {
    const Index hidden = state.range(0), batch = state.range(1);
    const Mat<float> Wx = random_mat(count * hidden, hidden), Wh = Wx, x = random_mat(hidden, batch), h = x;
    Mat<float> z(count * hidden, batch);
    for (auto _ : state) {
        z.setZero();
        if (batch == 1) {  // a vector, as Eigen sees when it compiles
            z.col(0).noalias() += Wx * x.col(0);
            z.col(0).noalias() += Wh * h.col(0);
        } else {
            z.noalias() += Wx * x;
            z.noalias() += Wh * h;
        }
        benchmark::DoNotOptimize(z.data());
        benchmark::ClobberMemory();
    }
    gflops(state, step_flop(count, hidden, batch));
}

BENCHMARK(step<Rnn<float>>)->Apply(few_sequences);
BENCHMARK(window<Rnn<float>>)->Apply(few_sequences);
BENCHMARK_CAPTURE(step_products, Rnn, 1)->Apply(few_sequences);

BENCHMARK(step<Gru<float>>)->Apply(few_sequences);
BENCHMARK(window<Gru<float>>)->Apply(few_sequences);
BENCHMARK_CAPTURE(step_products, Gru, 3)->Apply(few_sequences);

BENCHMARK(step<Lstm<float>>)->Apply(few_sequences);
BENCHMARK(window<Lstm<float>>)->Apply(few_sequences);
BENCHMARK_CAPTURE(step_products, Lstm, 4)->Apply(few_sequences);

}  // namespace
