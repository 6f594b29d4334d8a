#pragma once

#include <vector>

#include "bptt/io/tensor_reads.hpp"

namespace bptt {

/// A tensor of a file: its sizes, and its values with the last index running fastest.
template <class T> struct SavedTensor {
    std::vector<Index> shape;
    std::vector<T> values;

    /// A tensor of one dimension is a column, one of none is 1×1. Throws where there are more than two.
    Mat<T> matrix() const {
        throw_unless(shape.size() <= 2, "SavedTensor::matrix: the tensor has ", shape.size(), " dimensions");
        const Index rows = shape.empty() ? 1 : shape[0], cols = shape.size() < 2 ? 1 : shape[1];
        throw_unless(rows * cols == std::ssize(values), "SavedTensor::matrix: shape is ", rows, "x", cols, ", values has ",
                     values.size(), " numbers");
        return Eigen::Map<const detail::RowMajor<T>>(values.data(), rows, cols);
    }
};

}  // namespace bptt
