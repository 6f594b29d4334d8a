#pragma once

#include <limits>
#include <numbers>

#include "bptt/kernels/packet.hpp"

// eˣ, σ(x) and tanh x of packets, within 3 units of the last place where eˣ is a normal number, |x| < 87; beyond, floats of eˣ
// stay near the least and the greatest normal number, and those of σ and tanh near their limits. Eigen's, of floats, are off by
// 5 (tanh) and by 8,000 (σ of numbers below −8). exp is always inlined: of a few numbers, a call would take as long.

namespace bptt::kernels {

namespace detail {

/// eˣ = power (1 + p): power = 2ⁿ, n = round(x / ln 2), and p = eʳ − 1 of the rest r, by the polynomial of expf in Cephes.
template <class T> struct Exponential { Packet<T> power, p; };
template <class T> [[gnu::always_inline]] inline Exponential<T> exponential(Packet<T> x) {
    using P = Packet<T>;
    const auto poly = [](P r, T slope, T constant) { return madd(r, P::of(slope), P::of(constant)); };
    const auto [n, power] = P::nearest_power(x, std::numbers::log2e_v<T>);
    const P r = madd(n, P::of(T(2.12194440e-4)), madd(n, P::of(T(-0.693359375)), x));  // x − n ln 2; the first product is exact
    const P low = poly(r, T(1.6666665459e-1), T(5.0000001201e-1)), middle = poly(r, T(8.3334519073e-3), T(4.1665795894e-2)),
            high = poly(r, T(1.9875691500e-4), T(1.3981999507e-3)), square = r * r;
    return {power, madd(madd(madd(high, square, middle), square, low), square, r)};
}
/// Where eˣ is a normal number; of floats, 2ⁿ is one above them, too, so that x is at most 127.5 ln 2.
template <class T> inline constexpr T lowest_exponent = (std::numeric_limits<T>::min_exponent - 1) * std::numbers::ln2_v<T>;
inline constexpr float highest_exponent = 88.37626f;

}  // namespace detail

/// eˣ; of floats, x is clipped to −87.3..88.4.
template <class T> [[gnu::always_inline]] inline Packet<T> exp(Packet<T> x) {
    if constexpr (Packet<T>::has_powers) {
        const auto [power, p] = detail::exponential(clip(x, detail::lowest_exponent<T>, detail::highest_exponent));
        return madd(power, p, power);
    } else {
        return x.plain_exp();
    }
}
/// 1 / (1 + e⁻ˣ)
template <class T> Packet<T> sigmoid(Packet<T> x) {
    const auto one = Packet<T>::of(1);
    return one / (one + exp(Packet<T>::of(0) - x));
}
/// (e²ˣ − 1) / (e²ˣ + 1)
template <class T> Packet<T> tanh(Packet<T> x) {
    if constexpr (Packet<T>::has_powers) {
        const auto [power, p] = detail::exponential(clip(x + x, -20, 20));  // beyond, tanh rounds to ±1
        const auto m = madd(power, p, power - Packet<T>::of(1));            // e²ˣ − 1, precise where it is small
        return m / (m + Packet<T>::of(2));
    } else {
        return x.each([](T one) { return std::tanh(one); });
    }
}

}  // namespace bptt::kernels
