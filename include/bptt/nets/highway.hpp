#pragma once

#include "bptt/core/init.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// The gate's initial bias: if it is negative, the layer at first passes most of its input through.
struct HighwayOptions {
    double gate_bias = -1;
};

/// Highway layer (Srivastava et al. 2015), column by column:
///   g = σ(Wt x + bt),  y = g ⊙ φ(Wh x + bh) + (1 − g) ⊙ x.
template <class T, Activation A = Activation::relu> struct Highway {
    using Scalar = T;

    Param<T> Wh, bh, Wt, bt;  // n×n, n×1, n×n, n×1

    /// As many outputs as inputs. Wh and Wt glorot, bh zero.
    Highway(Index features, Rng& rng, HighwayOptions options = {}) {
        throw_unless(features > 0, "Highway: features is ", features, ", not positive");
        Wh = glorot_uniform<T>(features, features, rng);
        Wt = glorot_uniform<T>(features, features, rng);
        bh = Param<T>(features, 1);
        bt = Param<T>(features, 1);
        bt.value.setConstant(static_cast<T>(options.gate_bias));
    }
    BPTT_PARAMS(Wh, bh, Wt, bt)

    /// x: features×columns.
    Var<T> operator()(Var<T> x) const& {
        throw_unless(x.rows() == Wh.cols(), "Highway: x is ", shape(x), ", Wh is ", shape(Wh));
        const auto g = sigmoid(Wt * x + bt);
        return g % activate<A>(Wh * x + bh) + (1 - g) % x;
    }
    Sequence<T> operator()(const Sequence<T>& x) const& { return x.with((*this)(x.all)); }
    Var<T> operator()(Var<T> x) const&& = delete;  // a temporary would be gone in backward()
    Sequence<T> operator()(const Sequence<T>& x) const&& = delete;
};

}  // namespace bptt
