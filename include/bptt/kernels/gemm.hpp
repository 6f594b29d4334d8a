#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "bptt/kernels/packet.hpp"

// Products of the form C (+)= A B. A is packed into panels of two packets of rows, B is read column by column; a block of
// C, a panel high and up to 12 columns wide, stays in registers. A number of C is summed up in the same order, whatever the
// blocks are, so that it depends neither on its neighbours nor on who computes them.

namespace bptt::kernels {

template <class T> inline constexpr Index panel = 2 * Packet<T>::size;
/// Columns of a block: with two packets for A and one for B they fill the registers.
inline constexpr int widest = register_count >= 32 ? 12 : register_count >= 16 ? 6 : 2;
/// So much of the inner dimension at a time: a panel of A then fits the first cache.
inline constexpr Index deepest = 256;

/// Part k of 0..n − 1 cut into `parts` that differ by one `unit` at most: where it begins; part `parts` begins at n.
constexpr Index part(Index n, Index parts, Index k, Index unit = 1) {
    const Index units = (n + unit - 1) / unit;
    return std::min(n, unit * (units / parts * k + std::min(k, units % parts)));
}
/// f(first, count) for columns in blocks as even as they can be.
template <class F> void for_each_block(Index columns, F f) {
    const Index blocks = (columns + widest - 1) / widest;
    for (Index k = 0; k < blocks; ++k) f(part(columns, blocks, k), part(columns, blocks, k + 1) - part(columns, blocks, k));
}

namespace detail {

/// f(0), …, f(N − 1), unrolled.
template <int N, class F> [[gnu::always_inline]] inline void repeat(F f) {
    [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
        (f(std::integral_constant<int, K>()), ...);
    }
    (std::make_integer_sequence<int, N>());
}

/// f(n) with n, 1..widest, known to the compiler.
template <class F> void with_constant(Index n, F f) {
    repeat<widest>([&](auto k) {
        if (n == k + 1) f(std::integral_constant<Index, k + 1>());
    });
}

/// C (rows × N) (+)= a b: a a packed panel of `depth` columns, element (k, j) of b at b[k·down + j·right].
template <class T, int N>
void block(const T* a, Index depth, const T* b, Index down, Index right, T* c, Index stride, Index rows, bool add) {
    using P = Packet<T>;
    P top[N], bottom[N];
    repeat<N>([&](auto j) __attribute__((always_inline)) { top[j] = bottom[j] = P::of(0); });
    repeat<N>([&](auto j) __attribute__((always_inline)) {  // c has arrived when the sum is done
        __builtin_prefetch(c + j * stride, 1);
        __builtin_prefetch(c + j * stride + P::size, 1);
    });
    constexpr int together = 3;  // columns that share a pointer: base, base + right, base + 2 right
    const T* from[(N + together - 1) / together];
    repeat<(N + together - 1) / together>([&](auto g) __attribute__((always_inline)) { from[g] = b + together * g * right; });
    for (Index k = 0; k < depth; ++k, a += panel<T>) {
        const P upper = P::load(a), lower = P::load(a + P::size);
        repeat<N>([&](auto j) __attribute__((always_inline)) {
            const P x = P::of(from[j / together][j % together * right]);
            top[j] = madd(upper, x, top[j]);
            bottom[j] = madd(lower, x, bottom[j]);
        });
        repeat<(N + together - 1) / together>([&](auto g) __attribute__((always_inline)) { from[g] += down; });
    }
    if (rows == panel<T>) {
        repeat<N>([&](auto j) __attribute__((always_inline)) {
            T* const out = c + j * stride;
            (add ? P::load(out) + top[j] : top[j]).store(out);
            (add ? P::load(out + P::size) + bottom[j] : bottom[j]).store(out + P::size);
        });
        return;
    }
    repeat<N>([&](auto j) __attribute__((always_inline)) {
        T column[panel<T>];
        top[j].store(column);
        bottom[j].store(column + P::size);
        for (Index i = 0; i < rows; ++i) c[j * stride + i] = add ? c[j * stride + i] + column[i] : column[i];
    });
}

template <class T> using Block = void (*)(const T*, Index, const T*, Index, Index, T*, Index, Index, bool);
/// blocks<T>[n − 1] is n columns wide.
template <class T> inline constexpr auto blocks = []<int... N>(std::integer_sequence<int, N...>) {
    return std::array<Block<T>, widest>{block<T, N + 1>...};
}
(std::make_integer_sequence<int, widest>());

}  // namespace detail

/// Numbers that rows × depth take once packed.
template <class T> constexpr Index packed_size(Index rows, Index depth) {
    return (rows + panel<T> - 1) / panel<T> * panel<T> * depth;
}

/// Packs a rows × depth matrix with element (i, k) at a[i·down + k·right]; rows that a panel has too many become zeros.
template <class T> void pack(const T* a, Index down, Index right, Index rows, Index depth, T* out) {
    using P = Packet<T>;
    if (depth == 0) return;  // a may be null
    for (Index i = 0; i < rows; i += panel<T>, out += panel<T> * depth) {
        const Index count = std::min(panel<T>, rows - i);
        const T* const from = a + i * down;
        if (count < panel<T>) std::fill(out, out + panel<T> * depth, T(0));
        if (down == 1 && count == panel<T>) {
            for (Index k = 0; k < depth; ++k) {
                P::load(from + k * right).store(out + k * panel<T>);
                P::load(from + k * right + P::size).store(out + k * panel<T> + P::size);
            }
            continue;
        }
        constexpr Index tile = 16;  // numbers of a cache line: each line of a transposed matrix is read once
        for (Index first = 0; first < depth; first += tile)
            for (Index r = 0; r < count; ++r)
                for (Index k = first; k < std::min(depth, first + tile); ++k)
                    out[k * panel<T> + r] = from[r * down + k * right];
    }
}

/// C (+)= A B: A rows × depth, packed; column j of B at b + j·b_stride, of C at c + j·c_stride.
template <class T> void multiply(const T* packed, Index rows, Index depth, const T* b, Index b_stride, Index columns, T* c,
                                 Index c_stride, bool add) {
    if (depth == 0 && !add)
        for (Index j = 0; j < columns; ++j) std::fill(c + j * c_stride, c + j * c_stride + rows, T(0));
    for (Index k = 0; k < depth; k += deepest) {
        const Index deep = std::min(deepest, depth - k);
        for (Index i = 0; i < rows; i += panel<T>)
            for_each_block(columns, [&](Index j, Index width) {
                detail::blocks<T>[static_cast<std::size_t>(width - 1)](packed + i * depth + k * panel<T>, deep,
                                                                       b + j * b_stride + k, 1, b_stride, c + i + j * c_stride,
                                                                       c_stride, std::min(panel<T>, rows - i), add || k > 0);
            });
    }
}

/// Numbers that add_outer() works with.
template <class T> constexpr Index outer_scratch(Index columns) { return (panel<T> + columns) * deepest; }
/// C += Σ_k a_k b_kᵀ, k < depth: a_k, of `rows`, at a + k·a_stride, b_k, of `columns`, at b(k); column j of C at c +
/// j·c_stride.
template <class T, class Columns> void add_outer(const T* a, Index a_stride, Index rows, Index depth, Columns b, Index columns,
                                                 T* c, Index c_stride, T* scratch) {
    T* const packed = scratch + columns * deepest;
    for (Index k0 = 0; k0 < depth; k0 += deepest) {
        const Index deep = std::min(deepest, depth - k0);
        for_each_block(columns, [&](Index j, Index width) {
            detail::with_constant(width, [&](auto n) {  // so that a copy is a few registers
                constexpr std::size_t bytes = decltype(n)::value * sizeof(T);
                for (Index k = 0; k < deep; ++k) std::memcpy(scratch + j * deep + k * width, b(k0 + k) + j, bytes);
            });
        });
        for (Index i = 0; i < rows; i += panel<T>) {
            const Index high = std::min(panel<T>, rows - i);
            pack(a + k0 * a_stride + i, 1, a_stride, high, deep, packed);
            for_each_block(columns, [&](Index j, Index width) {
                detail::blocks<T>[static_cast<std::size_t>(width - 1)](packed, deep, scratch + j * deep, width, 1,
                                                                       c + i + j * c_stride, c_stride, high, true);
            });
        }
    }
}

}  // namespace bptt::kernels
