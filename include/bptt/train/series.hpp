#pragma once

#include <cstddef>
#include <span>

#include "bptt/core/check.hpp"
#include "bptt/core/types.hpp"

namespace bptt {

/// The windows of a series, features × steps, that end before each of these columns: features×(steps·windows), those of a step
/// side by side, as sequence() and Forecaster::forecast() take them. Throws where a window begins before the series.
template <class T> Mat<T> windows_before(const Mat<T>& series, Index steps, std::span<const Index> ends) {
    throw_unless(steps > 0, "windows_before: steps is ", steps, ", not positive");
    const Index batch = std::ssize(ends);
    Mat<T> windows(series.rows(), steps * batch);
    for (Index b = 0; b < batch; ++b) {
        const Index end = ends[static_cast<std::size_t>(b)];
        throw_unless(end >= steps && end <= series.cols(), "windows_before: end ", b, " is ", end, ", outside ", steps, "..",
                     series.cols(), ", the steps of a window and of the series");
        for (Index t = 0; t < steps; ++t) windows.col(t * batch + b) = series.col(end - steps + t);
    }
    return windows;
}

/// What comes from each of these columns on, of the first `targets` features and for `horizon` steps, one step under the other:
/// (targets·horizon)×ends, as a Forecaster foresees it. Throws where it goes beyond the series.
template <class T> Mat<T> values_after(const Mat<T>& series, Index targets, Index horizon, std::span<const Index> ends) {
    throw_unless(targets > 0 && targets <= series.rows(), "values_after: targets is ", targets, ", outside 1..", series.rows(),
                 ", the features of the series");
    throw_unless(horizon > 0, "values_after: horizon is ", horizon, ", not positive");
    Mat<T> values(targets * horizon, std::ssize(ends));
    for (Index b = 0; b < values.cols(); ++b) {
        const Index end = ends[static_cast<std::size_t>(b)];
        throw_unless(end >= 0 && end <= series.cols() - horizon, "values_after: end ", b, " is ", end, ", outside 0..",
                     series.cols() - horizon, ", as the series has ", series.cols(), " steps and the horizon ", horizon);
        values.col(b) = series.block(0, end, targets, horizon).reshaped();
    }
    return values;
}

}  // namespace bptt
