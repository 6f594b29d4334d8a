#pragma once

#include "bptt/autograd/record.hpp"
#include "bptt/kernels/softmax.hpp"

namespace bptt {

namespace detail {

template <class T> void check_classes(const char* op, Var<T> x) {
    throw_unless(x.rows() > 0, op, ": x is ", shape(x), ", its columns are empty");
}

}  // namespace detail

/// y = exp(x) / Σ exp(x) in each column      dx += y ⊙ (dy − 1 Σ(y ⊙ dy))
template <class T> Var<T> softmax(Var<T> x) {
    detail::check_classes("softmax", x);
    const auto forward = [x](auto y) {
        for (Index k = 0; k < x.cols(); ++k) kernels::softmax(x.value().col(k).data(), x.rows(), T(1), y.col(k).data());
    };
    return record({x}, x.rows(), x.cols(), forward, [x](Var<T> y) {
        x.accumulate_into([y](auto dx) {
            for (Index k = 0; k < y.cols(); ++k)
                kernels::add_softmax_pullback(y.value().col(k).data(), y.grad().col(k).data(), y.rows(), dx.col(k).data());
        });
    });
}

/// y = x − ln Σ exp(x) in each column      dx += dy − exp(y) ⊙ 1 Σ dy
template <class T> Var<T> log_softmax(Var<T> x) {
    detail::check_classes("log_softmax", x);
    const auto forward = [x](auto y) {
        for (Index k = 0; k < x.cols(); ++k)
            y.col(k) = x.array().col(k) - kernels::log_sum_exp(x.value().col(k).data(), x.rows());
    };
    return record({x}, x.rows(), x.cols(), forward, [x](Var<T> y) {
        x.accumulate(y.grad());
        x.accumulate_into([y](auto dx) {
            for (Index k = 0; k < y.cols(); ++k)
                kernels::add_exponentials(y.value().col(k).data(), y.rows(), T(0), -y.grad().col(k).sum(), dx.col(k).data());
        });
    });
}

/// y = ln Σ exp(x) of each column, 1×cols      dx += exp(x − 1 y) ⊙ 1 dy
template <class T> Var<T> logsumexp(Var<T> x) {
    detail::check_classes("logsumexp", x);
    const auto forward = [x](auto y) {
        for (Index k = 0; k < x.cols(); ++k) y(0, k) = kernels::log_sum_exp(x.value().col(k).data(), x.rows());
    };
    return record({x}, 1, x.cols(), forward, [x](Var<T> y) {
        x.accumulate_into([x, y](auto dx) {
            for (Index k = 0; k < x.cols(); ++k)
                kernels::add_exponentials(x.value().col(k).data(), x.rows(), y.value()(0, k), y.grad()(0, k), dx.col(k).data());
        });
    });
}

}  // namespace bptt
