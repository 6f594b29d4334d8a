#pragma once

#include <cmath>

#include "bptt/core/init.hpp"
#include "bptt/core/sequence.hpp"
#include "bptt/ops/arithmetic.hpp"

namespace bptt {

/// y = W x + b, column by column.
template <class T> struct Linear {
    using Scalar = T;

    Param<T> W, b;  // outputs×inputs, outputs×1

    /// W uniform in ±1/√inputs, b zero: a head of many inputs and few outputs starts nearer to even guesses than with glorot.
    Linear(Index inputs, Index outputs, Rng& rng) {
        check_sizes("Linear", inputs, outputs);
        const double limit = 1 / std::sqrt(static_cast<double>(inputs));
        W = random_matrix<T>(outputs, inputs, [&] { return rng.uniform(-limit, limit); });
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
