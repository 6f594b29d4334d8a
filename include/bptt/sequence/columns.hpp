#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "bptt/autograd/record.hpp"
#include "bptt/core/compiled.hpp"

namespace bptt::detail {

/// Room for n indices until the tape's clear(), uninitialised.
template <class T> std::span<Index> index_buffer(Tape<T>& tape, Index n) {
    return {tape.template buffer<Index>(n), static_cast<std::size_t>(n)};
}

/// y_k = x_j with j = from[k]; where j < 0, column −1 − j of `other`, or zeros without one.      dx_j += dy_k
/// `from` lives until clear() of the tape.
template <class T> Var<T> take_columns(Var<T> x, std::span<const Index> from, Var<T> other = {}) {
    const Index rows = x.rows();
    const auto forward = [=](auto y) {
        const T* const here = x.value().data();
        const T* const there = other.empty() ? nullptr : other.value().data();
        T* to = y.data();
        for (const Index j : from) {
            if (j < 0 && !there)
                std::fill_n(to, rows, T(0));
            else
                std::copy_n(j >= 0 ? here + j * rows : there + (-1 - j) * rows, rows, to);
            to += rows;
        }
    };
    const auto pullback = [=](Var<T> y) {
        T *const dx = gradient_data(x), *const d_other = gradient_data(other);
        const T* dy = y.grad().data();
        for (const Index j : from) {
            if (j >= 0 && dx) kernels::add_scaled(1, dy, rows, dx + j * rows);
            if (j < 0 && d_other) kernels::add_scaled(1, dy, rows, d_other + (-1 - j) * rows);
            dy += rows;
        }
    };
    const Var<T> parents[] = {x, other};
    const auto used = std::span<const Var<T>>(parents, other.empty() ? 1 : 2);
    return record(used, rows, static_cast<Index>(from.size()), forward, pullback);
}
#ifdef BPTT_INSTANCE
BPTT_INSTANCE Var<float> take_columns(Var<float>, std::span<const Index>, Var<float>);
BPTT_INSTANCE Var<double> take_columns(Var<double>, std::span<const Index>, Var<double>);
#endif

}  // namespace bptt::detail
