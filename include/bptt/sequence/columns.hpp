#pragma once

#include <cstddef>
#include <span>

#include "bptt/autograd/record.hpp"

namespace bptt::detail {

/// Room for n indices until the tape's clear(), uninitialised.
template <class T> std::span<Index> index_buffer(Tape<T>& tape, Index n) {
    return {tape.template buffer<Index>(n), static_cast<std::size_t>(n)};
}

/// y_k = x_j with j = from[k]; where j < 0, column −1 − j of `other`, or zeros without one.      dx_j += dy_k
/// `from` lives until clear() of the tape.
template <class T> Var<T> take_columns(Var<T> x, std::span<const Index> from, Var<T> other = {}) {
    const auto each = [from](auto f) {
        for (Index k = 0; const Index j : from) f(k++, j);
    };
    const auto forward = [=](auto y) {
        const auto here = x.value();
        each([&](Index k, Index j) {
            if (j >= 0)
                y.col(k) = here.col(j);
            else if (other.empty())
                y.col(k).setZero();
            else
                y.col(k) = other.value().col(-1 - j);
        });
    };
    const auto pullback = [=](Var<T> y) {
        const auto dy = y.grad();
        x.accumulate_into([&](auto dx) {
            each([&](Index k, Index j) {
                if (j >= 0) dx.col(j) += dy.col(k);
            });
        });
        if (other.empty()) return;
        other.accumulate_into([&](auto dx) {
            each([&](Index k, Index j) {
                if (j < 0) dx.col(-1 - j) += dy.col(k);
            });
        });
    };
    const Var<T> parents[] = {x, other};
    const auto used = std::span<const Var<T>>(parents, other.empty() ? 1 : 2);
    return record(used, x.rows(), static_cast<Index>(from.size()), forward, pullback);
}

}  // namespace bptt::detail
