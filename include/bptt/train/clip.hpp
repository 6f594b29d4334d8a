#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <string_view>

#include "bptt/autograd/param.hpp"

namespace bptt {

namespace detail {
/// √Σ (scale g)², in double: several partial sums, since each addition to a single one would wait for the one before.
template <class T> double scaled_norm(const Mat<T>& g, double scale) {
    const auto square = [&](Index k) {
        const double x = static_cast<double>(g.data()[k]) * scale;
        return x * x;
    };
    constexpr std::size_t lanes = 32;
    std::array<double, lanes> sums{};
    Index k = 0;
    for (; k + std::ssize(sums) <= g.size(); k += std::ssize(sums))
        for (std::size_t i = 0; i < lanes; ++i) sums[i] += square(k + static_cast<Index>(i));
    for (; k < g.size(); ++k) sums[0] += square(k);
    return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}
/// √Σ g²
template <class T> double norm(const Mat<T>& g) {
    const double norm = scaled_norm(g, 1);
    if (std::isnan(norm) || (norm >= 1e-150 && std::isfinite(norm))) return norm;
    double largest = 0;
    for (Index k = 0; k < g.size(); ++k) largest = (std::max)(largest, std::abs(static_cast<double>(g.data()[k])));
    if (largest == 0 || std::isinf(largest)) return largest;
    const double scale = std::ldexp(1, (std::min)(1023, -std::ilogb(largest)));  // the squares leave the range of double
    return scaled_norm(g, scale) / scale;
}
}  // namespace detail

/// Scales all gradients by min(1, max_norm / (norm + 1e-6)), PyTorch's formula; norm, over all of them, is returned.
/// Throws, and changes nothing, where a gradient is not finite.
template <HasParams M> double clip_grad_norm(const M& model, double max_norm) {
    throw_unless(max_norm >= 0, "clip_grad_norm: max_norm is ", max_norm, ", not 0 or more");
    double norm = 0;
    for_each_distinct_param(model, [&](std::string_view name, const auto& p) {
        const double n = detail::norm(p.grad);
        throw_unless(std::isfinite(n), "clip_grad_norm: the gradient of ", name, " is not finite");
        norm = std::hypot(norm, n);
        throw_unless(std::isfinite(norm), "clip_grad_norm: the norm of all gradients up to ", name, " overflows");
    });
    const double scale = max_norm / (norm + 1e-6);
    if (scale < 1) {
        for_each_distinct_param(model, [&](std::string_view, const auto& p) {
            using T = typename std::remove_cvref_t<decltype(p.grad)>::Scalar;
            p.grad *= static_cast<T>(scale);
        });
    }
    return norm;
}

/// Limits every element of every gradient to −limit..limit. Throws, and changes nothing, where one is NaN.
template <HasParams M> void clip_grad_value(const M& model, double limit) {
    throw_unless(limit >= 0, "clip_grad_value: limit is ", limit, ", not 0 or more");
    for_each_param(model, [](std::string_view name, const auto& p) {
        throw_unless(!p.grad.hasNaN(), "clip_grad_value: the gradient of ", name, " has a NaN");
    });
    for_each_param(model, [&](std::string_view, const auto& p) {
        using T = typename std::remove_cvref_t<decltype(p.grad)>::Scalar;
        p.grad = p.grad.cwiseMax(static_cast<T>(-limit)).cwiseMin(static_cast<T>(limit));
    });
}

}  // namespace bptt
