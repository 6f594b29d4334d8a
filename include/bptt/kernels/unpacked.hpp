#pragma once

#include <type_traits>

#include "bptt/core/types.hpp"

// Products that Eigen computes, since packing would cost more than the product: those with one column, and small ones. Eigen
// allocates nothing for them: it copies a vector only where the type leaves open whether its numbers lie side by side, and a
// lazyProduct() is computed number by number.

namespace bptt::kernels {

/// rows × columns numbers, `stride` from one column to the next.
template <class T> auto matrix(T* a, Index stride, Index rows, Index columns) {
    using M = std::conditional_t<std::is_const_v<T>, const Mat<std::remove_const_t<T>>, Mat<T>>;
    return Eigen::Map<M, 0, Eigen::OuterStride<>>(a, rows, columns, Eigen::OuterStride<>(stride));
}
/// n numbers side by side.
template <class T> auto column(T* x, Index n) {
    using V = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, 1>;
    return Eigen::Map<std::conditional_t<std::is_const_v<T>, const V, V>>(x, n);
}

/// y += A x with A rows × columns, as matrix() reads it.
template <class T> void add_product(const T* a, Index stride, Index rows, Index columns, const T* x, T* y) {
    column(y, rows).noalias() += matrix(a, stride, rows, columns) * column(x, columns);
}
/// y += Aᵀ x
template <class T> void add_transposed_product(const T* a, Index stride, Index rows, Index columns, const T* x, T* y) {
    column(y, columns).noalias() += matrix(a, stride, rows, columns).transpose() * column(x, rows);
}
/// A += x yᵀ
template <class T> void add_outer_product(const T* x, const T* y, T* a, Index stride, Index rows, Index columns) {
    for (Index k = 0; k < columns; ++k) column(a + k * stride, rows) += y[k] * column(x, rows);
}

}  // namespace bptt::kernels
