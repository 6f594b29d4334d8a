#pragma once

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// The state of a cell: an aggregate template S<V> with named fields, each a V or again a state of V. It has three lives:
/// V = Var<T> on a tape, Mat<T> carried between windows, Sequence<T> for the whole trajectory.
template <class V> struct HiddenState { V h; };
template <class V> struct LstmState { V h, c; };

inline constexpr Index max_depth = 16;

/// As many states as a stack has layers, lowest first. The depth is chosen at run time; nothing is allocated.
template <class S> struct StateArray {
    std::array<S, max_depth> items = {};
    Index count = 0;

    S& operator[](Index k) { return items[checked(k)]; }
    const S& operator[](Index k) const { return items[checked(k)]; }
    const S& back() const { return (*this)[count - 1]; }
    void push_back(S s) {
        throw_unless(count < max_depth, "StateArray: there is no room for more than ", max_depth);
        items[static_cast<std::size_t>(count++)] = std::move(s);
    }

private:
    std::size_t checked(Index k) const {
        throw_unless(k >= 0 && k < count, "StateArray: layer ", k, " is outside 0..", count - 1);
        return static_cast<std::size_t>(k);
    }
};

namespace detail {

// How many fields an aggregate has: the most initialisers, each convertible to anything, that it takes.
struct Anything {
    template <class U> operator U() const;
};
template <class S, class... Fields> constexpr int field_count() {
    if constexpr (requires { S{Fields{}..., Anything{}}; })
        return field_count<S, Fields..., Anything>();
    else
        return sizeof...(Fields);
}
template <class S> auto fields(S& s) {
    static_assert(std::is_aggregate_v<S>, "a state is an aggregate: public fields, no constructors");
    constexpr int n = field_count<std::remove_const_t<S>>();
    static_assert(n >= 1 && n <= 4, "a state has 1 to 4 fields; nest states for more");
    if constexpr (n == 1) {
        auto& [a] = s;
        return std::tie(a);
    } else if constexpr (n == 2) {
        auto& [a, b] = s;
        return std::tie(a, b);
    } else if constexpr (n == 3) {
        auto& [a, b, c] = s;
        return std::tie(a, b, c);
    } else {
        auto& [a, b, c, d] = s;
        return std::tie(a, b, c, d);
    }
}

template <class S> struct LeafOf;
template <template <class> class S, class V> struct LeafOf<S<V>> { using type = V; };
template <class S> struct LeafOf<StateArray<S>> : LeafOf<S> {};
template <class S> using Leaf = typename LeafOf<std::remove_const_t<S>>::type;

template <class S> inline constexpr bool is_state_array = false;
template <class S> inline constexpr bool is_state_array<StateArray<S>> = true;

template <class V, class F, class S, class... Others> void each_field(F& f, S& s, Others&... others) {
    if constexpr (std::is_same_v<std::remove_const_t<S>, V>) {
        f(s, others...);
    } else if constexpr (is_state_array<std::remove_const_t<S>>) {
        (throw_unless(s.count == others.count, "for_each_field: the state has ", s.count, " layers, the other ", others.count),
         ...);
        for (Index k = 0; k < s.count; ++k) each_field<V>(f, s[k], others[k]...);
    } else {
        const auto all = fields(s);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            const auto one = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
                each_field<V>(f, std::get<K>(all), std::get<K>(fields(others))...);
            };
            (one(std::integral_constant<std::size_t, I>{}), ...);
        }
        (std::make_index_sequence<std::tuple_size_v<decltype(all)>>{});
    }
}

}  // namespace detail

/// A state whose fields, at any depth, are Leaf<T> for some T.
template <class S, template <class> class Leaf>
concept StateOver = requires {
    typename detail::Leaf<S>::Scalar;
    requires std::is_same_v<detail::Leaf<S>, Leaf<typename detail::Leaf<S>::Scalar>>;
};

