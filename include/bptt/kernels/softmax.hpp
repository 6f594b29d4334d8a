#pragma once

#include <cmath>
#include <limits>

#include "bptt/kernels/gates.hpp"

// Softmax of n numbers x that lie side by side. All exponents are x_k − max x, so that nothing overflows; NaN anywhere makes
// everything NaN.

namespace bptt::kernels {

/// exp(x); 0 where that is below the smallest normal number, which the exp of packets gives instead.
template <class T> [[gnu::always_inline]] inline Packet<T> exp_or_zero(Packet<T> x) {
    return where_positive(Packet<T>::of(detail::lowest_exponent<T>) - x, Packet<T>::of(0), exp(x));  // NaN is not above 0
}

/// The maximum and the sum of exponentials, from which softmax and log-sum-exp follow.
template <class T> struct ExpSum {
    T top, exp_sum;  // max x, Σ exp(x − top)

    /// ln Σ exp(x); where max x is ±∞ or NaN, max x.
    T log() const { return std::isfinite(top) ? top + std::log(exp_sum) : top; }
};

/// Calls f(k, lanes, exp(x − max x)) for each packet x_k, x_{k+1}, … and returns max x and the sum of exponentials. n > 0.
template <class T, class F> ExpSum<T> exponentials(const T* x, Index n, const F& f) {
    using P = Packet<T>;
    constexpr T none = -std::numeric_limits<T>::infinity();
    P most = P::of(none), exp_sum = P::of(0);
    each_packet<T>(n, [&](Index k, auto lanes) { most = larger(lanes.load(x + k, none), most); });
    const T top = highest(most);
    each_packet<T>(n, [&](Index k, auto lanes) {
        const P e = exp_or_zero(lanes.load(x + k, none) - P::of(top));
        f(k, lanes, e);
        exp_sum = exp_sum + e;
    });
    return {top, sum(exp_sum)};
}
/// ln Σ exp(x)
template <class T> T log_sum_exp(const T* x, Index n) {
    return exponentials(x, n, [](Index, auto, Packet<T>) {}).log();
}
/// y = scale exp(x) / Σ exp(x); y may be x.
template <class T> ExpSum<T> softmax(const T* x, Index n, T scale, T* y) {
    const auto s = exponentials(x, n, [&](Index k, auto lanes, Packet<T> e) { lanes.store(y + k, e); });
    const auto factor = Packet<T>::of(scale / s.exp_sum);
    each_packet<T>(n, [&](Index k, auto lanes) { lanes.store(y + k, lanes.load(y + k) * factor); });
    return s;
}

/// y = softmax(x):  dx += y ⊙ (dy − 1 Σ(y ⊙ dy))
template <class T> void add_softmax_pullback(const T* y, const T* dy, Index n, T* dx) {
    using P = Packet<T>;
    P products = P::of(0);
    each_packet<T>(n, [&](Index k, auto lanes) { products = madd(lanes.load(y + k), lanes.load(dy + k), products); });
    const P inner = P::of(sum(products));
    each_packet<T>(n, [&](Index k, auto lanes) {
        lanes.store(dx + k, madd(lanes.load(y + k), lanes.load(dy + k) - inner, lanes.load(dx + k)));
    });
}
/// dx += scale exp(x − log_sum): with log_sum = ln Σ exp(x), the pullback of log_sum for the gradient `scale`.
template <class T> void add_exponentials(const T* x, Index n, T log_sum, T scale, T* dx) {
    using P = Packet<T>;
    each_packet<T>(n, [&](Index k, auto lanes) {
        const P e = exp_or_zero(lanes.load(x + k) - P::of(log_sum));
        lanes.store(dx + k, madd(P::of(scale), e, lanes.load(dx + k)));
    });
}

}  // namespace bptt::kernels
