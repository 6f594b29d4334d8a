// One step of a network in real time: a stream, beside the same step written with Eigen by hand, in turns; `of_eigen` is the
// median of the ratios of their times. And the slowest of a million steps.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "support.hpp"

using namespace bptt;

namespace {

using Gru = bptt::Gru<float, Reset::after>;
using Lstm = bptt::Lstm<float>;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double median(std::vector<double> x) {
    std::ranges::nth_element(x, x.begin() + std::ssize(x) / 2);
    return x[x.size() / 2];
}

/// A step as one writes it with Eigen: the product of the weights, side by side, with x and h, one under the other; then the
/// gates. inputs and units: as far as the compiler knows them.
template <class Cell, int inputs, int units> class ByHand;
template <int I, int H> class ByHand<Lstm, I, H> {
    static constexpr int rows = H < 0 ? H : 4 * H, cols = H < 0 ? H : I + H;
    Index n_;
    Eigen::Matrix<float, rows, cols> W_;
    Eigen::Matrix<float, rows, 1> b_, z_;
    Eigen::Matrix<float, cols, 1> xh_;
    Eigen::Array<float, H, 1> c_;

public:
    explicit ByHand(const Lstm& cell) : n_(cell.units()), W_(4 * n_, cell.inputs() + n_), b_(cell.b.value), z_(b_) {
        W_ << cell.Wx.value, cell.Wh.value;
        xh_.setZero(W_.cols());
        c_.setZero(n_);
    }
    const float* step(const Mat<float>& x) {
        xh_.head(x.rows()) = x;
        z_ = b_;
        z_.noalias() += W_ * xh_;
        const auto gate = [&](Index k) { return Eigen::Map<const Eigen::Array<float, H, 1>>(z_.data() + k * n_, n_); };
        c_ = gate(1).logistic() * c_ + gate(0).logistic() * gate(2).tanh();
        Eigen::Map<Eigen::Array<float, H, 1>>(xh_.data() + x.rows(), n_) = gate(3).logistic() * c_.tanh();
        return xh_.data();
    }
};
template <int I, int H> class ByHand<Gru, I, H> {
    static constexpr int rows = H < 0 ? H : 3 * H;
    Index n_;
    Eigen::Matrix<float, rows, I> Wx_;
    Eigen::Matrix<float, rows, H> Wh_;
    Eigen::Matrix<float, rows, 1> b_, bh_, zx_, zh_;
    Eigen::Array<float, H, 1> h_, n_gate_, u_;

public:
    explicit ByHand(const Gru& cell)
        : n_(cell.units()), Wx_(cell.Wx.value), Wh_(cell.Wh.value), b_(cell.b.value), bh_(b_ * 0), zx_(b_), zh_(b_) {
        h_.setZero(n_);
    }
    const float* step(const Mat<float>& x) {
        zx_ = b_;
        zx_.noalias() += Wx_ * x.col(0);
        zh_ = bh_;
        zh_.noalias() += Wh_ * h_.matrix();
        const auto of = [&](auto& z, Index k) { return Eigen::Map<const Eigen::Array<float, H, 1>>(z.data() + k * n_, n_); };
        n_gate_ = (of(zx_, 2) + (of(zx_, 0) + of(zh_, 0)).logistic() * of(zh_, 2)).tanh();
        u_ = (of(zx_, 1) + of(zh_, 1)).logistic();
        h_ = n_gate_ + u_ * (h_ - n_gate_);
        return h_.data();
    }
};

/// Times a and b in turns, a few milliseconds each; the time of an iteration is a step of a.
void in_turns(benchmark::State& state, auto& a, auto& b, const Mat<float>& x) {
    const auto seconds = [&](auto& one, int steps) {
        const double start = now();
        float first = 0;
        for (int k = 0; k < steps; ++k) benchmark::DoNotOptimize(first = one.step(x)[0]);
        return (now() - start) / steps;
    };
    const int steps = std::max(10, static_cast<int>(5e-3 / seconds(b, 10)));
    std::vector<double> ratios, of_b;
    for (auto _ : state) {
        const double own = seconds(a, steps);
        of_b.push_back(seconds(b, steps));
        ratios.push_back(own / of_b.back());
        state.SetIterationTime(own);
    }
    state.counters["eigen"] = median(of_b);
    state.counters["of_eigen"] = median(ratios);
}

/// inputs and units as the compiler knows them, or 0.
template <class Cell, int inputs, int units, Storage S> void step(benchmark::State& state) {
    const Index I = state.range(0), H = state.range(1);
    Rng rng(1);
    const Cell cell(I, H, rng);
    const Mat<float> x = random_mat(I, 1);
    constexpr bool fixed = units > 0, small = fixed && units <= 64;  // larger ones Eigen does not hold on the stack
    ByHand<Cell, small ? inputs : Eigen::Dynamic, small ? units : Eigen::Dynamic> by_hand(cell);
    if constexpr (fixed) {
        auto live = stream<inputs, units, S>(cell);
        in_turns(state, live, by_hand, x);
    } else {
        auto live = stream<S>(cell);
        in_turns(state, live, by_hand, x);
    }
}
void timed(benchmark::internal::Benchmark* b, Index inputs, Index units) {
    b->ArgNames({"inputs", "units"})->Args({inputs, units})->UseManualTime()->Unit(benchmark::kNanosecond)->Iterations(15);
}
template <class Cell, int inputs, int units> void add(const std::string& name) {
    const auto one = [&](const char* how, auto* f) {
        timed(benchmark::RegisterBenchmark((name + how).c_str(), f), inputs, units);
    };
    one("/fixed/float32", step<Cell, inputs, units, Storage::float32>);
    one("/float32", step<Cell, 0, 0, Storage::float32>);
    one("/fixed/bfloat16", step<Cell, inputs, units, Storage::bfloat16>);
    one("/fixed/int8", step<Cell, inputs, units, Storage::int8>);
}
template <int... units> void add_all() {
    (add<Lstm, 1, units>("live/Lstm"), ...);
    (add<Gru, 1, units>("live/Gru"), ...);
}

/// A million steps in blocks of 64, a signal's buffer: nanoseconds a step of the middle block, of the slowest ones, and of
/// blocks whose input has been silent for so long that the state would be denormal numbers.
template <int units> void latency(benchmark::State& state) {
    Rng rng(1);
    auto live = stream<1, units>(Lstm(1, units, rng));
    std::vector<double> blocks;
    const auto run = [&](auto&& signal) {
        blocks.clear();
        for (int block = 0; block < 1'000'000 / 64; ++block) {
            const double start = now();
            float first = 0;
            for (int k = 0; k < 64; ++k) benchmark::DoNotOptimize(first = live.step(signal(k))[0]);
            blocks.push_back((now() - start) / 64 * 1e9);
        }
        std::ranges::sort(blocks);
    };
    const auto quantile = [&](double q) {
        return blocks[static_cast<std::size_t>(q * static_cast<double>(blocks.size() - 1))];
    };
    for (auto _ : state) {
        run([](int) { return 0.0f; });
        state.counters["silent"] = quantile(0.5);
        run([](int k) { return k % 2 == 0 ? 0.5f : -0.5f; });
        state.counters["p50"] = quantile(0.5);
        state.counters["p99"] = quantile(0.99);
        state.counters["p99.9"] = quantile(0.999);
        state.counters["worst"] = blocks.back();
    }
}
BENCHMARK(latency<16>)->Iterations(1);
BENCHMARK(latency<64>)->Iterations(1);

[[maybe_unused]] const bool added = (add_all<8, 16, 32, 64, 128, 256, 512>(), true);

}  // namespace
