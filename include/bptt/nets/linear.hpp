#pragma once

#include "bptt/core/init.hpp"
#include "bptt/core/sequence.hpp"
#include "bptt/ops/arithmetic.hpp"

namespace bptt {

/// y = W x + b, column by column.
template <class T> struct Linear {
    using Scalar = T;

    Param<T> W, b;  // outputs×inputs, outputs×1

    /// W glorot, b zero.
    Linear(Index inputs, Index outputs, Rng& rng) {
        check_sizes("Linear", inputs, outputs);
        W = glorot_uniform<T>(outputs, inputs, rng);
        b = Param<T>(outputs, 1);
    }
    static void params(auto& m, auto&& f) {
        f("W", m.W);
        f("b", m.b);
    }

    /// x: inputs×columns.
    Var<T> operator()(Var<T> x) const {
        check(x.rows() == W.cols(), "Linear: x is ", shape(x), ", W is ", shape(W));
        return W * x + b;
    }
    Sequence<T> operator()(const Sequence<T>& x) const { return x.with((*this)(x.all)); }
};

}  // namespace bptt
