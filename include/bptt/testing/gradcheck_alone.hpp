#pragma once

#include <cmath>
#include <vector>

#include "bptt/cells/unroll.hpp"

namespace bptt::detail {

/// Throws unless each sequence ends in the same state alone as in the batch. x: features×(steps·batch), the columns of a step
/// side by side; start: the states to start from.
template <Layer L, StateOver<Mat> S>
void refuse_mixed(const L& layer, const Mat<double>& x, const S& start, Index batch, const std::vector<Index>& lengths) {
    const auto last = [&](const Mat<double>& input, const S& s0, Index sequences, const std::vector<Index>& of_each) {
        Tape<double> tape;
        const typename Tape<double>::Pause pause(tape);
        return values(final_state(unroll(layer, sequence(tape.constant(input), sequences, of_each), lift(tape, s0))));
    };
    const S all = last(x, start, batch, lengths);
    for (Index b = 0; b < batch; ++b) {
        const Index steps = lengths.empty() ? x.cols() / batch : lengths[static_cast<std::size_t>(b)];
        if (steps == 0) continue;
        Mat<double> own(x.rows(), steps);
        for (Index t = 0; t < steps; ++t) own.col(t) = x.col(t * batch + b);
        const S alone = last(own, columns(start, b, 1), 1, {});
        for_each_field(alone, all, [&](const Mat<double>& one, const Mat<double>& batched) {
            for (Index i = 0; i < one.rows(); ++i) {
                const double y = one(i, 0), beside = batched(i, b);
                throw_unless(!(std::abs(y - beside) > 1e-9 * (1 + std::abs(y))), "gradcheck: sequence ", b, " ends with ", y,
                             " alone, in a batch of ", batch, " with ", beside,
                             "; a step must not count on the number or order of its columns");
            }
        });
    }
}

}  // namespace bptt::detail
