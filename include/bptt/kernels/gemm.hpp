#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

#include "bptt/kernels/few.hpp"

// Products of the form C (+)= A B. A number of C is summed in the same order, whatever the blocks are, so that it depends
// neither on the other columns nor on the thread that computes it; only a `single` column has an order of its own.

namespace bptt::kernels {

/// The first number of part k, if 0..n − 1 is cut into `parts` parts that differ by one `unit` at most; n for k = parts.
constexpr Index part(Index n, Index parts, Index k, Index unit = 1) {
    const Index units = (n + unit - 1) / unit;
    return (std::min)(n, unit * (units / parts * k + (std::min)(k, units % parts)));
}
namespace detail {

/// Cuts columns into the fewest blocks of at most `most`; their widths differ by one at most.
template <int most> class Blocks {
    Index count_, width_, wider_;

public:
    explicit Blocks(Index columns)
        : count_((columns + most - 1) / most),
          width_(columns / std::max<Index>(1, count_)),
          wider_(columns - count_ * width_) {}
    /// Calls f(first, n, count) for neighbouring blocks of the same width n, a compile-time constant, the wider ones first.
    template <class F> void for_each_width(const F& f) const {
        const auto some = [&](Index first, Index width, Index count) {
            with_constant<most>(width, [&](auto n) { f(first, n, count); });
        };
        if (wider_ > 0) some(0, width_ + 1, wider_);
        if (count_ > wider_) some(wider_ * (width_ + 1), width_, count_ - wider_);
    }
    /// Calls f(first, n) for each block.
    template <class F> void for_each(const F& f) const {
        for_each_width([&](Index first, auto n, Index count) {
            for (Index k = 0; k < count; ++k) f(first + k * n, n);
        });
    }
};

}  // namespace detail

/// C (+)= A B: A rows × depth, packed; column j of B at b + j·b_stride, of C at c + j·c_stride.
/// `single`: there is one column, and it is summed in another order. Set it if the whole batch is one sequence, never because a
/// call happens to have one column: the result must not depend on the number of threads.
template <class T> void multiply(const T* packed, Index rows, Index depth, const T* b, Index b_stride, Index columns, T* c,
                                 Index c_stride, bool add, bool single = false) {
    if (depth == 0 && !add)
        for (Index j = 0; j < columns; ++j) std::fill(c + j * c_stride, c + j * c_stride + rows, T(0));
    if (single) return detail::multiply_few<T, 1, true>(packed, rows, depth, b, b_stride, c, c_stride, add);
    if (columns > 0 && columns <= detail::few)
        return detail::with_constant<detail::few>(
            columns, [&](auto n) { detail::multiply_few<T, n, false>(packed, rows, depth, b, b_stride, c, c_stride, add); });
    for (Index k = 0; k < depth; k += deepest) {
        const Index deep = (std::min)(deepest, depth - k);
        detail::for_each_panel<T>(rows, [&](auto packets, Index i, Index height) {
            constexpr int P = decltype(packets)::value;
            constexpr Index high = P * Packet<T>::size;
            constexpr int most = detail::widest_of<P>;
            const T* const next = packed + high * deep;
            detail::Blocks<most>(columns).for_each([&](Index j, auto n) {
                detail::block<T, P, n, 1>(detail::Packed<T, P>{packed}, detail::InColumns<T, n>(b + k + j * b_stride, b_stride),
                                          deep, {c + i + j * c_stride, c_stride, height, add || k > 0},
                                          {next, high, high, columns - j - n, most});
            });
            packed = next;
        });
    }
}

/// The size of the scratch that multiply_while_packing() needs, in numbers, and of that for add_outer().
template <class T> inline constexpr Index packing_scratch = panel<T>* deepest;
template <class T> inline constexpr Index outer_scratch = packing_scratch<T> + slab* padded_depth;

namespace detail {

/// C (+)= A B with a depth of `deepest` at most, A unpacked: each panel is packed into `scratch` before it is used.
/// numbers(j, n): columns j..j + n − 1 of B, in blocks of the same widths for panels of all heights.
template <class T, class Numbers> void multiply_unpacked(const T* a, Index a_stride, Index rows, Index depth,
                                                         const Numbers& numbers, Index columns, T* c, Index c_stride, bool add,
                                                         T* maybe_sums, T* scratch) {
    const Blocks<widest> blocks(columns);
    for_each_panel<T>(rows, [&](auto packets, Index i, Index height) {
        constexpr int P = decltype(packets)::value;
        constexpr Index high = P * Packet<T>::size;
        const T *const from = a + i, *const next = from + high;
        pack_columns<T, high>(from, a_stride, height, depth, scratch);
        if (maybe_sums) add_columns<T, P>(scratch, depth, height, maybe_sums + i);
        blocks.for_each([&](Index j, auto n) {
            block<T, P, n, 1>(Packed<T, P>{scratch}, numbers(j, n), depth, {c + i + j * c_stride, c_stride, height, add},
                              {next, a_stride, high, columns - j - n, widest});
        });
    });
}

/// add_outer() with a depth of `deepest` at most: b_k at b[k]. The rows of each block of B are packed, as its columns would
/// take a cache line a row.
template <class T> void add_outer_rows(const T* a, Index a_stride, Index rows, Index depth, const T* const* b, Index columns,
                                       T* c, Index c_stride, T* maybe_sums, T* scratch) {
    T* const packed = scratch + packing_scratch<T>;
    const Index slabs = (columns + slab - 1) / slab;
    for (Index s = 0; s < slabs; ++s) {
        const Index first = part(columns, slabs, s), count = part(columns, slabs, s + 1) - first;
        Blocks<widest>(count).for_each_width([&](Index j, auto n, Index blocks) {
            for (Index k = 0; k < depth; ++k) {
                const T* from = b[k] + first + j;
                T* to = packed + j * padded_depth + k * n;
                const T* const soon = b[(std::min)(depth - 1, k + fetch_ahead)] + first + j;
                for (Index i = 0; i < blocks * n; i += line<T>) fetch(soon + i);
                for (Index i = 0; i < blocks; ++i, from += n, to += n * padded_depth) std::memcpy(to, from, sizeof(T) * n);
            }
        });
        const auto numbers = [&](Index j, auto n) { return InRows<T, n>{packed + j * padded_depth}; };
        multiply_unpacked(a, a_stride, rows, depth, numbers, count, c + first * c_stride, c_stride, true,
                          s == 0 ? maybe_sums : nullptr, scratch);
    }
}

}  // namespace detail

/// C += Σ_k a_k b_kᵀ, k < depth: a_k, `rows` numbers, at a + k·a_stride; b_k, `columns` numbers, at b(k); column j of C at
/// c + j·c_stride. And sums += Σ_k a_k, unless maybe_sums is null.
template <class T, class Columns> void add_outer(const T* a, Index a_stride, Index rows, Index depth, Columns b, Index columns,
                                                 T* c, Index c_stride, std::type_identity_t<T>* maybe_sums, T* scratch) {
    std::array<const T*, deepest> row;
    for (Index k0 = 0; k0 < depth; k0 += deepest) {
        const Index deep = (std::min)(deepest, depth - k0);
        for (Index k = 0; k < deep; ++k) row[static_cast<std::size_t>(k)] = b(k0 + k);
        detail::add_outer_rows(a + k0 * a_stride, a_stride, rows, deep, row.data(), columns, c, c_stride, maybe_sums, scratch);
    }
}

/// multiply() with an unpacked A, column k at a + k·a_stride; scratch: packing_scratch numbers.
template <class T> void multiply_while_packing(const T* a, Index a_stride, Index rows, Index depth, const T* b, Index b_stride,
                                               Index columns, T* c, Index c_stride, bool add, T* scratch) {
    if (depth == 0 && !add)
        for (Index j = 0; j < columns; ++j) std::fill_n(c + j * c_stride, rows, T(0));
    if (columns > 0 && columns <= detail::most_unpacked)
        return detail::with_constant<detail::most_unpacked>(columns, [&](auto n) {
            detail::multiply_few_unpacked<T, n>(a, a_stride, rows, depth, b, b_stride, c, c_stride, add, scratch);
        });
    for (Index k = 0; k < depth; k += deepest) {
        const auto numbers = [&](Index j, auto n) { return detail::InColumns<T, n>(b + k + j * b_stride, b_stride); };
        detail::multiply_unpacked(a + k * a_stride, a_stride, rows, (std::min)(deepest, depth - k), numbers, columns, c,
                                  c_stride, add || k > 0, static_cast<T*>(nullptr), scratch);
    }
}

#ifdef BPTT_INSTANCE
#define BPTT_PRODUCTS(T)                                                                                                   \
    BPTT_INSTANCE void multiply(const T*, Index, Index, const T*, Index, Index, T*, Index, bool, bool);                    \
    BPTT_INSTANCE void multiply_while_packing(const T*, Index, Index, Index, const T*, Index, Index, T*, Index, bool, T*); \
    BPTT_INSTANCE void detail::add_outer_rows(const T*, Index, Index, Index, const T* const*, Index, T*, Index, T*, T*);
BPTT_PRODUCTS(float)
BPTT_PRODUCTS(double)
#undef BPTT_PRODUCTS
#endif

}  // namespace bptt::kernels