/// f(field) for every field, in order. From a state that is not const, f may change it.
template <class S, class F> void for_each_field(S& s, F f) { detail::each_field<detail::Leaf<S>>(f, s); }
/// f(field of s, field of other) for every pair; both states have the same form.
template <class S, class Other, class F> void for_each_field(S& s, Other& other, F f) {
    detail::each_field<detail::Leaf<S>>(f, s, other);
}

/// The state made of f(field) for every field, in order.
template <class S, class F> auto map_state(const StateArray<S>& s, F&& f);
template <template <class> class S, class V, class F> auto map_state(const S<V>& s, F&& f) {
    using W = std::remove_cvref_t<std::invoke_result_t<F&, const V&>>;
    const auto one = [&](const auto& field) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field)>, V>)
            return f(field);
        else
            return map_state(field, f);
    };
    return std::apply([&](const auto&... field) { return S<W>{one(field)...}; }, detail::fields(s));
}
template <class S, class F> auto map_state(const StateArray<S>& s, F&& f) {
    StateArray<decltype(map_state(s[0], f))> out;
    for (Index k = 0; k < s.count; ++k) out.push_back(map_state(s[k], f));
    return out;
}

/// Plain matrices: what crosses from one window to the next.
template <StateOver<Var> S> auto values(const S& s) {
    using T = typename detail::Leaf<S>::Scalar;
    return map_state(s, [](const Var<T>& x) -> Mat<T> { return x.value(); });
}
/// The same, written into the matrices that `carry` has already, so that nothing is allocated.
template <StateOver<Var> S, StateOver<Mat> Carry> void values(const S& s, Carry& carry) {
    for_each_field(s, carry, []<class T>(const Var<T>& x, Mat<T>& m) {
        if (shape(m) == shape(x))
            m = x.value();
        else
            m = Mat<T>(x.value());  // Eigen's resize() leaves a dangling pointer where memory is short
    });
}
/// Constants on the tape: the other way.
template <class T, StateOver<Mat> S> auto lift(Tape<T>& tape, const S& s) {
    return map_state(s, [&](const Mat<T>& m) { return tape.constant(m); });
}

namespace detail {

template <class T> Var<T> state_at(const char* what, const Sequence<T>& x, Index k) {
    const Layout& l = layout_of(x);
    throw_unless(k >= 0 && k <= l.steps, what, ": k is ", k, ", outside 0..", l.steps, " of ", l);
    throw_unless(!x.before.empty(), what, ": nothing stands before the first step of ", l,
                 "; states are those of what unroll() gave: ask final_state(y), and then the head");
    throw_unless(x.before.rows() == x.all.rows() && x.before.cols() == l.batch, what, ": before is ", shape(x.before),
                 ", the sequence ", shape(x.all), ", ", l);
    if (k == 0) return x.before;
    if (l.even()) return step_columns(x, x.reversed ? l.steps - k : k - 1);
    const auto from = index_buffer(x.all.tape(), l.batch);
    for (Index b = 0; Index & column : from) {
        const Index length = l.length(b), done = std::min(k, length);
        column = done == 0 ? -1 - b : l.start(x.reversed ? length - done : done - 1) + l.place(b);
        ++b;
    }
    return take_columns(x.all, std::span<const Index>(from), l.width(0) < l.batch ? x.before : Var<T>());
}

}  // namespace detail

/// What stood after k steps of its run, 0..steps, or after a sequence's own last where that comes first; features × batch, in
/// the user's order. Before the first step it is what the run started from.
template <class T> Var<T> state_at(const Sequence<T>& x, Index k) { return detail::state_at("state_at", x, k); }
template <StateOver<Sequence> S> auto state_at(const S& y, Index k) {
    using T = typename detail::Leaf<S>::Scalar;
    return map_state(y, [k](const Sequence<T>& x) { return state_at(x, k); });
}
/// What stood after each sequence's own last step; features × batch, in the user's order.
template <class T> Var<T> final_state(const Sequence<T>& x) { return detail::state_at("final_state", x, x.steps()); }
template <StateOver<Sequence> S> auto final_state(const S& y) {
    using T = typename detail::Leaf<S>::Scalar;
    return map_state(y, [](const Sequence<T>& x) { return final_state(x); });
}

}  // namespace bptt
