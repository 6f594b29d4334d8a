#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/ops/dropout.hpp"

namespace bptt {

/// dropout: between layers, while training; the probability that an element is dropped.
struct StackedOptions {
    double dropout = 0;
};

/// Layers on top of each other: each reads the h of the one below. The depth is chosen at run time.
template <Layer L> struct Stacked {
    using Scalar = typename L::Scalar;
    template <class V> using State = StateArray<StateOf<L, V>>;

    std::vector<L> layers;  // lowest first
    double dropout;

    /// `depth` layers, made with `units` each; 1..max_depth.
    Stacked(Index inputs, Index units, Index depth, Rng& rng, StackedOptions options = {}) : dropout(options.dropout) {
        check_options(depth);
        for (Index k = 0; k < depth; ++k) layers.emplace_back(k == 0 ? inputs : detail::outputs_of(layers.back()), units, rng);
    }
    /// Takes layers that have been made already, lowest first; each may have its own width.
    Stacked(std::vector<L> finished, StackedOptions options = {}) : layers(std::move(finished)), dropout(options.dropout) {
        check_options(depth());
        if constexpr (HasInputs<L>)
            for (std::size_t k = 1; k < layers.size(); ++k)
                throw_unless(layers[k].inputs() == detail::outputs_of(layers[k - 1]), "Stacked: layer ", k, " reads ",
                             layers[k].inputs(), " features, the one below has ", detail::outputs_of(layers[k - 1]));
    }

    static void params(auto& m, auto&& f) {
        for (std::size_t k = 0; k < m.layers.size(); ++k) f(std::to_string(k), m.layers[k]);
    }
    Index depth() const { return static_cast<Index>(layers.size()); }
    Index inputs() const requires HasInputs<L> { return some_layers().front().inputs(); }
    Index outputs() const { return detail::outputs_of(some_layers().back()); }

    State<Mat<Scalar>> zero_state(Index batch) const {
        State<Mat<Scalar>> s;
        for (const L& layer : layers) s.push_back(bptt::zero_state(layer, batch));
        return s;
    }

private:
    const std::vector<L>& some_layers() const {
        throw_unless(depth() > 0, "Stacked: it has no layers (was it moved from?)");
        return layers;
    }
    void check_options(Index depth) const {
        throw_unless(depth >= 1 && depth <= max_depth, "Stacked: depth is ", depth, ", outside 1..", max_depth);
        throw_unless(dropout >= 0 && dropout <= 1, "Stacked: dropout is ", dropout, ", outside 0..1");
    }
};

template <class L> inline constexpr bool sees_ahead<Stacked<L>> = sees_ahead<L>;

namespace detail {
template <class L> inline constexpr bool is_stacked = false;
template <class L> inline constexpr bool is_stacked<Stacked<L>> = true;
}  // namespace detail

/// The result of unroll(): h of the top layer, and each layer's own trajectory.
template <class L> struct StackedTrajectory {
    Sequence<typename L::Scalar> h;
    StateArray<TrajectoryOf<L>> layers;
};

/// The layers one after the other: each runs over the h of the one below, the lowest over xs.
template <Layer L, class T = typename L::Scalar>
StackedTrajectory<L> unroll(const Stacked<L>& stack, const Sequence<std::type_identity_t<T>>& xs,
                            const StateOf<Stacked<L>, Var<T>>& s0, std::optional<Training> training) {
    throw_unless(stack.depth() > 0, "unroll: the stack has no layers (was it moved from?)");
    throw_unless(s0.count == stack.depth(), "unroll: s0 has ", s0.count, " layers, the stack ", stack.depth());
    const detail::UndoDraws undo(training);
    StackedTrajectory<L> y;
    for (const L& layer : stack.layers) {
        const Index k = y.layers.count;
        if (k == 0)
            y.layers.push_back(unroll(layer, xs, s0[k], training));
        else
            y.layers.push_back(unroll(layer, dropout(y.h, stack.dropout, training), s0[k], training));
        y.h = y.layers[k].h;
    }
    return y;
}

/// The state of each layer after k steps.
template <class L> auto state_at(const StackedTrajectory<L>& y, Index k) {
    StateOf<Stacked<L>, Var<typename L::Scalar>> s;
    for (Index n = 0; n < y.layers.count; ++n) s.push_back(state_at(y.layers[n], k));
    return s;
}
template <class L> auto final_state(const StackedTrajectory<L>& y) { return state_at(y, y.h.steps()); }

}  // namespace bptt
