// A cell unrolled over a window, beside the bare matrix products that this takes.

#include <utility>

#include "support.hpp"

using namespace bptt;

namespace {

struct Sizes {
    Index hidden, batch, steps;
    explicit Sizes(const benchmark::State& state) : hidden(state.range(0)), batch(state.range(1)), steps(state.range(2)) {}
    Index columns() const { return batch * steps; }
    /// W_x X and W_h H; inputs are as many as hidden.
    double forward_flop(Index count) const { return 2 * product_flop(count * hidden, hidden, columns()); }
};
void window_sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"hidden", "batch", "steps"})->Args({128, 50, 50})->Args({256, 32, 100})->Unit(benchmark::kMillisecond);
}

template <class Cell> void forward(benchmark::State& state) {
    const Sizes size(state);
    Rng rng(1);
    const Cell cell(size.hidden, size.hidden, rng);
    const Param<float> x = random_mat(size.hidden, size.columns());
    const auto start = zero_state(cell, size.batch);
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    measure(state, [&] {
        tape.clear();
        const auto y = unroll(cell, sequence(tape.watch(x), size.batch), start);
        benchmark::DoNotOptimize(y.h.all.value().data());
    });
    gflops(state, size.forward_flop(gates<Cell>));
}

/// composed: step by step, each op one of the tape's.
template <class Cell, bool composed = false> void training(benchmark::State& state) {
    const Sizes size(state);
    Rng rng(1);
    const Cell cell(size.hidden, size.hidden, rng);
    const Param<float> x = random_mat(size.hidden, size.columns());
    const Mat<float> dh = random_mat(size.hidden, size.columns());
    const auto start = zero_state(cell, size.batch);
    Tape<float> tape;
    measure(state, [&] {
        tape.clear();
        const auto xs = sequence(tape.watch(x), size.batch);
        const auto s0 = lift(tape, start);
        const auto y = composed ? unroll_steps(cell, xs, s0) : unroll(cell, xs, s0);
        zero_grad(cell);
        x.grad.setZero();
        backward(loss_with(y.h.all, dh));
        benchmark::ClobberMemory();
    });
    gflops(state, 3 * size.forward_flop(gates<Cell>));
}

/// The lower bound: the products alone, as large as they can be made.
class Products {
    using Block = decltype(std::declval<Mat<float>&>().middleCols(0, 0));
    Block at(Mat<float>& m, Index t) const { return m.middleCols(t * size_.batch, size_.batch); }

public:
    Products(Sizes size, Index count)
        : size_(size),
          Wx_(random_mat(count * size.hidden, size.hidden)),
          Wh_(Wx_),
          X_(random_mat(size.hidden, size.columns())),
          H_(X_),
          Z_(random_mat(count * size.hidden, size.columns())) {}

    void forward() {
        Z_.noalias() = Wx_ * X_;
        for (Index t = 0; t < size_.steps; ++t) at(Z_, t).noalias() += Wh_ * at(H_, t);
        benchmark::ClobberMemory();
    }
    void backward() {
        for (Index t = size_.steps; t-- > 0;) at(dH_, t).noalias() = Wh_.transpose() * at(Z_, t);
        dWx_.noalias() = Z_ * X_.transpose();
        dWh_.noalias() = Z_ * H_.transpose();
        dX_.noalias() = Wx_.transpose() * Z_;
        benchmark::ClobberMemory();
    }

private:
    Sizes size_;
    Mat<float> Wx_, Wh_, X_, H_, Z_;
    Mat<float> dWx_ = Wx_, dWh_ = Wh_, dX_ = X_, dH_ = H_;
};
void products_forward(benchmark::State& state, Index count) {
    const Sizes size(state);
    Products products(size, count);
    for (auto _ : state) products.forward();
    gflops(state, size.forward_flop(count));
}
void products_training(benchmark::State& state, Index count) {
    const Sizes size(state);
    Products products(size, count);
    for (auto _ : state) {
        products.forward();
        products.backward();
    }
    gflops(state, 3 * size.forward_flop(count));
}

using GruAfter = Gru<float, Reset::after>;

BENCHMARK(forward<Rnn<float>>)->Apply(window_sizes);
BENCHMARK_CAPTURE(products_forward, Rnn, 1)->Apply(window_sizes);
BENCHMARK(training<Rnn<float>>)->Apply(window_sizes);
BENCHMARK(training<Rnn<float>, true>)->Apply(window_sizes);
BENCHMARK_CAPTURE(products_training, Rnn, 1)->Apply(window_sizes);

BENCHMARK(forward<Lstm<float>>)->Apply(window_sizes);
BENCHMARK_CAPTURE(products_forward, Lstm, 4)->Apply(window_sizes);
BENCHMARK(training<Lstm<float>>)->Apply(window_sizes);
BENCHMARK(training<Lstm<float>, true>)->Apply(window_sizes);
BENCHMARK_CAPTURE(products_training, Lstm, 4)->Apply(window_sizes);

BENCHMARK(forward<Gru<float>>)->Apply(window_sizes);
BENCHMARK(forward<GruAfter>)->Apply(window_sizes);
BENCHMARK_CAPTURE(products_forward, Gru, 3)->Apply(window_sizes);
BENCHMARK(training<Gru<float>>)->Apply(window_sizes);
BENCHMARK(training<Gru<float>, true>)->Apply(window_sizes);
BENCHMARK(training<GruAfter>)->Apply(window_sizes);
BENCHMARK(training<GruAfter, true>)->Apply(window_sizes);
BENCHMARK_CAPTURE(products_training, Gru, 3)->Apply(window_sizes);

}  // namespace
