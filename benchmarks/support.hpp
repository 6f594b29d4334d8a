#pragma once

#include <benchmark/benchmark.h>

#include <bptt/bptt.hpp>

#include "peak.hpp"

/// `amount` of something happens in each iteration: shown per second.
inline void per_second(benchmark::State& state, const char* name, double amount) {
    state.counters[name] = benchmark::Counter(amount, benchmark::Counter::kIsIterationInvariantRate);
}
/// GFLOP per second, and as a share of the FMA peak of the threads that it took.
inline void gflops(benchmark::State& state, double flop, int threads = 1) {
    static const double peak = peak_gflops();
    per_second(state, "GFLOP", 1e-9 * flop);
    per_second(state, "peak", 1e-9 * flop / (peak * threads));
}

/// Times step(), after three rounds in which its tape takes the memory that it keeps.
void measure(benchmark::State& state, auto step) {
    for (int round = 0; round < 3; ++round) step();
    for (auto _ : state) step();
}

/// Multiplications and additions of (m×k)(k×n).
inline double product_flop(bptt::Index m, bptt::Index k, bptt::Index n) {
    return 2 * static_cast<double>(m) * static_cast<double>(k) * static_cast<double>(n);
}

inline bptt::Mat<float> random_mat(bptt::Index rows, bptt::Index cols) {
    bptt::Rng rng(1);
    return bptt::random_matrix<float>(rows, cols, [&] { return rng.uniform(-1, 1); });
}

/// A loss that gives y the gradient dy and costs next to nothing itself.
inline bptt::Var<float> loss_with(bptt::Var<float> y, const bptt::Mat<float>& dy) {
    return bptt::record(
        {y}, 1, 1, [](auto loss) { loss(0, 0) = 0; }, [y, &dy](bptt::Var<float>) { y.accumulate(dy); });
}

/// How many row blocks a cell's W_x and W_h have.
template <class Cell> inline constexpr bptt::Index gates = 1;
template <> inline constexpr bptt::Index gates<bptt::Lstm<float>> = 4;
template <bptt::Reset R> inline constexpr bptt::Index gates<bptt::Gru<float, R>> = 3;
