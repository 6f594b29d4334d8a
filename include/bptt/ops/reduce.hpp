#pragma once

#include "bptt/ops/arithmetic.hpp"

namespace bptt {

/// y = Σ x, 1×1      dx += dy
template <class T> Var<T> sum(Var<T> x) {
    return record(
        {x}, 1, 1, [x](auto y) { y(0, 0) = x.value().sum(); },
        [x](Var<T> y) { x.accumulate(Mat<T>::Constant(x.rows(), x.cols(), y.grad()(0, 0))); });
}

/// y = Σ x / n, 1×1      dx += dy / n
template <class T> Var<T> mean(Var<T> x) {
    throw_unless(x.size() > 0, "mean: x is ", shape(x), ", it has no elements");
    return record(
        {x}, 1, 1, [x](auto y) { y(0, 0) = x.value().mean(); },
        [x](Var<T> y) { x.accumulate(Mat<T>::Constant(x.rows(), x.cols(), y.grad()(0, 0) / static_cast<T>(x.size()))); });
}

/// y = x 1, the sum of each row, rows×1      dx += dy 1ᵀ
template <class T> Var<T> rowwise_sum(Var<T> x) {
    return record({x}, x.value().rowwise().sum(),
                  [x](Var<T> y) { x.accumulate(y.grad().col(0).rowwise().replicate(x.cols())); });
}

/// y = 1ᵀ x, the sum of each column, 1×cols      dx += 1 dy
template <class T> Var<T> colwise_sum(Var<T> x) {
    return record({x}, x.value().colwise().sum(),
                  [x](Var<T> y) { x.accumulate(y.grad().row(0).colwise().replicate(x.rows())); });
}

/// y = x 1 / cols, the mean of each row, rows×1      dx += dy 1ᵀ / cols
template <class T> Var<T> rowwise_mean(Var<T> x) {
    throw_unless(x.cols() > 0, "rowwise_mean: x is ", shape(x), ", its rows are empty");
    return rowwise_sum(x) / static_cast<T>(x.cols());
}

/// y = 1ᵀ x / rows, the mean of each column, 1×cols      dx += 1 dy / rows
template <class T> Var<T> colwise_mean(Var<T> x) {
    throw_unless(x.rows() > 0, "colwise_mean: x is ", shape(x), ", its columns are empty");
    return colwise_sum(x) / static_cast<T>(x.rows());
}

/// The largest element, 1×1; NaN if there is one.      dx += dy at that element
template <class T> Var<T>(max)(Var<T> x) {
    throw_unless(x.size() > 0, "max: x is ", shape(x), ", it has no elements");
    Index row = 0, col = 0;
    const T top = x.value().template maxCoeff<Eigen::PropagateNaN>(&row, &col);
    return record(
        {x}, 1, 1, [top](auto y) { y(0, 0) = top; },
        [x, row, col](Var<T> y) { x.accumulate_into([&](auto dx) { dx(row, col) += y.grad()(0, 0); }); });
}

}  // namespace bptt
