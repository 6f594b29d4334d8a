#pragma once

#include <string>

#include "bptt/cells/cell.hpp"
#include "bptt/ops/arithmetic.hpp"

namespace bptt {

/// A learned initial state: a column for each field of the layer's state, shared by all sequences of a batch.
template <Layer L> struct InitialState {
    using Scalar = typename L::Scalar;

    StateOf<L, Param<Scalar>> start;  // fields rows×1

    /// Zeros, of the sizes that the layer's state has.
    InitialState(const L& layer)
        : start(map_state(zero_state(layer, 1), [](const Mat<Scalar>& m) { return Param<Scalar>(m); })) {}
    /// The parameters are named as the state's fields: "h", "c".
    static void params(auto& m, auto&& f) { for_each_named_field(m.start, f); }

    /// The same start for each of `batch` sequences: unroll(layer, xs, start(tape, batch)).
    StateOf<L, Var<Scalar>> operator()(Tape<Scalar>& tape, Index batch) const {
        throw_unless(batch > 0, "InitialState: batch is ", batch, ", not positive");
        return map_state(start, [&](const Param<Scalar>& p) { return tape.constant(Mat<Scalar>::Zero(p.rows(), batch)) + p; });
    }
};

}  // namespace bptt
