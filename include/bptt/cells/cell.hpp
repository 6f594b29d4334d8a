#pragma once

#include <concepts>
#include <type_traits>

#include "bptt/autograd/param.hpp"
#include "bptt/sequence/state.hpp"

namespace bptt {

/// The state of layer L with fields of V.
template <class L, class V> using StateOf = typename L::template State<V>;

/// Anything that can be unrolled over a sequence. A layer L of numbers T that is not a Cell provides
///   1. the members `Scalar`, which is T; `template <class V> State`, its state: an aggregate of one to four fields, each a V
///      or a state of V, with a column for each sequence in the user's order; BPTT_PARAMS(…); `State<Mat<T>> zero_state(Index
///      batch) const`, zeros of the shapes of its state, where batch may be 0; `outputs()`, the rows of its output; and, if it
///      can tell, `inputs()`. Stacked and Bidirectional make it as L(inputs, units, rng);
///   2. in its namespace, `unroll(layer, xs, s0, training)` from a Sequence<T>, a State<Var<T>> and a std::optional<Training>.
///      Its result can be default-constructed and has the field `h`, the output as a Sequence<T>: xs.with(output). If the
///      layer itself runs over time, it must heed xs.reversed. The other forms of unroll() are derived from this one;
///   3. in its namespace, for what unroll() returns unless that is a State<Sequence<T>>, `state_at(y, k)` and
///      `final_state(y)`: the State<Var<T>> after k steps, and after each sequence's own last step.
/// examples/10_custom_layer.cpp is one.
template <class L>
concept Layer = HasParams<L> && requires {
    typename L::Scalar;
    typename StateOf<L, Var<typename L::Scalar>>;
};

/// A layer that goes step by step: `step(x, s)` is the state that follows the state s when the input is x. Its output is the
/// field h of the state.
template <class C>
concept Cell = Layer<C> && requires(const C& c, Var<typename C::Scalar> x, StateOf<C, Var<typename C::Scalar>> s) {
    { c.step(x, s) } -> std::same_as<StateOf<C, Var<typename C::Scalar>>>;
    { s.h } -> std::convertible_to<Var<typename C::Scalar>>;
    { c.units() } -> std::convertible_to<Index>;
};

/// A layer that says how many features it reads: unroll() of a Cell and the constructors of Stacked and Bidirectional check it.
template <class L>
concept HasInputs = requires(const L& layer) {
    { layer.inputs() } -> std::convertible_to<Index>;
};

/// Whether the output of a layer at a step depends on later steps, as that of a Bidirectional does.
template <class L> inline constexpr bool sees_ahead = false;

/// A layer whose parameters belong to another object, which outlives it, so that it may be a temporary: it has a member
/// `static constexpr bool is_handle = true`.
template <class L>
concept Handle = requires {
    requires L::is_handle;
};

namespace detail {

/// How many features a layer reads.
template <Layer L> Index inputs_of(const L& layer) {
    static_assert(HasInputs<L>,
                  "a model asks its layer how many features it reads: a cell needs a member Index inputs() const");
    if constexpr (HasInputs<L>)
        return layer.inputs();
    else
        return 0;
}
/// How many rows a layer's output has. A cell's output has units() rows, so a cell may do without outputs().
template <Layer L> Index outputs_of(const L& layer) {
    constexpr bool has_outputs = requires { layer.outputs(); };
    constexpr bool has_units = requires { layer.units(); };
    static_assert(has_outputs || has_units,
                  "a layer is asked how many rows its output has: a cell needs a member Index units() const");
    if constexpr (has_outputs)
        return layer.outputs();
    else if constexpr (has_units)
        return layer.units();
    else
        return 0;
}

/// Throws unless a cell that has weights Wx can go a step from the state s with the input x. `what`: the cell's name in errors.
template <Cell C, class T = typename C::Scalar>
void check_step(const char* what, const C& cell, Var<std::type_identity_t<T>> x, const StateOf<C, Var<T>>& s) {
    throw_unless(x.rows() == cell.inputs(), what, ": x is ", shape(x), ", Wx is ", shape(cell.Wx));
    for_each_field_to_check(s, [&](const Var<T>& v, const auto& name) {
        const Shape expected{.rows = cell.units(), .cols = x.cols()};
        throw_unless(shape(v) == expected, what, ": ", name, " of the state is ", shape(v), ", not ", expected, "; x is ",
                     shape(x));
        throw_unless(&v.tape() == &x.tape(), what, ": ", name, " of the state is on another tape than x");
    });
}
}  // namespace detail

/// The initial state of `batch` sequences: zeros; batch may be 0. A layer whose state has fields that are not units() × batch
/// has a member zero_state() of its own.
template <Layer L> StateOf<L, Mat<typename L::Scalar>> zero_state(const L& layer, Index batch) {
    throw_unless(batch >= 0, "zero_state: batch is ", batch, ", not 0 or more");
    if constexpr (requires { layer.zero_state(batch); }) {
        return layer.zero_state(batch);
    } else {
        static_assert(Cell<L>, "a Layer that is not a Cell has a member zero_state(batch)");
        StateOf<L, Mat<typename L::Scalar>> s;
        for_each_field(s, [&](auto& m) { m.setZero(layer.units(), batch); });
        return s;
    }
}

}  // namespace bptt
