#pragma once

#include <array>
#include <cstddef>
#include <ostream>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bptt/core/check.hpp"
#include "bptt/core/members.hpp"

// A state is an aggregate template S<V> with fields that are each a V or again a state of V. This file iterates over them.

namespace bptt {

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

template <class S> auto fields(S& s) {
    static_assert(std::is_aggregate_v<S>, "a state is an aggregate: public fields, no constructors");
    static_assert(member_count<std::remove_const_t<S>>() <= most_members,
                  "a state has at most 16 fields, no base and no plain array; nest states for more");
    return members(s);
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
        [&]<std::size_t... Ks>(std::index_sequence<Ks...>) {
            const auto one = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
                each_field<V>(f, std::get<K>(all), std::get<K>(fields(others))...);
            };
            (one(std::integral_constant<std::size_t, Ks>{}), ...);
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

/// Calls f(field) for every field, in order. f may change the fields of a state that is not const.
template <class S, class F> void for_each_field(S& s, F f) { detail::each_field<detail::Leaf<S>>(f, s); }
/// Calls f(field of s, field of other) for every pair of fields; both states must have the same structure.
template <class S, class Other, class F> void for_each_field(S& s, Other& other, F f) {
    detail::each_field<detail::Leaf<S>>(f, s, other);
}

namespace detail {

/// The name of field k of a state of type S.
template <class S> std::string field_name(std::size_t k) {
    if constexpr (requires { S::names; }) {
        static_assert(S::names.size() == member_count<S>(), "a state has as many names as fields");
        return S::names[k];
    } else {
        return std::to_string(k);
    }
}
template <class V, class F, class S> void each_named_field(F& f, S& s, const std::string& name) {
    const auto nested = [&](auto& part, const std::string& own) {
        each_named_field<V>(f, part, name.empty() ? own : name + "." + own);
    };
    if constexpr (std::is_same_v<std::remove_const_t<S>, V>) {
        f(name, s);
    } else if constexpr (is_state_array<std::remove_const_t<S>>) {
        for (Index k = 0; k < s.count; ++k) nested(s[k], std::to_string(k));
    } else {
        std::apply(
            [&, k = std::size_t{0}](auto&... part) mutable { (nested(part, field_name<std::remove_const_t<S>>(k++)), ...); },
            fields(s));
    }
}

}  // namespace detail

/// Calls f(name, field) for every field, in order. A name is "h", or "0.forward.c" where states nest.
template <class S, class F> void for_each_named_field(S& s, F f) { detail::each_named_field<detail::Leaf<S>>(f, s, ""); }

namespace detail {
/// Prints the name of field k of a state; if the fields have no names, "field 1" for k = 1.
template <class S> struct FieldName {
    const S& state;
    Index k;

    friend std::ostream& operator<<(std::ostream& out, const FieldName& field) {
        for_each_named_field(field.state, [&, at = Index{0}](const std::string& name, const auto&) mutable {
            if (at++ == field.k) out << (name[0] >= '0' && name[0] <= '9' ? "field " : "") << name;
        });
        return out;
    }
};
/// Calls f(field, its FieldName) for every field, in order.
template <class S, class F> void for_each_field_to_check(const S& s, F f) {
    for_each_field(s, [&, k = Index{0}](const auto& field) mutable {
        f(field, FieldName<S>{s, k});
        ++k;
    });
}
}  // namespace detail

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

}  // namespace bptt
