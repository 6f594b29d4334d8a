#pragma once

#include "bptt/autograd/tape.hpp"

namespace bptt {

/// y = a b      da += dy bᵀ,  db += aᵀ dy
template <class T> Var<T> operator*(Var<T> a, Var<T> b) {
    throw_unless(a.cols() == b.rows(), "a * b: a is ", shape(a), ", b is ", shape(b), "; a.cols() must equal b.rows()");
    detail::check_same_tape("a * b", a, b);
    return record({a, b}, a.value() * b.value(), [a, b](Var<T> y) {
        a.accumulate(y.grad() * b.value().transpose());
        b.accumulate(a.value().transpose() * y.grad());
    });
}

/// y = A b with rows [first, first + count) of a as A, which are not copied      dA += dy bᵀ,  db += Aᵀ dy
template <class T> Var<T> multiply_rows(Var<T> a, Index first, Index count, Var<T> b) {
    throw_unless(first >= 0 && count >= 0 && count <= a.rows() - first && a.cols() == b.rows(), "multiply_rows: ", count,
                 " rows from ", first, " on, a is ", shape(a), ", b is ", shape(b));
    detail::check_same_tape("multiply_rows", a, b);
    return record({a, b}, a.value().middleRows(first, count) * b.value(), [=](Var<T> y) {
        a.accumulate_into([&](auto da) { da.middleRows(first, count).noalias() += y.grad() * b.value().transpose(); });
        b.accumulate(a.value().middleRows(first, count).transpose() * y.grad());
    });
}

}  // namespace bptt
