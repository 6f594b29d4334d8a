#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "catch.hpp"
#include "support/random.hpp"

/// What a cell is unrolled over; the lengths are equal where `ragged` is false.
struct FusedCase {
    bptt::Index inputs, hidden, batch, steps;
    bool ragged = false, reversed = false;
    int threads = 1;
    friend std::ostream& operator<<(std::ostream& out, const FusedCase& c) {
        return out << c.inputs << " inputs, " << c.hidden << " units, batch " << c.batch << ", " << c.steps << " steps, ragged "
                   << c.ragged << ", reversed " << c.reversed << ", threads " << c.threads;
    }
};

/// Values and gradients, in the same order for the same cell.
template <class T> using Everything = std::vector<std::pair<std::string, bptt::Mat<T>>>;

/// Trajectories, final states and all gradients, with random cotangents on each column of every field and on the final
/// state; `run(cell, xs, s0)` unrolls. The same seed: the same numbers.
template <class C, class Run> auto everything(const FusedCase& c, std::uint64_t seed, Run run) {
    using namespace bptt;
    using T = typename C::Scalar;
    Rng rng(seed);
    C cell(c.inputs, c.hidden, rng);
    for_each_param(cell, [&](std::string_view, auto& p) {
        p.value = (0.7 * random_mat(p.rows(), p.cols(), rng)).template cast<T>();
        p.grad = random_mat(p.rows(), p.cols(), rng).template cast<T>();  // to be added to
    });
    std::vector<Index> lengths;
    if (c.ragged)
        for (Index b = 0; b < c.batch; ++b) lengths.push_back(rng.below(c.steps + 1));
    const auto random = [&](Index rows, Index cols) -> Mat<T> { return random_mat(rows, cols, rng).template cast<T>(); };

    const Threads threads(c.threads);
    Tape<T> tape(threads);
    const auto x = tape.variable(random(c.inputs, c.steps * c.batch));
    const auto s0 =
        map_state(zero_state(cell, c.batch), [&](const Mat<T>&) { return tape.variable(random(c.hidden, c.batch)); });
    const auto xs = sequence(x, c.batch, lengths);
    const auto y = run(cell, c.reversed ? reversed(xs) : xs, s0);
    Everything<T> all;
    Var<T> loss = sum(x % tape.constant(random(c.inputs, c.steps * c.batch)));
    const auto look = [&](std::string name, Var<T> v) {
        all.emplace_back(std::move(name), v.value());
        loss = loss + sum(v % tape.constant(random(v.rows(), v.cols())));
    };
    for_each_field(y, [&](const Sequence<T>& field) { look("trajectory", field.all); });
    for_each_field(y, [&](const Sequence<T>& field) { look("final state", final_state(field)); });
    backward(loss);
    all.emplace_back("dx", x.grad());
    for_each_field(s0, [&](const Var<T>& v) { all.emplace_back("d(s0)", v.grad()); });
    for_each_param(cell, [&](std::string_view name, const auto& p) { all.emplace_back("d" + std::string(name), p.grad); });
    return all;
}

/// The kernel against the equations, within `tolerance` of the largest number.
template <class C> void check_fused(const FusedCase& c, double tolerance, std::uint64_t seed) {
    static_assert(bptt::FusedCell<C>);
    INFO(c);
    const auto steps = everything<C>(c, seed, [](auto&... arguments) { return unroll_steps(arguments...); });
    const auto fused = everything<C>(c, seed, [](auto&... arguments) { return unroll(arguments...); });
    REQUIRE(steps.size() == fused.size());
    for (std::size_t k = 0; k < steps.size(); ++k) {
        const auto& [name, expected] = steps[k];
        INFO(name);
        REQUIRE(bptt::shape(fused[k].second) == bptt::shape(expected));
        if (expected.size() == 0) continue;
        const double scale = 1 + static_cast<double>(expected.cwiseAbs().maxCoeff());
        CHECK(static_cast<double>((fused[k].second - expected).cwiseAbs().maxCoeff()) <= tolerance * scale);
    }
}

/// Every batch and every number of units from 1 to 70, 1 to 4 threads, equal and unequal lengths, both directions.
template <class C> void check_fused_sizes(double tolerance) {
    for (bptt::Index k = 1; k <= 70; ++k) {
        const bool ragged = k % 2 == 0, reversed = k / 2 % 2 == 0;
        check_fused<C>({1 + k % 5, k, 1 + 37 * k % 70, 3, ragged, reversed, static_cast<int>(1 + k % 4)}, tolerance,
                       static_cast<std::uint64_t>(k));
    }
}

/// Whatever the number of threads: the same bits.
template <class C> void check_fused_threads() {
    for (const bool ragged : {false, true}) {
        FusedCase c{70, 70, 33, 9, ragged, ragged};
        const auto run = [](auto&... arguments) { return unroll(arguments...); };
        const auto alone = everything<C>(c, 7, run);
        for (c.threads = 2; c.threads <= 4; ++c.threads) {
            const auto together = everything<C>(c, 7, run);
            for (std::size_t k = 0; k < alone.size(); ++k) {
                INFO(c << ": " << alone[k].first);
                CHECK(alone[k].second == together[k].second);
            }
        }
    }
}
