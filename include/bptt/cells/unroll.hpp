#pragma once

#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "bptt/cells/fused.hpp"
#include "bptt/core/training.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

namespace detail {

/// Throws unless the cell can start from s0 over an input of this layout on this tape.
template <Cell C, class T = typename C::Scalar>
void check_start(const C& cell, const Layout& l, const Tape<T>& tape, const StateOf<C, Var<T>>& s0) {
    if constexpr (requires { cell.check_layout(l); }) cell.check_layout(l);
    for_each_field(s0, [&, k = 0](const Var<T>& v) mutable {
        throw_unless(!v.empty(), "unroll: field ", k, " of the state s0 is empty");
        throw_unless(&v.tape() == &tape, "unroll: field ", k, " of the state s0 is on another tape than the input");
        constexpr bool any_rows = requires { cell.zero_state(l.batch); };
        throw_unless(v.cols() == l.batch && (any_rows || v.rows() == cell.units()), "unroll: field ", k++,
                     " of the state s0 is ", shape(v), ", the cell has ", cell.units(), " units, the input is ", l);
    });
}
/// Throws unless the cell can run over xs from s0.
template <Cell C, class T = typename C::Scalar>
void check_unroll(const C& cell, const Sequence<std::type_identity_t<T>>& xs, const StateOf<C, Var<T>>& s0) {
    const Layout& l = layout_of(xs);
    if constexpr (HasInputs<C>)
        throw_unless(xs.all.rows() == cell.inputs(), "unroll: the input is ", shape(xs.all), ", the cell reads ", cell.inputs(),
                     " features");
    check_start(cell, l, xs.all.tape(), s0);
}

}  // namespace detail

/// The cell's equations, step by step from s0 (fields features × batch, in the user's order): the trajectory of every field.
/// step() gets a column for each sequence that is still running; reversed(xs) starts at each sequence's own last step.
template <Cell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_steps(const C& cell, const Sequence<std::type_identity_t<T>>& xs, StateOf<C, Var<T>> s0) {
    detail::check_unroll(cell, xs, s0);
    const Layout& l = *xs.layout;
    auto& tape = xs.all.tape();
    struct Track {
        Var<T> before;
        Var<T>* steps;
    };
    auto tracks = map_state(s0, [&](const Var<T>& v) { return Track{v, tape.template buffer<Var<T>>(l.steps)}; });
    const auto start = map_state(s0, [&](const Var<T>& v) { return detail::to_inside_order(v, l); });
    auto s = start;
    for (Index k = 0; k < l.steps; ++k) {
        const Index t = xs.reversed ? l.steps - 1 - k : k, running = l.width(t);
        for_each_field(s, start, [running](Var<T>& v, const Var<T>& first) {
            const Index before = v.cols();
            if (running < before) v = cols(v, 0, running);                                      // some have ended
            if (running > before) v = concat_cols({v, cols(first, before, running - before)});  // some begin
        });
        s = cell.step(detail::step_columns(xs, t), s);
        for_each_field(s, tracks, [&, field = 0](const Var<T>& v, Track& track) mutable {
            const detail::Shape expected{track.before.rows(), running};
            throw_unless(shape(v) == expected, "unroll: step() gave field ", field++, " as ", shape(v), ", not ", expected);
            std::construct_at(track.steps + t, v);
        });
    }
    return map_state(tracks, [&](const Track& track) -> Sequence<T> {
        const std::span<const Var<T>> parts(track.steps, static_cast<std::size_t>(l.steps));
        return {l.steps ? concat_cols(parts) : cols(track.before, 0, 0), xs.layout, track.before, xs.reversed};
    });
}

/// Runs the cell over the whole sequence: the trajectory of every field (y.h, y.c, …); final_state(y) is the last of each.
/// A FusedCell runs in its kernel, on the tape's Threads; any other by unroll_steps().
/// `training` switches on what differs while a network learns (the dropout of a stack); a cell alone has none.
template <Cell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll(const C& cell, const Sequence<std::type_identity_t<T>>& xs, StateOf<C, Var<T>> s0,
                               std::optional<Training> = {}) {
    if constexpr (FusedCell<C>) {
        detail::check_unroll(cell, xs, s0);
        return detail::unroll_fused(cell, detail::ProjectedInput<T>{.x = xs.all}, xs.layout, xs.reversed, s0);
    } else {
        return unroll_steps(cell, xs, s0);
    }
}

/// What unroll() of layer L gives.
template <Layer L, class T = typename L::Scalar> using TrajectoryOf =
    decltype(unroll(std::declval<const L&>(), std::declval<Sequence<T>>(), std::declval<StateOf<L, Var<T>>>()));

}  // namespace bptt
