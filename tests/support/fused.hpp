#pragma once

#include <vector>

#include "catch.hpp"
#include "support/layers.hpp"

/// What a cell is unrolled over; the lengths are equal where `ragged` is false.
struct FusedCase {
    bptt::Index inputs, units, batch, steps;
    bool ragged = false, reversed = false;
    int threads = 1;
};

/// A cell of random weights, and random numbers to run it on; the same case: the same numbers.
template <class C> struct FusedRun {
    C cell;
    LayerInputs in;

    explicit FusedRun(const FusedCase& c) : FusedRun(c, bptt::Rng(static_cast<std::uint64_t>(c.units + 100 * c.batch))) {}

private:
    FusedRun(const FusedCase& c, bptt::Rng rng) : cell(c.inputs, c.units, rng) {
        randomise(cell, rng, 0.7);
        std::vector<bptt::Index> lengths(static_cast<std::size_t>(c.batch), c.steps);
        if (c.ragged)
            for (auto& n : lengths) n = rng.below(c.steps + 1);
        in = random_inputs(cell, c.inputs, lengths, rng);
        in.reversed = c.reversed, in.threads = c.threads;
    }
};

/// The kernel against the equations.
template <class C> void check_fused(C& cell, const LayerInputs& in, double tolerance) {
    static_assert(bptt::FusedCell<C>);
    INFO(cell.units() << " units, " << in);
    check_near(run_layer(cell, in), run_layer(cell, in, by_steps), tolerance);
}
template <class C> void check_fused(const FusedCase& c, double tolerance) {
    FusedRun<C> run(c);
    check_fused(run.cell, run.in, tolerance);
}

/// Every number of units and every batch from 1 to 70, 1 to 4 threads, equal and unequal lengths, both directions.
template <class C> void check_fused_sizes(double tolerance) {
    for (bptt::Index k = 1; k <= 70; ++k) {
        const bool ragged = k % 2 == 0, reversed = k / 2 % 2 == 0;
        const int threads = static_cast<int>(1 + k % 4);
        check_fused<C>({1 + k % 5, k, 1 + 3 * k % 7, 3, ragged, reversed, threads}, tolerance);
        check_fused<C>({1 + k % 5, 1 + 3 * k % 7, k, 3, ragged, reversed, threads}, tolerance);
    }
    for (const bptt::Index k : {17, 33, 70}) check_fused<C>({3, k, 71 - k / 2, 3, k == 33, k == 70, 2}, tolerance);
}

/// Whatever the number of threads: the same bits.
template <class C> void check_fused_threads() {
    for (const bool ragged : {false, true}) {
        FusedRun<C> run({70, 70, 33, 9, ragged, ragged});
        const auto alone = run_layer(run.cell, run.in);
        for (run.in.threads = 2; run.in.threads <= 4; ++run.in.threads) {
            CAPTURE(run.in);
            CHECK(run_layer(run.cell, run.in) == alone);
        }
    }
}
