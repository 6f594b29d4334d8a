#pragma once

#include <algorithm>
#include <array>
#include <type_traits>

#include "bptt/core/compiled.hpp"
#include "bptt/kernels/block.hpp"

// Products of the form C (+)= A B. A is packed into panels of two packets of rows. A number of C is summed in the same order,
// whatever the blocks are, so that it depends neither on the other columns nor on the thread that computes it.

namespace bptt::kernels {

/// Depth of a block: a packed panel of A (16 KiB with AVX) and the columns of B that it meets fit into a 256 KiB L2 cache.
inline constexpr Index deepest = 256;

/// The stride of columns of `rows` numbers: a cache line more where columns would fall into the same few sets of the L1 cache.
template <class T> constexpr Index padded_stride(Index rows) {
    constexpr Index line = 64 / sizeof(T);
    return rows % (8 * line) == 0 ? rows + line : rows;
}

/// The first number of part k, if 0..n − 1 is cut into `parts` parts that differ by one `unit` at most; n for k = parts.
constexpr Index part(Index n, Index parts, Index k, Index unit = 1) {
    const Index units = (n + unit - 1) / unit;
    return (std::min)(n, unit * (units / parts * k + (std::min)(k, units % parts)));
}
/// Cuts columns into the fewest blocks of at most `widest`; their widths differ by one at most.
class Blocks {
    Index count_, width_, wider_;

public:
    explicit Blocks(Index columns)
        : count_((columns + widest - 1) / widest),
          width_(columns / std::max<Index>(1, count_)),
          wider_(columns - count_ * width_) {}
    /// Calls f(first, width) for each block.
    template <class F> void for_each(const F& f) const {
        for (Index k = 0, j = 0; k < count_; ++k) {
            const Index width = width_ + (k < wider_);
            f(j, width);
            j += width;
        }
    }
};

namespace detail {

/// Calls f(packets, i, height) for each panel, which begins at row i; the last one may have one packet only.
template <class T, class F> void for_each_panel(Index rows, const F& f) {
    for (Index i = 0; i < rows; i += panel<T>) {
        const Index height = (std::min)(panel<T>, rows - i);
        if (height > Packet<T>::size)
            f(std::integral_constant<int, 2>(), i, height);
        else
            f(std::integral_constant<int, 1>(), i, height);
    }
}

/// Packs `count` rows, row r at a + r·down with its numbers side by side, into a panel of `height` rows.
template <class T, Index height> void pack_rows(const T* a, Index down, Index count, Index depth, T* out) {
    using P = Packet<T>;
    P square[P::lanes];
    for (Index k = 0; k < depth; k += P::size)
        for (Index r = 0; r < height; r += P::size) {
            const Index rows = (std::min)(P::size, count - r), columns = (std::min)(P::size, depth - k);
            const T* const from = a + r * down + k;
            const bool whole = rows == P::size && columns == P::size;
            for (Index i = 0; i < P::size; ++i)
                square[i] = whole ? P::load(from + i * down) : i < rows ? P::load(from + i * down, columns) : P::of(0);
            P::transpose(square);
            for (Index i = 0; i < columns; ++i) square[i].store(out + (k + i) * height + r);
        }
}

/// Packs `count` rows, column k at a + k·stride, into a panel of `height` rows.
template <class T, Index height> void pack_columns(const T* a, Index stride, Index count, Index depth, T* out) {
    using P = Packet<T>;
    for (Index k = 0; k < depth; ++k)
        for (Index r = 0; r < height; r += P::size) {
            const T* const from = a + k * stride + r;
            (count == height ? P::load(from) : P::load(from, std::clamp<Index>(count - r, 0, P::size)))
                .store(out + k * height + r);
        }
}

}  // namespace detail

/// The size of a packed rows × depth matrix, in numbers.
template <class T> constexpr Index packed_size(Index rows, Index depth) {
    return (rows + Packet<T>::size - 1) / Packet<T>::size * Packet<T>::size * depth;
}

/// Packs a rows × depth matrix with element (i, k) at a[i·down + k·right], where down or right is 1, in the order of use: panel
/// by panel for the first `deepest` columns, then for the next ones. The last panel is padded with rows of zeros.
template <class T> void pack(const T* a, Index down, Index right, Index rows, Index depth, T* out) {
    for (Index k0 = 0; k0 < depth; k0 += deepest) {
        const Index deep = (std::min)(deepest, depth - k0);
        detail::for_each_panel<T>(rows, [&](auto packets, Index i, Index count) {
            constexpr Index height = packets * Packet<T>::size;
            const T* const from = a + i * down + k0 * right;
            if (right == 1)
                detail::pack_rows<T, height>(from, down, count, deep, out);
            else
                detail::pack_columns<T, height>(from, right, count, deep, out);
            out += height * deep;
        });
    }
}

/// c (+)= A b with one column. Four panels at a time share each number of b; in the panels left over each sum is split into
/// four, as an addition waits for the one before it.
template <class T> void multiply_column(const T* packed, Index rows, Index depth, const T* b, T* c, bool add) {
    constexpr int tall = 4;  // panels
    for (Index k = 0; k < depth; k += deepest) {
        const Index deep = (std::min)(deepest, depth - k), apart = panel<T> * deep;
        const detail::InColumns<T, 1> column(b + k, 0);
        Index above = 0;
        for (; above + tall * panel<T> <= rows; above += tall * panel<T>, packed += tall * apart)
            detail::block<T, 2 * tall, 1, 1>(detail::Packed<T, 2 * tall>{packed, apart}, column, deep,
                                             {c + above, 0, tall * panel<T>, add || k > 0}, {});
        detail::for_each_panel<T>(rows - above, [&](auto packets, Index i, Index height) {
            constexpr int P = decltype(packets)::value;
            detail::block<T, P, 1, 4>(detail::Packed<T, P>{packed}, column, deep, {c + above + i, 0, height, add || k > 0}, {});
            packed += P * Packet<T>::size * deep;
        });
    }
}

/// C (+)= A B: A rows × depth, packed; column j of B at b + j·b_stride, of C at c + j·c_stride.
/// `single`: there is one column, and it is summed in another order. Set it if the whole batch is one sequence, never because a
/// call happens to have one column: the result must not depend on the number of threads.
template <class T> void multiply(const T* packed, Index rows, Index depth, const T* b, Index b_stride, Index columns, T* c,
                                 Index c_stride, bool add, bool single = false) {
    if (depth == 0 && !add)
        for (Index j = 0; j < columns; ++j) std::fill(c + j * c_stride, c + j * c_stride + rows, T(0));
    if (single) return multiply_column(packed, rows, depth, b, c, add);
    const Blocks blocks(columns);
    for (Index k = 0; k < depth; k += deepest) {
        const Index deep = (std::min)(deepest, depth - k);
        detail::for_each_panel<T>(rows, [&](auto packets, Index i, Index height) {
            constexpr int P = decltype(packets)::value;
            constexpr Index high = P * Packet<T>::size;
            const T* const next = packed + high * deep;
            blocks.for_each([&](Index j, Index width) {
                detail::with_constant(width, [&](auto n) {
                    constexpr int N = decltype(n)::value;
                    detail::block<T, P, N, 1>(
                        detail::Packed<T, P>{packed}, detail::InColumns<T, N>(b + k + j * b_stride, b_stride), deep,
                        {c + i + j * c_stride, c_stride, height, add || k > 0}, {next, j == 0 ? high : 0});
                });
            });
            packed = next;
        });
    }
}

/// The size of the scratch that add_outer() and multiply_while_packing() need, in numbers.
template <class T> inline constexpr Index outer_scratch = panel<T>* deepest;

namespace detail {

/// C (+)= A B with a depth of `deepest` at most, A unpacked: each panel is packed into `scratch` while its first block of C is
/// computed, if C is as wide as that. numbers(j, n): columns j..j + n − 1 of B. sums += A 1, unless maybe_sums is null.
template <class T, class Numbers> void multiply_unpacked(const T* a, Index a_stride, Index rows, Index depth,
                                                         const Numbers& numbers, Index columns, T* c, Index c_stride, bool add,
                                                         T* maybe_sums, T* scratch) {
    constexpr std::integral_constant<int, widest> all{};
    for (Index i = 0; i < rows; i += panel<T>) {
        const Index height = (std::min)(panel<T>, rows - i);
        const T* const from = a + i;
        const auto target = [&](Index j) { return Target<T>{c + i + j * c_stride, c_stride, height, add}; };
        Index done = 0;
        if (height == panel<T> && columns >= widest) {
            done = widest;
            block<T, 2, widest, 1>(Packing<T>{from, a_stride, scratch, maybe_sums ? maybe_sums + i : nullptr}, numbers(0, all),
                                   depth, target(0), {scratch, 0});
        } else {
            pack_columns<T, panel<T>>(from, a_stride, height, depth, scratch);
            for (Index r = 0; maybe_sums && r < height; ++r) {  // in the same order as Packing has it
                T sum = 0;
                for (Index k = 0; k < depth; ++k) sum += scratch[k * panel<T> + r];
                maybe_sums[i + r] += sum;
            }
        }
        Blocks(columns - done).for_each([&](Index j, Index width) {
            const bool first = j == 0;  // prefetches the next panel
            with_constant(width, [&](auto n) {
                block<T, 2, n, 1>(Packed<T, 2>{scratch}, numbers(done + j, n), depth, target(done + j),
                                  {first ? from + panel<T> : scratch, first ? a_stride : 0});
            });
        });
    }
}

/// add_outer() with a depth of `deepest` at most: b_k at b[k].
template <class T> void add_outer_rows(const T* a, Index a_stride, Index rows, Index depth, const T* const* b, Index columns,
                                       T* c, Index c_stride, T* maybe_sums, T* scratch) {
    const auto numbers = [&](Index j, auto) { return InRows<T>{b, j}; };
    multiply_unpacked(a, a_stride, rows, depth, numbers, columns, c, c_stride, true, maybe_sums, scratch);
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

/// multiply() with an unpacked A, column k at a + k·a_stride; scratch: outer_scratch numbers.
template <class T> void multiply_while_packing(const T* a, Index a_stride, Index rows, Index depth, const T* b, Index b_stride,
                                               Index columns, T* c, Index c_stride, bool add, T* scratch) {
    if (depth == 0 && !add)
        for (Index j = 0; j < columns; ++j) std::fill_n(c + j * c_stride, rows, T(0));
    for (Index k = 0; k < depth; k += deepest) {
        const auto numbers = [&](Index j, auto n) { return detail::InColumns<T, n>(b + k + j * b_stride, b_stride); };
        detail::multiply_unpacked(a + k * a_stride, a_stride, rows, (std::min)(deepest, depth - k), numbers, columns, c,
                                  c_stride, add || k > 0, static_cast<T*>(nullptr), scratch);
    }
}

#ifdef BPTT_INSTANCE
#define BPTT_PRODUCTS(T)                                                                                                   \
    BPTT_INSTANCE void pack(const T*, Index, Index, Index, Index, T*);                                                     \
    BPTT_INSTANCE void multiply(const T*, Index, Index, const T*, Index, Index, T*, Index, bool, bool);                    \
    BPTT_INSTANCE void multiply_while_packing(const T*, Index, Index, Index, const T*, Index, Index, T*, Index, bool, T*); \
    BPTT_INSTANCE void detail::add_outer_rows(const T*, Index, Index, Index, const T* const*, Index, T*, Index, T*, T*);
BPTT_PRODUCTS(float)
BPTT_PRODUCTS(double)
#undef BPTT_PRODUCTS
#endif

}  // namespace bptt::kernels
