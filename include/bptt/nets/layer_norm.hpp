#pragma once

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/normalize.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// epsilon is added to the variance, so that a column of equal numbers becomes 0.
struct LayerNormOptions {
    double epsilon = 1e-5;
};

/// Layer normalisation (Ba et al. 2016), column by column: y = g ⊙ (x − μ) / √(σ² + ε) + b, with μ and σ² of the column.
template <class T> struct LayerNorm {
    using Scalar = T;

    Param<T> g, b;  // features×1
    LayerNormOptions options;

    /// g ones, b zeros.
    LayerNorm(Index features, LayerNormOptions how = {}) : options(how) {
        throw_unless(features > 0, "LayerNorm: features is ", features, ", not positive");
        detail::check_epsilon<T>("LayerNorm", how.epsilon);
        g = Param<T>(features, 1);
        b = Param<T>(features, 1);
        g.value.setOnes();
    }
    BPTT_PARAMS(g, b)

    /// x: features×columns.
    Var<T> operator()(Var<T> x) const& {
        throw_unless(x.rows() == g.rows(), "LayerNorm: x is ", shape(x), ", g is ", shape(g));
        return g % layer_norm(x, options.epsilon) + b;
    }
    Sequence<T> operator()(const Sequence<T>& x) const& { return x.with((*this)(x.all)); }
    Var<T> operator()(Var<T> x) const&& = delete;  // a temporary would be gone in backward()
    Sequence<T> operator()(const Sequence<T>& x) const&& = delete;
};

}  // namespace bptt
