#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/core/random.hpp"
#include "bptt/nets/unroll.hpp"

namespace bptt {

/// Layers on top of each other: each reads the h of the one below. The depth is chosen at run time.
template <Layer L> struct Stacked {
    using Scalar = typename L::Scalar;
    template <class V> using State = StateArray<StateOf<L, V>>;

    std::vector<L> layers;  // lowest first

    /// `depth` layers of `outputs` each; 1..max_depth.
    Stacked(Index inputs, Index outputs, Index depth, Rng& rng) {
        check_depth(depth);
        for (Index k = 0; k < depth; ++k) layers.emplace_back(k == 0 ? inputs : outputs, outputs, rng);
    }
    /// Finished layers, lowest first.
    Stacked(std::vector<L> finished) : layers(std::move(finished)) {
        check_depth(depth());
        if constexpr (requires(const L& l) { l.inputs() == l.hidden(); })
            for (std::size_t k = 1; k < layers.size(); ++k)
                check(layers[k].inputs() == layers[k - 1].hidden(), "Stacked: layer ", k, " reads ", layers[k].inputs(),
                      " features, the one below has ", layers[k - 1].hidden(), " units");
    }

    static void params(auto& m, auto&& f) {
        for (std::size_t k = 0; k < m.layers.size(); ++k) f(std::to_string(k), m.layers[k]);
    }
    Index depth() const { return static_cast<Index>(layers.size()); }

    State<Mat<Scalar>> zero_state(Index batch) const {
        State<Mat<Scalar>> s;
        for (const L& layer : layers) s.push_back(bptt::zero_state(layer, batch));
        return s;
    }

private:
    static void check_depth(Index depth) {
        check(depth >= 1 && depth <= max_depth, "Stacked: depth is ", depth, ", outside 1..", max_depth);
    }
};

/// What an unrolled stack leaves: h of the top layer, and each layer's own trajectory.
template <class T, class Trajectory> struct StackedTrajectory {
    Sequence<T> h;
    StateArray<Trajectory> layers;
};

template <Layer L, class T = typename L::Scalar>
auto unroll(const Stacked<L>& stack, const Sequence<std::type_identity_t<T>>& xs, const StateOf<Stacked<L>, Var<T>>& s0) {
    check(s0.count == stack.depth(), "unroll: s0 has ", s0.count, " layers, the stack ", stack.depth());
    StackedTrajectory<T, decltype(unroll(stack.layers[0], xs, s0[0]))> y{xs, {}};
    for (const L& layer : stack.layers) {
        y.layers.push_back(unroll(layer, y.h, s0[y.layers.count]));
        y.h = y.layers[y.layers.count - 1].h;
    }
    return y;
}

template <class T, class Trajectory> auto state_at(const StackedTrajectory<T, Trajectory>& y, Index k) {
    StateArray<decltype(state_at(y.layers[0], k))> s;
    for (Index n = 0; n < y.layers.count; ++n) s.push_back(state_at(y.layers[n], k));
    return s;
}
template <class T, class Trajectory> auto final_state(const StackedTrajectory<T, Trajectory>& y) {
    return state_at(y, y.h.steps());
}

}  // namespace bptt
