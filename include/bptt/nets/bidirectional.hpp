#pragma once

#include <array>
#include <optional>
#include <type_traits>
#include <utility>

#include "bptt/cells/unroll.hpp"

namespace bptt {

/// Two layers over the same sequence, one from each sequence's first step to its last, one from its last to its first
/// (Schuster and Paliwal 1997). Each has its own parameters; the outputs are concatenated, `forward` on top.
template <Layer L> struct Bidirectional {
    using Scalar = typename L::Scalar;
    template <class V> struct State {
        StateOf<L, V> forward, backward;
        static constexpr std::array names = {"forward", "backward"};
    };

    L forward, backward;

    /// `units` of each direction: together they give twice as many outputs.
    Bidirectional(Index inputs, Index units, Rng& rng) : forward(inputs, units, rng), backward(inputs, units, rng) {}
    /// Takes two layers that have been made already.
    Bidirectional(L ahead, L back) : forward(std::move(ahead)), backward(std::move(back)) {
        if constexpr (HasInputs<L>)
            throw_unless(forward.inputs() == backward.inputs(), "Bidirectional: forward reads ", forward.inputs(),
                         " features, backward ", backward.inputs());
    }
    BPTT_PARAMS(forward, backward)
    Index inputs() const requires HasInputs<L> { return forward.inputs(); }
    Index outputs() const { return detail::outputs_of(forward) + detail::outputs_of(backward); }

    State<Mat<Scalar>> zero_state(Index batch) const {
        return {bptt::zero_state(forward, batch), bptt::zero_state(backward, batch)};
    }
};

template <class L> inline constexpr bool sees_ahead<Bidirectional<L>> = true;

/// The result of unroll(): the concatenated h, and each direction's own trajectory. h has no final state of its own, since the
/// directions end at different steps: final_state(y) has both.
template <class L> struct BidirectionalTrajectory {
    Sequence<typename L::Scalar> h;
    TrajectoryOf<L> forward, backward;
};

/// Both layers over xs, `backward` from each sequence's last step to its first.
template <Layer L, class T = typename L::Scalar>
BidirectionalTrajectory<L> unroll(const Bidirectional<L>& both, const Sequence<std::type_identity_t<T>>& xs,
                                  const StateOf<Bidirectional<L>, Var<T>>& s0, std::optional<Training> training) {
    const detail::UndoDraws undo(training);
    const auto ahead = unroll(both.forward, xs, s0.forward, training);
    const auto back = unroll(both.backward, reversed(xs), s0.backward, training);
    check_same_layout("Bidirectional: h of forward and backward", layout_of(ahead.h), layout_of(back.h));
    return {xs.with(concat_rows({ahead.h.all, back.h.all})), ahead, back};
}

/// The state of each direction after k steps of its own run.
template <class L> auto state_at(const BidirectionalTrajectory<L>& y, Index k) {
    return StateOf<Bidirectional<L>, Var<typename L::Scalar>>{state_at(y.forward, k), state_at(y.backward, k)};
}
/// The states after each sequence's last step (forward) and after its first (backward).
template <class L> auto final_state(const BidirectionalTrajectory<L>& y) { return state_at(y, y.h.steps()); }

}  // namespace bptt
