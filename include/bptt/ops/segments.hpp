#pragma once

#include <span>

#include "bptt/autograd/record.hpp"
#include "bptt/kernels/softmax.hpp"
#include "bptt/kernels/unpacked.hpp"

namespace bptt {

/// Neighbouring columns that belong together: segment j ends before column ends[j], and begins where the one before it ends.
/// `ends` lives until the tape's clear().
struct Segments {
    std::span<const Index> ends;

    Index count() const { return static_cast<Index>(ends.size()); }
    Index columns() const { return ends.empty() ? 0 : ends.back(); }
    /// The first n segments.
    Segments first(Index n) const {
        throw_unless(n >= 0 && n <= count(), "Segments::first: n is ", n, ", outside 0..", count());
        return {ends.first(static_cast<std::size_t>(n))};
    }
    /// Calls f(j, first column, number of columns) for each segment. Throws where one ends before it begins.
    template <class F> void for_each(F f) const {
        for (Index j = 0, begin = 0; const Index end : ends) {
            throw_unless(begin <= end, "Segments: segment ", j, " begins at column ", begin, " and ends before ", end);
            f(j++, begin, end - begin);
            begin = end;
        }
    }
};

/// y_k = x_k + c_j for each column k of segment j      dx += dy,  dc_j += Σ dy_k
template <class T> Var<T> add_to_segments(Var<T> x, Var<T> c, Segments s) {
    throw_unless(x.rows() == c.rows() && x.cols() == s.columns() && c.cols() == s.count(), "add_to_segments: x is ", shape(x),
                 ", c is ", shape(c), ", there are ", s.count(), " segments of ", s.columns(), " columns");
    detail::check_same_tape("add_to_segments", x, c);
    const auto forward = [=](auto y) {
        s.for_each(
            [&](Index j, Index k, Index n) { y.middleCols(k, n) = x.value().middleCols(k, n).colwise() + c.value().col(j); });
    };
    return record({x, c}, x.rows(), x.cols(), forward, [=](Var<T> y) {
        x.accumulate(y.grad());
        c.accumulate_into([=](auto dc) {
            s.for_each([&](Index j, Index k, Index n) { dc.col(j) += y.grad().middleCols(k, n).rowwise().sum(); });
        });
    });
}

/// The softmax of each segment of a row x, as a column: rows×segments with zeros below; rows >= the longest segment.
/// y_j = exp(x_j) / Σ exp(x_j)      dx_j += y_j ⊙ (dy_j − 1 Σ(y_j ⊙ dy_j))
template <class T> Var<T> segment_softmax(Var<T> x, Segments s, Index rows) {
    throw_unless(x.rows() == 1 && x.cols() == s.columns() && rows >= 0, "segment_softmax: x is ", shape(x), ", there are ",
                 s.count(), " segments of ", s.columns(), " columns, ", rows, " rows");
    s.for_each([&](Index j, Index, Index n) {
        throw_unless(n <= rows, "segment_softmax: segment ", j, " has ", n, " columns, there are ", rows, " rows");
    });
    const auto forward = [=](auto y) {
        y.setZero();
        s.for_each([&](Index j, Index k, Index n) {
            if (n > 0) kernels::softmax(x.value().data() + k, n, T(1), y.col(j).data());
        });
    };
    return record({x}, rows, s.count(), forward, [=](Var<T> y) {
        x.accumulate_into([=](auto dx) {
            s.for_each([&](Index j, Index k, Index n) {
                kernels::add_softmax_pullback(y.value().col(j).data(), y.grad().col(j).data(), n, dx.data() + k);
            });
        });
    });
}

/// The weighted sum of the columns of each segment, with weights w_j as of segment_softmax(): x.rows() × segments.
/// y_j = X_j w_j      dX_j += dy_j w_jᵀ,  dw_j += X_jᵀ dy_j
template <class T> Var<T> segment_sum(Var<T> x, Var<T> w, Segments s) {
    throw_unless(x.cols() == s.columns() && w.cols() == s.count(), "segment_sum: x is ", shape(x), ", w is ", shape(w),
                 ", there are ", s.count(), " segments of ", s.columns(), " columns");
    detail::check_same_tape("segment_sum", x, w);
    s.for_each([&](Index j, Index, Index n) {
        throw_unless(n <= w.rows(), "segment_sum: segment ", j, " has ", n, " columns, w is ", shape(w));
    });
    const auto forward = [=](auto y) {
        y.setZero();
        s.for_each([&](Index j, Index k, Index n) {
            kernels::add_product(x.value().data() + k * x.rows(), x.rows(), x.rows(), n, w.value().col(j).data(),
                                 y.col(j).data());
        });
    };
    return record({x, w}, x.rows(), s.count(), forward, [=](Var<T> y) {
        x.accumulate_into([=](auto dx) {
            s.for_each([&](Index j, Index k, Index n) {
                kernels::add_outer_product(y.grad().col(j).data(), w.value().col(j).data(), dx.data() + k * x.rows(), x.rows(),
                                           x.rows(), n);
            });
        });
        w.accumulate_into([=](auto dw) {
            s.for_each([&](Index j, Index k, Index n) {
                kernels::add_transposed_product(x.value().data() + k * x.rows(), x.rows(), x.rows(), n, y.grad().col(j).data(),
                                                dw.col(j).data());
            });
        });
    });
}

}  // namespace bptt
