#pragma once

#include <cmath>

#include "bptt/core/init.hpp"
#include "bptt/ops/affine.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

namespace detail {
template <class S>
concept HasOutput = requires(const S& s) {
    s.h;
};
}  // namespace detail

/// y = W x + b, column by column.
template <class T> struct Linear {
    using Scalar = T;

    Param<T> W, b;  // outputs×inputs, outputs×1

    /// W uniform in ±1/√inputs, b zero: a head of many inputs and few outputs starts nearer to uniform predictions than with
    /// glorot.
    Linear(Index inputs, Index outputs, Rng& rng) {
        throw_unless(inputs > 0 && outputs > 0, "Linear: inputs is ", inputs, ", outputs is ", outputs,
                     "; both must be positive");
        const double limit = 1 / std::sqrt(static_cast<double>(inputs));
        W = random_matrix<T>(outputs, inputs, [&] { return rng.uniform(-limit, limit); });
        b = Param<T>(outputs, 1);
    }
    BPTT_PARAMS(W, b)

    /// x: inputs×columns. The value is deferred until it is first read: cross_entropy() of it never holds all logits.
    Var<T> operator()(Var<T> x) const& {
        throw_unless(x.rows() == W.cols(), "Linear: x is ", shape(x), ", W is ", shape(W));
        throw_unless(b.rows() == W.rows() && b.cols() == 1, "Linear: W is ", shape(W), ", b is ", shape(b));
        auto& tape = x.tape();
        return detail::deferred_affine(tape.watch(W), tape.watch(b), x);
    }
    Sequence<T> operator()(const Sequence<T>& x) const& { return x.with((*this)(x.all)); }
    /// Applies the layer to the h of a state or of a trajectory.
    auto operator()(const detail::HasOutput auto& y) const& { return (*this)(y.h); }
    Var<T> operator()(Var<T> x) const&& = delete;  // a temporary would be gone when the value is computed
    Sequence<T> operator()(const Sequence<T>& x) const&& = delete;
    auto operator()(const detail::HasOutput auto& y) const&& = delete;
};

namespace detail {
template <class M> inline constexpr bool is_linear = false;
template <class T> inline constexpr bool is_linear<Linear<T>> = true;
}  // namespace detail

}  // namespace bptt
