// A training step on sequences of unequal length, 52 % of the rectangle's columns, beside the same with all of them full.
#include <numeric>

#include "support.hpp"

using namespace bptt;

namespace {

constexpr Index units = 256, batch = 32, steps = 100;

/// 4, 7, 10, …, 100 in a mixed order.
std::vector<Index> mixed_lengths() {
    std::vector<Index> lengths;
    for (Index k = 1; k <= batch; ++k) lengths.push_back((steps * (1 + (k * 13) % batch) + batch - 1) / batch);
    return lengths;
}

template <class L> void lengths(benchmark::State& state) {
    Rng rng(1);
    const L layer(units, units, rng);
    const Param<float> x = random_mat(units, steps * batch);
    const std::vector<Index> each = state.range(0) ? std::vector<Index>() : mixed_lengths();
    const auto start = zero_state(layer, batch);
    const Index columns = each.empty() ? steps * batch : std::accumulate(each.begin(), each.end(), Index{0});
    const Mat<float> dh = random_mat(layer.outputs(), columns);
    Tape<float> tape;
    measure(state, [&] {
        tape.clear();
        const auto y = unroll(layer, sequence(tape.watch(x), batch, each), start);
        zero_grad(layer);
        x.grad.setZero();
        backward(loss_with(y.h.all, dh));
        benchmark::ClobberMemory();
    });
    per_second(state, "columns", static_cast<double>(columns));
}
void both_kinds(benchmark::internal::Benchmark* b) { b->ArgName("full")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond); }

BENCHMARK(lengths<Rnn<float>>)->Apply(both_kinds);
BENCHMARK(lengths<Lstm<float>>)->Apply(both_kinds);
BENCHMARK(lengths<Gru<float>>)->Apply(both_kinds);
BENCHMARK(lengths<Bidirectional<Lstm<float>>>)->Apply(both_kinds);

}  // namespace
