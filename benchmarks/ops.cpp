// Single ops, forward and backward, beside what Eigen alone needs.

#include <cmath>
#include <vector>

#include "support.hpp"

using namespace bptt;

namespace {

// rows × inner × columns: an LSTM's recurrent step, its input projection over a window, a head over a window, a square.
void product_sizes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"m", "k", "n"})->Args({512, 128, 50})->Args({512, 128, 2500})->Args({65, 128, 2500})->Args({256, 256, 256});
}

void product_forward(benchmark::State& state) {
    const Index m = state.range(0), k = state.range(1), n = state.range(2);
    const Param<float> a = random_mat(m, k), b = random_mat(k, n);
    Tape<float> tape;
    for (auto _ : state) {
        tape.clear();
        benchmark::DoNotOptimize((tape.watch(a) * tape.watch(b)).value().data());
    }
    gflops(state, product_flop(m, k, n));
}
BENCHMARK(product_forward)->Apply(product_sizes);

void product_forward_eigen(benchmark::State& state) {
    const Index m = state.range(0), k = state.range(1), n = state.range(2);
    const Mat<float> a = random_mat(m, k), b = random_mat(k, n);
    Mat<float> y(m, n);
    for (auto _ : state) {
        y.noalias() = a * b;
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    gflops(state, product_flop(m, k, n));
}
BENCHMARK(product_forward_eigen)->Apply(product_sizes);

void product_training(benchmark::State& state) {
    const Index m = state.range(0), k = state.range(1), n = state.range(2);
    const Param<float> a = random_mat(m, k), b = random_mat(k, n);
    const Mat<float> dy = random_mat(m, n);
    Tape<float> tape;
    for (auto _ : state) {
        tape.clear();
        backward(loss_with(tape.watch(a) * tape.watch(b), dy));
        benchmark::ClobberMemory();
    }
    gflops(state, 3 * product_flop(m, k, n));
}
BENCHMARK(product_training)->Apply(product_sizes);

void product_training_eigen(benchmark::State& state) {
    const Index m = state.range(0), k = state.range(1), n = state.range(2);
    const Mat<float> a = random_mat(m, k), b = random_mat(k, n), dy = random_mat(m, n);
    Mat<float> y(m, n), da = Mat<float>::Zero(m, k), db = Mat<float>::Zero(k, n);
    for (auto _ : state) {
        y.noalias() = a * b;
        da.noalias() += dy * b.transpose();
        db.noalias() += a.transpose() * dy;
        benchmark::DoNotOptimize(y.data());
        benchmark::ClobberMemory();
    }
    gflops(state, 3 * product_flop(m, k, n));
}
BENCHMARK(product_training_eigen)->Apply(product_sizes);

/// Forward and backward of op(x), x of rows × columns.
void elementwise(benchmark::State& state, auto op) {
    const Param<float> x = random_mat(512, 2500);
    const Mat<float> dy = random_mat(512, 2500);
    Tape<float> tape;
    for (auto _ : state) {
        tape.clear();
        backward(loss_with(op(tape.watch(x)), dy));
        benchmark::ClobberMemory();
    }
    per_second(state, "elements", static_cast<double>(dy.size()));
}
BENCHMARK_CAPTURE(elementwise, tanh, [](Var<float> x) { return tanh(x); });
BENCHMARK_CAPTURE(elementwise, sigmoid, [](Var<float> x) { return sigmoid(x); });
BENCHMARK_CAPTURE(elementwise, relu, [](Var<float> x) { return relu(x); });
BENCHMARK_CAPTURE(elementwise, softmax, [](Var<float> x) { return softmax(x); });

/// The same formulas on plain arrays.
void elementwise_eigen(benchmark::State& state, auto forward, auto slope) {
    const Mat<float> x = random_mat(512, 2500), dy = x;
    Mat<float> y = x, dx = Mat<float>::Zero(512, 2500);
    for (auto _ : state) {
        y.array() = forward(x.array());
        dx.array() += dy.array() * slope(y.array());
        benchmark::DoNotOptimize(dx.data());
        benchmark::ClobberMemory();
    }
    per_second(state, "elements", static_cast<double>(dy.size()));
}
BENCHMARK_CAPTURE(
    elementwise_eigen, tanh, [](const auto& x) { return x.tanh(); }, [](const auto& y) { return 1 - y.square(); });
BENCHMARK_CAPTURE(
    elementwise_eigen, sigmoid, [](const auto& x) { return x.logistic(); }, [](const auto& y) { return y * (1 - y); });

/// Numbers in the L1 cache, as the kernels find them between two products. `ulp`: the largest error of a million of them, in
/// units of the last place.
void cached(benchmark::State& state, auto f, double (*exact)(double)) {
    const Mat<float> x = 10 * random_mat(2048, 1);
    Mat<float> y = x;
    for (auto _ : state) {
        f(x, y);
        benchmark::ClobberMemory();
    }
    per_second(state, "elements", static_cast<double>(x.size()));
    double worst = 0;
    const Mat<float> all = Mat<float>(Eigen::VectorXf::LinSpaced(1'000'000, -10, 10));
    Mat<float> values = all;
    f(all, values);
    for (Index k = 0; k < all.size(); ++k) {
        const double expected = exact(all(k)), unit = std::ldexp(1.0, std::ilogb(expected) - 23);
        worst = std::max(worst, std::abs(values(k) - expected) / unit);
    }
    state.counters["ulp"] = worst;
}
double tanh_of(double x) { return std::tanh(x); }
double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double exp_of(double x) { return std::exp(x); }
auto by_packets(auto f) {
    return [f](const Mat<float>& x, Mat<float>& y) { kernels::map(x.data(), x.size(), y.data(), f); };
}
BENCHMARK_CAPTURE(cached, tanh, by_packets([](auto x) { return tanh(x); }), tanh_of);
BENCHMARK_CAPTURE(
    cached, tanh_eigen, [](const auto& x, auto& y) { y.array() = x.array().tanh(); }, tanh_of);
BENCHMARK_CAPTURE(cached, sigmoid, by_packets([](auto x) { return sigmoid(x); }), sigmoid_of);
BENCHMARK_CAPTURE(
    cached, sigmoid_eigen, [](const auto& x, auto& y) { y.array() = x.array().logistic(); }, sigmoid_of);
BENCHMARK_CAPTURE(cached, exp, by_packets([](auto x) { return exp(x); }), exp_of);
BENCHMARK_CAPTURE(
    cached, exp_eigen, [](const auto& x, auto& y) { y.array() = x.array().exp(); }, exp_of);

std::vector<Index> random_ids(Index n, Index classes) {
    Rng rng(2);
    std::vector<Index> ids;
    for (Index k = 0; k < n; ++k) ids.push_back(rng.below(classes));
    return ids;
}

void cross_entropy_training(benchmark::State& state) {
    const Index classes = state.range(0), columns = 2500;
    const Param<float> logits = random_mat(classes, columns);
    const auto targets = random_ids(columns, classes);
    Tape<float> tape;
    for (auto _ : state) {
        tape.clear();
        backward(cross_entropy(tape.watch(logits), std::span<const Index>(targets)));
        benchmark::ClobberMemory();
    }
    per_second(state, "elements", static_cast<double>(logits.value.size()));
}
BENCHMARK(cross_entropy_training)->ArgName("classes")->Arg(65)->Arg(1000);

/// The exponentials alone, twice: what no cross entropy can do without, if it keeps no probabilities.
void cross_entropy_exponentials(benchmark::State& state) {
    const Mat<float> x = random_mat(state.range(0), 2500);
    Mat<float> y = x;
    for (auto _ : state) {
        for (int pass = 0; pass < 2; ++pass) {
            y.array() = x.array().exp();
            benchmark::ClobberMemory();
        }
    }
    per_second(state, "elements", static_cast<double>(x.size()));
}
BENCHMARK(cross_entropy_exponentials)->ArgName("classes")->Arg(65)->Arg(1000);

void gather_training(benchmark::State& state) {
    const Index features = state.range(0), columns = 2500, classes = 65;
    const Param<float> table = random_mat(features, classes);
    const Mat<float> dy = random_mat(features, columns);
    const auto ids = random_ids(columns, classes);
    Tape<float> tape;
    for (auto _ : state) {
        tape.clear();
        backward(loss_with(gather(tape.watch(table), std::span<const Index>(ids)), dy));
        benchmark::ClobberMemory();
    }
    per_second(state, "elements", static_cast<double>(dy.size()));
}
BENCHMARK(gather_training)->ArgName("features")->Arg(64)->Arg(512);

/// As many numbers copied to and fro.
void gather_copies(benchmark::State& state) {
    const Mat<float> x = random_mat(state.range(0), 2500);
    Mat<float> y = x, dx = x;
    for (auto _ : state) {
        y = x;
        benchmark::ClobberMemory();
        dx += y;
        benchmark::ClobberMemory();
    }
    per_second(state, "elements", static_cast<double>(x.size()));
}
BENCHMARK(gather_copies)->ArgName("features")->Arg(64)->Arg(512);

}  // namespace
