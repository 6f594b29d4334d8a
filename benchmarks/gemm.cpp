// The products of the kernels, at the sizes of the workloads of versus/, beside Eigen's. `peak` is the share of the FMA peak.

#include <bptt/kernels/gemm.hpp>
#include <vector>

#include "support.hpp"

using namespace bptt;

namespace {

std::vector<float> numbers(Index n) { return std::vector<float>(static_cast<std::size_t>(n), 0.5f); }

// rows × inner × columns of W_h h: an LSTM of 128 units and of 512, a GRU of 256, a vanilla RNN of 256; then of W_hᵀ dz.
void step_sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"m", "k", "n"})->Args({512, 128, 50})->Args({2048, 512, 64})->Args({768, 256, 32})->Args({256, 256, 32});
    b->Args({128, 512, 50})->Args({512, 2048, 64})->Args({256, 768, 32})->Unit(benchmark::kMicrosecond);
}
/// One side of the product is the state, the other a step's columns of the gates, which are of another step each time, as in a
/// sequence. What the gates do between two products, to the same memory, is not timed.
void step(benchmark::State& state) {
    constexpr Index steps = 50;
    const Index m = state.range(0), k = state.range(1), n = state.range(2), gates = (std::max)(m, k), units = (std::min)(m, k);
    const Index stride = kernels::padded_stride<float>(gates), state_stride = kernels::padded_stride<float>(units);
    const Mat<float> A = random_mat(m, k);
    Mat<float> z = Mat<float>::Zero(stride, n * steps), h = Mat<float>::Zero(units, n * steps),
               now = random_mat(state_stride, n);
    auto packed = numbers(kernels::packed_size<float>(m, k));
    kernels::pack(A.data(), 1, m, m, k, packed.data());
    Index t = 0;
    for (auto _ : state) {
        float* const step = z.data() + t * n * stride;
        state.SetIterationTime(seconds_of([&] {
            if (m >= k)
                kernels::multiply(packed.data(), m, k, now.data(), state_stride, n, step, stride, true);
            else
                kernels::multiply(packed.data(), m, k, step, stride, n, now.data(), state_stride, false);
            benchmark::ClobberMemory();
        }));
        t = (t + 1) % steps;
        z.middleCols(t * n, n) = -z.middleCols(t * n, n);
        now = -now;
        h.middleCols(t * n, n) = now.topRows(units);
    }
    gflops(state, product_flop(m, k, n));
}
BENCHMARK(step)->Apply(step_sizes)->UseManualTime();

void step_eigen(benchmark::State& state) {
    const Index m = state.range(0), k = state.range(1), n = state.range(2);
    const Mat<float> A = random_mat(m, k), B = random_mat(k, n);
    Mat<float> C = Mat<float>::Zero(m, n);
    for (auto _ : state) {
        C.noalias() = A * B;
        benchmark::ClobberMemory();
    }
    gflops(state, product_flop(m, k, n));
}
BENCHMARK(step_eigen)->Apply(step_sizes);

// rows × columns of a W_h, and the columns of a window that its gradient is summed over.
void outer_sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"m", "n", "k"})->Args({512, 128, 2500})->Args({2048, 512, 4096})->Args({768, 256, 3200});
    b->Args({256, 256, 3200})->Args({65, 128, 2500})->Unit(benchmark::kMillisecond);
}
void outer(benchmark::State& state) {
    const Index m = state.range(0), n = state.range(1), k = state.range(2);
    const Mat<float> A = random_mat(kernels::padded_stride<float>(m), k), B = random_mat(n, k);
    Mat<float> C = Mat<float>::Zero(m, n);
    auto scratch = numbers(kernels::outer_scratch<float>);
    const auto column = [&](Index j) { return B.data() + j * n; };
    for (auto _ : state) {
        kernels::add_outer(A.data(), A.rows(), m, k, column, n, C.data(), m, nullptr, scratch.data());
        benchmark::ClobberMemory();
    }
    gflops(state, product_flop(m, k, n));
}
BENCHMARK(outer)->Apply(outer_sizes);

void outer_eigen(benchmark::State& state) {
    const Index m = state.range(0), n = state.range(1), k = state.range(2);
    const Mat<float> A = random_mat(m, k), B = random_mat(n, k);
    Mat<float> C = Mat<float>::Zero(m, n);
    for (auto _ : state) {
        C.noalias() += A * B.transpose();
        benchmark::ClobberMemory();
    }
    gflops(state, product_flop(m, k, n));
}
BENCHMARK(outer_eigen)->Apply(outer_sizes);

}  // namespace
