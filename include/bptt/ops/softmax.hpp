#pragma once

#include <cmath>

#include "bptt/autograd/tape.hpp"

namespace bptt {

namespace detail {

/// ln Σ exp(x) over one column, finite wherever x is.
template <class Column> auto log_sum_exp(const Column& x) {
    const auto top = x.template maxCoeff<Eigen::PropagateNaN>();
    return std::isfinite(top) ? top + std::log((x.array() - top).exp().sum()) : top;
}
template <class T> void check_classes(const char* op, Var<T> x) {
    throw_unless(x.rows() > 0, op, ": x is ", shape(x), ", its columns are empty");
}

}  // namespace detail

/// y = exp(x) / Σ exp(x) in each column      dx += y ⊙ (dy − 1 Σ(y ⊙ dy))
template <class T> Var<T> softmax(Var<T> x) {
    detail::check_classes("softmax", x);
    const auto forward = [x](auto y) {
        for (Index k = 0; k < x.cols(); ++k) {
            const auto in = x.value().col(k).array();
            y.col(k) = (in - in.template maxCoeff<Eigen::PropagateNaN>()).exp();
            y.col(k) /= y.col(k).sum();
        }
    };
    return record({x}, x.rows(), x.cols(), forward, [x](Var<T> y) {
        x.accumulate_into([y](auto dx) {
            for (Index k = 0; k < y.cols(); ++k)
                dx.col(k).array() += y.array().col(k) * (y.grad().col(k).array() - y.grad().col(k).dot(y.value().col(k)));
        });
    });
}

/// y = x − ln Σ exp(x) in each column      dx += dy − exp(y) ⊙ 1 Σ dy
template <class T> Var<T> log_softmax(Var<T> x) {
    detail::check_classes("log_softmax", x);
    const auto forward = [x](auto y) {
        for (Index k = 0; k < x.cols(); ++k) y.col(k) = x.array().col(k) - detail::log_sum_exp(x.value().col(k));
    };
    return record({x}, x.rows(), x.cols(), forward, [x](Var<T> y) {
        x.accumulate_into([y](auto dx) {
            for (Index k = 0; k < y.cols(); ++k)
                dx.col(k).array() += y.grad().col(k).array() - y.array().col(k).exp() * y.grad().col(k).sum();
        });
    });
}

/// y = ln Σ exp(x) of each column, 1×cols      dx += exp(x − 1 y) ⊙ 1 dy
template <class T> Var<T> logsumexp(Var<T> x) {
    detail::check_classes("logsumexp", x);
    const auto forward = [x](auto y) {
        for (Index k = 0; k < x.cols(); ++k) y(0, k) = detail::log_sum_exp(x.value().col(k));
    };
    return record({x}, 1, x.cols(), forward, [x](Var<T> y) {
        x.accumulate_into([x, y](auto dx) {
            for (Index k = 0; k < x.cols(); ++k)
                dx.col(k).array() += (x.array().col(k) - y.value()(0, k)).exp() * y.grad()(0, k);
        });
    });
}

}  // namespace bptt
