#pragma once

#include <memory>
#include <span>
#include <type_traits>

#include "bptt/cells/cell.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

/// The cell's equations, step by step from s0 (fields features × batch): the trajectory of every field.
template <Cell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_steps(const C& cell, const Sequence<std::type_identity_t<T>>& xs, StateOf<C, Var<T>> s0) {
    const Index steps = xs.steps();
    if constexpr (requires { cell.inputs(); })
        check(xs.all.rows() == cell.inputs(), "unroll: the input is ", shape(xs.all), ", the cell reads ", cell.inputs(),
              " features");
    check(s0.h.rows() == cell.hidden(), "unroll: h of the state s0 is ", shape(s0.h), ", the cell has ", cell.hidden(),
          " units");
    for_each_field(s0, [&](const Var<T>& v) {
        check(v.cols() == xs.batch(), "unroll: a field of the state s0 is ", shape(v), ", the input is ", *xs.layout);
    });
    auto& tape = xs.all.tape();
    struct Track {
        Var<T> before;
        Var<T>* steps;
    };
    auto tracks = map_state(s0, [&](const Var<T>& v) { return Track{v, tape.template buffer<Var<T>>(steps)}; });
    auto s = s0;
    for (Index t = 0; t < steps; ++t) {
        s = cell.step(xs[t], s);
        for_each_field(s, tracks, [t](const Var<T>& v, Track& track) { std::construct_at(track.steps + t, v); });
    }
    return map_state(tracks, [&](const Track& track) -> Sequence<T> {
        const std::span<const Var<T>> parts(track.steps, static_cast<std::size_t>(steps));
        return {steps ? concat_cols(parts) : cols(track.before, 0, 0), xs.layout, track.before};
    });
}

/// Runs the cell over the whole sequence: the trajectory of every field (y.h, y.c, …); final_state(y) is the last.
template <Cell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll(const C& cell, const Sequence<std::type_identity_t<T>>& xs, StateOf<C, Var<T>> s0) {
    return unroll_steps(cell, xs, s0);
}

}  // namespace bptt
