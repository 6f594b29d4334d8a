#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

/// targets: the first features, so many, are foreseen. horizon: for how many steps at once. season: what is foreseen is how a
/// value will differ from the last known one that stands a whole number of seasons before; 1: from the last.
struct ForecasterOptions {
    Index targets = 1, horizon = 1, season = 1;
};

/// Foresees a series of numbers from a window of it. Its layer reads by how much each column of the window differs from the
/// last one, so that it does the same at any level.
template <Layer L> struct Forecaster {
    static_assert(!sees_ahead<L>, "a forecast is made of the last state, which has read the whole window: no Bidirectional");
    using Scalar = typename L::Scalar;
    using T = Scalar;

    L layer;
    Linear<T> head;
    ForecasterOptions options;

    /// The layer's inputs are the features: Forecaster<Lstm<float>> model({3, 64, rng}, rng, {.targets = 2, .horizon = 24}).
    Forecaster(L between, Rng& rng, ForecasterOptions how)
        : layer(std::move(between)), head(outputs(layer, how), how.targets * how.horizon, rng), options(how) {}
    BPTT_PARAMS(layer, head)

    /// The targets after 1, 2, … horizon steps, one under the other: (targets·horizon)×batch. windows: features×columns, all of
    /// one length, a season or more.
    Var<T> operator()(const Sequence<T>& windows) const& {
        const auto [targets, horizon, season] = options;
        const Index steps = windows.steps();
        const Layout& l = layout_of(windows);
        throw_unless(l.columns() == steps * l.batch, "Forecaster: the windows are ", l, ", not all of one length");
        throw_unless(steps >= season, "Forecaster: the windows have ", steps, " steps, a season has ", season);
        const std::vector<Var<T>> last(static_cast<std::size_t>(steps), windows[steps - 1]);
        const auto y = unroll(layer, windows.with(windows.all - concat_cols(std::span<const Var<T>>(last))));
        std::vector<Var<T>> known;
        for (Index k = 0; k < horizon; ++k) known.push_back(rows(windows[steps - season + k % season], 0, targets));
        return concat_rows(std::span<const Var<T>>(known)) + head(final_state(y.h));
    }
    Var<T> operator()(const Sequence<T>& windows) const&& = delete;

    /// The targets after 1, 2, … `count` steps, one under the other: (targets·count)×batch. windows: features×(steps·batch),
    /// the columns of a step side by side. What goes beyond the horizon is foreseen from what is foreseen, so that then all
    /// features must be targets. Throws where a value is not finite: all that is foreseen would be NaN.
    Mat<T> forecast(Mat<T> windows, Index batch, Index count) const {
        const auto [targets, horizon, season] = options;
        const Index inputs = detail::inputs_of(layer);
        throw_unless(count > 0 && batch > 0, "Forecaster: count is ", count, ", batch is ", batch, "; both must be positive");
        throw_unless(windows.rows() == inputs && windows.cols() % batch == 0, "Forecaster: windows is ", shape(windows),
                     ", the layer has ", inputs, " inputs, batch is ", batch);
        detail::check_finite(windows, "Forecaster: windows: ");
        throw_unless(count <= horizon || targets == inputs, "Forecaster: count is ", count, ", the horizon ", horizon,
                     "; to go beyond it, all ", inputs, " features must be targets, not ", targets);
        Mat<T> all(targets * count, batch);
        Tape<T> tape;
        const typename Tape<T>::Pause pause(tape);
        for (Index done = 0; done < count; done += horizon) {
            tape.clear();
            const Mat<T> next = (*this)(sequence(tape.constant(windows), batch)).value();
            const Index n = (std::min)(horizon, count - done);
            all.middleRows(targets * done, targets * n) = next.topRows(targets * n);
            for (Index k = 0; k < n && done + n < count; ++k) {
                const Index kept = windows.cols() - batch;
                windows.leftCols(kept) = windows.rightCols(kept).eval();
                windows.rightCols(batch) = next.middleRows(targets * k, targets);
            }
        }
        return all;
    }

private:
    static Index outputs(const L& layer, const ForecasterOptions& o) {
        const Index inputs = detail::inputs_of(layer);
        throw_unless(o.targets > 0 && o.targets <= inputs, "Forecaster: targets is ", o.targets, ", outside 1..", inputs,
                     ", the layer's inputs");
        throw_unless(o.horizon > 0 && o.season > 0, "Forecaster: horizon is ", o.horizon, ", season is ", o.season,
                     "; both must be positive");
        return detail::outputs_of(layer);
    }
};

}  // namespace bptt
