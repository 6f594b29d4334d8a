#pragma once

#include <concepts>
#include <type_traits>

#include "bptt/autograd/param.hpp"
#include "bptt/sequence/state.hpp"

namespace bptt {

/// The state of layer L with fields of V.
template <class L, class V> using StateOf = typename L::template State<V>;

/// Anything that can be unrolled over a sequence. One that is no Cell has, beside it in its namespace,
/// unroll(layer, xs, s0, std::optional<Training> = {}), and for what that gives, which has a Sequence h, state_at(y, k) and
/// final_state(y); its members are zero_state(batch) and outputs().
template <class L>
concept Layer = HasParams<L> && requires {
    typename L::Scalar;
    typename StateOf<L, Var<typename L::Scalar>>;
};

/// A layer that goes step by step: `step(x, s)` is the state after s and the input x. Its output is the field h. It may have
/// check_layout(layout), which throws where it cannot run over a sequence of that layout.
template <class C>
concept Cell = Layer<C> && requires(const C& c, Var<typename C::Scalar> x, StateOf<C, Var<typename C::Scalar>> s) {
    { c.step(x, s) } -> std::same_as<StateOf<C, Var<typename C::Scalar>>>;
    { s.h } -> std::convertible_to<Var<typename C::Scalar>>;
    { c.units() } -> std::convertible_to<Index>;
};

/// A layer that says how many features it reads; then what does not fit is found before it runs.
template <class L>
concept HasInputs = requires(const L& layer) {
    { layer.inputs() } -> std::convertible_to<Index>;
};

namespace detail {

/// How many features a layer gives at each step. A cell gives its units, so it need not say.
template <Layer L> Index outputs_of(const L& layer) {
    if constexpr (requires { layer.outputs(); })
        return layer.outputs();
    else
        return layer.units();
}

/// Throws unless a cell with the weights Wx, named `what` in errors, can go a step from the state s with the input x.
template <Cell C, class T = typename C::Scalar>
void check_step(const char* what, const C& cell, Var<std::type_identity_t<T>> x, const StateOf<C, Var<T>>& s) {
    throw_unless(x.rows() == cell.inputs(), what, ": x is ", shape(x), ", Wx is ", shape(cell.Wx));
    for_each_field_to_check(s, [&](const Var<T>& v, const auto& name) {
        const Shape expected{cell.units(), x.cols()};
        throw_unless(shape(v) == expected, what, ": ", name, " of the state is ", shape(v), ", not ", expected, "; x is ",
                     shape(x));
        throw_unless(&v.tape() == &x.tape(), what, ": ", name, " of the state is on another tape than x");
    });
}
}  // namespace detail

/// The start of `batch` sequences: zeros; of none: matrices without columns. A layer whose fields are not all units() × batch
/// has a zero_state of its own.
template <Layer L> StateOf<L, Mat<typename L::Scalar>> zero_state(const L& layer, Index batch) {
    throw_unless(batch >= 0, "zero_state: batch is ", batch, ", not 0 or more");
    if constexpr (requires { layer.zero_state(batch); }) {
        return layer.zero_state(batch);
    } else {
        StateOf<L, Mat<typename L::Scalar>> s;
        for_each_field(s, [&](auto& m) { m.setZero(layer.units(), batch); });
        return s;
    }
}

}  // namespace bptt
