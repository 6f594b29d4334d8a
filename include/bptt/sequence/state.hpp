#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "bptt/sequence/fields.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// The state of a cell: an aggregate template S<V> with named fields, each a V or again a state of V. It is used with three V:
/// Var<T> on a tape, Mat<T> carried between windows, Sequence<T> for the whole trajectory. `names` are the names of its fields
/// in errors and files; without it they are 0, 1, …
template <class V> struct HiddenState {
    V h;
    static constexpr std::array names = {"h"};
};
template <class V> struct LstmState {
    V h, c;
    static constexpr std::array names = {"h", "c"};
};

/// The values of a state as plain matrices: the carry from one window to the next.
template <StateOver<Var> S> auto values(const S& s) {
    using T = typename detail::Leaf<S>::Scalar;
    return map_state(s, [](const Var<T>& x) -> Mat<T> { return x.value(); });
}
/// Writes the values into the matrices of `carry`, without an allocation unless one of them is empty. Throws, and changes
/// nothing, if one has another shape.
template <StateOver<Var> S> void values(const S& s, decltype(values(s))& carry) {
    bool complete = true;
    for_each_field(s, carry, [&, k = Index{0}]<class T>(const Var<T>& x, const Mat<T>& m) mutable {
        const detail::FieldName<S> name{s, k++};
        throw_unless(m.size() == 0 || shape(m) == shape(x), "values: ", name, " of the state is ", shape(x),
                     ", that of the carry ", shape(m), "; columns(carry, first, count) cuts a carry");
        complete &= shape(m) == shape(x);
    });
    if (!complete)
        carry = values(s);
    else
        for_each_field(s, carry, []<class T>(const Var<T>& x, Mat<T>& m) { m = x.value(); });
}
/// Sequences first, …, first + count − 1 of a carry: their columns, in each of its matrices.
template <StateOver<Mat> S> S columns(const S& carry, Index first, Index count) {
    detail::for_each_field_to_check(carry, [&](const auto& m, const auto& name) {
        throw_unless(first >= 0 && count >= 0 && count <= m.cols() - first, "columns: ", count, " columns from ", first,
                     " on, ", name, " of the carry is ", shape(m));
    });
    return map_state(carry, [&]<class T>(const Mat<T>& m) -> Mat<T> { return m.middleCols(first, count); });
}
/// The inverse of values(): the matrices of a state as constants on the tape.
template <class T, StateOver<Mat> S> auto lift(Tape<T>& tape, const S& s) {
    return map_state(s, [&](const Mat<T>& m) { return tape.constant(m); });
}

namespace detail {

template <class T> Var<T> state_at(const char* what, const Sequence<T>& x, Index k) {
    const Layout& l = layout_of(x);
    throw_unless(k >= 0 && k <= l.steps, what, ": k is ", k, ", outside 0..", l.steps, " of ", l);
    throw_unless(!x.initial.empty(), what, ": nothing stands before the first step of ", l,
                 "; states are those of what unroll() gave: ask final_state(y), and then the head");
    throw_unless(x.initial.rows() == x.all.rows() && x.initial.cols() == l.batch, what, ": initial is ", shape(x.initial),
                 ", the sequence ", shape(x.all), ", ", l);
    if (k == 0) return x.initial;
    if (l.even()) return step_columns(x, x.reversed ? l.steps - k : k - 1);
    const auto from = index_buffer(x.all.tape(), l.batch);
    for (Index b = 0; Index & column : from) {
        const Index length = l.length(b), done = (std::min)(k, length);
        column = done == 0 ? -1 - b : l.start(x.reversed ? length - done : done - 1) + l.place(b);
        ++b;
    }
    return take_columns(x.all, std::span<const Index>(from), l.width(0) < l.batch ? x.initial : Var<T>());
}

}  // namespace detail

/// The state after k steps of the run, 0..steps, or after a sequence's own last step if that comes first; features × batch, in
/// the user's order. For k = 0 it is the initial state.
template <class T> Var<T> state_at(const Sequence<T>& x, Index k) { return detail::state_at("state_at", x, k); }
template <StateOver<Sequence> S> auto state_at(const S& y, Index k) {
    using T = typename detail::Leaf<S>::Scalar;
    return map_state(y, [k](const Sequence<T>& x) { return state_at(x, k); });
}
/// The state after each sequence's own last step; features × batch, in the user's order.
template <class T> Var<T> final_state(const Sequence<T>& x) { return detail::state_at("final_state", x, x.steps()); }
template <StateOver<Sequence> S> auto final_state(const S& y) {
    using T = typename detail::Leaf<S>::Scalar;
    return map_state(y, [](const Sequence<T>& x) { return final_state(x); });
}

}  // namespace bptt
