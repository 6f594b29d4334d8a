// Clipping and Adam on a million parameters, beside a plain loop.

#include <cmath>
#include <vector>

#include "support.hpp"

using namespace bptt;

namespace {

constexpr Index count = 1'000'000;
// Clipping reads the gradient. Adam reads value, gradient and both moments, and writes all but the gradient.
constexpr Index clip_bytes = count * 4, adam_bytes = count * 4 * 7;

struct Weights {
    Param<float> W = random_mat(1000, count / 1000);

    Weights() { W.grad = random_mat(1000, count / 1000); }
    BPTT_PARAMS(W)
};

void clip(benchmark::State& state) {
    const Weights model;
    for (auto _ : state) benchmark::DoNotOptimize(clip_grad_norm(model, 1e9));
    state.SetBytesProcessed(state.iterations() * clip_bytes);
}
BENCHMARK(clip)->Unit(benchmark::kMicrosecond);

void adam(benchmark::State& state) {
    Weights model;
    Adam<float> optimizer;
    measure(state, [&] {
        optimizer.step(model);
        benchmark::ClobberMemory();
    });
    state.SetBytesProcessed(state.iterations() * adam_bytes);
}
BENCHMARK(adam)->Unit(benchmark::kMicrosecond);

void clip_and_adam(benchmark::State& state) {
    Weights model;
    Adam<float> optimizer;
    measure(state, [&] {
        clip_grad_norm(model, 1e9);
        optimizer.step(model);
        benchmark::ClobberMemory();
    });
    state.SetBytesProcessed(state.iterations() * (clip_bytes + adam_bytes));
}
BENCHMARK(clip_and_adam)->Unit(benchmark::kMicrosecond);

void clip_and_adam_loop(benchmark::State& state) {
    Weights model;
    float* const p = model.W.value.data();
    const float* const g = model.W.grad.data();
    std::vector<float> m(count), s(count);
    int t = 0;
    for (auto _ : state) {
        double total = 0;
        for (Index k = 0; k < count; ++k) total += static_cast<double>(g[k]) * static_cast<double>(g[k]);
        benchmark::DoNotOptimize(total);
        ++t;
        const float unbias1 = static_cast<float>(1 - std::pow(0.9, t)), unbias2 = static_cast<float>(1 - std::pow(0.999, t));
        for (std::size_t k = 0; k < count; ++k) {
            m[k] = 0.9f * m[k] + 0.1f * g[k];
            s[k] = 0.999f * s[k] + 0.001f * g[k] * g[k];
            p[k] -= 1e-3f * (m[k] / unbias1) / (std::sqrt(s[k] / unbias2) + 1e-8f);
        }
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * (clip_bytes + adam_bytes));
}
BENCHMARK(clip_and_adam_loop)->Unit(benchmark::kMicrosecond);

}  // namespace
