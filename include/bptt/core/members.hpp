#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

// Finds the members of a struct by itself. The struct must be an aggregate of at most 16 members, without a base and without
// plain arrays, which could take several initialisers each.

namespace bptt::detail {

/// Converts to any type; for unevaluated operands only.
struct Anything {
    template <class T> operator T() const;
};
/// Converts to any reference.
struct AnyLvalue {
    template <class T> operator T&() const;
};
/// Converts to a base of A, but not to A.
template <class A> struct AnyBase {
    template <class B>
    requires(std::is_base_of_v<B, A> && !std::is_same_v<B, A>) operator B() const;
};

template <class A, std::size_t... k> constexpr bool takes(std::index_sequence<k...>) {
    return requires { A{(void(k), Anything{})...}; };
}
/// Whether A might have more than sizeof...(k) members.
template <class A, std::size_t... k> constexpr bool takes_more(std::index_sequence<k...>) {
    return requires { A{(void(k), Anything{})..., {}}; }
    || requires { A{(void(k), Anything{})..., AnyLvalue{}}; };
}
/// Whether the member after those of `before` is an array: two initialisers in nested braces then replace more than one.
template <class A, std::size_t... before, std::size_t... after>
constexpr bool array_follows(std::index_sequence<before...>, std::index_sequence<after...>) {
    return requires { A{(void(before), Anything{})..., {Anything{}, Anything{}}}; }
    &&!requires { A{(void(before), Anything{})..., {Anything{}, Anything{}}, (void(after), Anything{})...}; };
}

inline constexpr std::size_t most_members = 16;
inline constexpr std::size_t unknown_members = most_members + 1;

/// How many members A has; unknown_members where that is not sure.
template <class A> constexpr std::size_t member_count() {
    if constexpr (!std::is_aggregate_v<A> || requires { A{AnyBase<A>{}}; }) {
        return unknown_members;
    } else {
        constexpr std::size_t n = []<std::size_t... k>(std::index_sequence<k...>) {
            std::size_t most = 0;
            ((most = takes<A>(std::make_index_sequence<k>()) ? k : most), ...);
            return most;
        }
        (std::make_index_sequence<most_members + 2>());
        constexpr bool arrays = []<std::size_t... k>(std::index_sequence<k...>) {
            return (array_follows<A>(std::make_index_sequence<k>(), std::make_index_sequence<n - k - 1>()) || ...);
        }
        (std::make_index_sequence<n>());
        return n > most_members || arrays || takes_more<A>(std::make_index_sequence<n>()) ? unknown_members : n;
    }
}

/// References to all members of m; there are member_count() of them.
auto members(auto& m) {
    constexpr std::size_t n = member_count<std::remove_cvref_t<decltype(m)>>();
    static_assert(n <= most_members);
#define BPTT_MEMBERS(count, ...)      \
    if constexpr (n == count) {       \
        auto& [__VA_ARGS__] = m;      \
        return std::tie(__VA_ARGS__); \
    } else
    BPTT_MEMBERS(1, a)
    BPTT_MEMBERS(2, a, b)
    BPTT_MEMBERS(3, a, b, c)
    BPTT_MEMBERS(4, a, b, c, d)
    BPTT_MEMBERS(5, a, b, c, d, e)
    BPTT_MEMBERS(6, a, b, c, d, e, f)
    BPTT_MEMBERS(7, a, b, c, d, e, f, g)
    BPTT_MEMBERS(8, a, b, c, d, e, f, g, h)
    BPTT_MEMBERS(9, a, b, c, d, e, f, g, h, i)
    BPTT_MEMBERS(10, a, b, c, d, e, f, g, h, i, j)
    BPTT_MEMBERS(11, a, b, c, d, e, f, g, h, i, j, k)
    BPTT_MEMBERS(12, a, b, c, d, e, f, g, h, i, j, k, l)
    BPTT_MEMBERS(13, a, b, c, d, e, f, g, h, i, j, k, l, o)
    BPTT_MEMBERS(14, a, b, c, d, e, f, g, h, i, j, k, l, o, p)
    BPTT_MEMBERS(15, a, b, c, d, e, f, g, h, i, j, k, l, o, p, q)
    BPTT_MEMBERS(16, a, b, c, d, e, f, g, h, i, j, k, l, o, p, q, r)
    return std::tuple<>();
#undef BPTT_MEMBERS
}

}  // namespace bptt::detail
