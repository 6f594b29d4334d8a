#pragma once

#include <cmath>

#include "bptt/autograd/record.hpp"

namespace bptt {

namespace detail {
template <class T> void check_epsilon(const char* what, double epsilon) {
    throw_unless(static_cast<T>(epsilon) > 0 && std::isfinite(epsilon), what, ": epsilon is ", epsilon,
                 ", not finite and positive");
}
}  // namespace detail

/// Each column with mean 0 and, but for ε, variance 1 (Ba et al. 2016):
/// y = r (x − μ),  r = 1 / √(σ² + ε)      dx += r (dy − mean(dy) − y mean(dy ⊙ y))
template <class T> Var<T> layer_norm(Var<T> x, double epsilon = 1e-5) {
    throw_unless(x.rows() > 0, "layer_norm: x is ", shape(x), ", its columns are empty");
    detail::check_epsilon<T>("layer_norm", epsilon);
    const auto n = static_cast<T>(x.rows());
    T* const r = x.tape().template buffer<T>(x.cols());
    const auto forward = [=](auto y) {
        for (Index k = 0; k < x.cols(); ++k) {
            y.col(k) = x.array().col(k) - x.array().col(k).mean();
            r[k] = 1 / std::sqrt(y.col(k).squaredNorm() / n + static_cast<T>(epsilon));
            y.col(k) *= r[k];
        }
    };
    return record({x}, x.rows(), x.cols(), forward, [=](Var<T> y) {
        x.accumulate_into([=](auto dx) {
            for (Index k = 0; k < y.cols(); ++k) {
                const auto dy = y.grad().col(k), yk = y.value().col(k);
                dx.col(k).array() += r[k] * (dy.array() - dy.mean() - yk.array() * (dy.dot(yk) / n));
            }
        });
    });
}

}  // namespace bptt
