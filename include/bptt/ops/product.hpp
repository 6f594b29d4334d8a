#pragma once

#include "bptt/ops/affine.hpp"

namespace bptt {

/// y = a b      da += dy bᵀ,  db += aᵀ dy
template <class T> Var<T> operator*(Var<T> a, Var<T> b) {
    throw_unless(a.cols() == b.rows(), "a * b: a is ", shape(a), ", b is ", shape(b), "; a.cols() must equal b.rows()");
    detail::check_same_tape("a * b", a, b);
    return detail::product(a, 0, a.rows(), b);
}

/// y = A b with rows [first, first + count) of a as A, which are not copied      dA += dy bᵀ,  db += Aᵀ dy
template <class T> Var<T> multiply_rows(Var<T> a, Index first, Index count, Var<T> b) {
    throw_unless(first >= 0 && count >= 0 && count <= a.rows() - first && a.cols() == b.rows(), "multiply_rows: ", count,
                 " rows from ", first, " on, a is ", shape(a), ", b is ", shape(b));
    detail::check_same_tape("multiply_rows", a, b);
    return detail::product(a, first, count, b);
}

}  // namespace bptt
