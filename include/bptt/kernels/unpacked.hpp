#pragma once

#include <type_traits>

#include "bptt/kernels/gates.hpp"

// Products with a vector, whose matrix is read as it stands, as packing would cost more; and small ones of gradients. few.hpp
// has those with a few columns. A: rows × columns, `stride` numbers from one column to the next; x, y: vectors, side by side.

namespace bptt::kernels {

/// y += A x. Several columns at a time, so that memory is read in its order and y is loaded seldom.
template <class T> void add_product(const T* a, Index stride, Index rows, Index columns, const T* x, T* y) {
    using P = Packet<T>;
    const auto add_columns = [&](auto wide, Index k) {  // k..k + wide − 1
        P factors[wide];
        for (int c = 0; c < wide; ++c) factors[c] = P::of(x[k + c]);
        each_packet<T>(rows, [&](Index i, auto lanes) {
            P sum = lanes.load(y + i);
            for (int c = 0; c < wide; ++c) sum = madd(lanes.load(a + (k + c) * stride + i), factors[c], sum);
            lanes.store(y + i, sum);
        });
    };
    Index k = 0;
    for (; k + 8 <= columns; k += 8) add_columns(std::integral_constant<int, 8>(), k);
    for (; k < columns; ++k) add_columns(std::integral_constant<int, 1>(), k);
}

/// y += Aᵀ x
template <class T> void add_transposed_product(const T* a, Index stride, Index rows, Index columns, const T* x, T* y) {
    using P = Packet<T>;
    const auto add_dot_products = [&](auto wide, Index k) {  // of columns k..k + wide − 1 with x
        P sums[wide];
        for (P& sum : sums) sum = P::of(0);
        each_packet<T>(rows, [&](Index i, auto lanes) {
            const P xi = lanes.load(x + i);
            for (int c = 0; c < wide; ++c) sums[c] = madd(lanes.load(a + (k + c) * stride + i), xi, sums[c]);
        });
        for (int c = 0; c < wide; ++c) y[k + c] += sum(sums[c]);
    };
    Index k = 0;
    for (; k + 4 <= columns; k += 4) add_dot_products(std::integral_constant<int, 4>(), k);
    for (; k < columns; ++k) add_dot_products(std::integral_constant<int, 1>(), k);
}

/// y += s x, of n numbers
template <class T> void add_scaled(std::type_identity_t<T> s, const T* x, Index n, T* y) {
    each_packet<T>(n, [&, factor = Packet<T>::of(s)](Index i, auto lanes) {
        lanes.store(y + i, madd(factor, lanes.load(x + i), lanes.load(y + i)));
    });
}

/// A += x yᵀ
template <class T> void add_outer_product(const T* x, const T* y, T* a, Index stride, Index rows, Index columns) {
    for (Index k = 0; k < columns; ++k) add_scaled(y[k], x, rows, a + k * stride);
}

}  // namespace bptt::kernels
