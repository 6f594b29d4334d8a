#pragma once

#include "bptt/bptt.hpp"

// Compiled in each translation unit that includes it.
static double loss_of_this_unit() {
    using namespace bptt;
    Rng rng(1);
    const Stacked<Lstm<double>> stack(3, 4, 2, rng);
    Tape<double> tape;
    const auto y = unroll(stack, sequence(tape.constant(Mat<double>::Ones(3, 8)), 2), lift(tape, zero_state(stack, 2)));
    return sum(y.h.all).item();
}
