#pragma once

#include <algorithm>
#include <type_traits>

#include "bptt/core/compiled.hpp"
#include "bptt/kernels/block.hpp"
#include "bptt/kernels/cache.hpp"

// The form in which products read a matrix A: panels of a few packets of rows, stored column by column.

namespace bptt::kernels {

namespace detail {

/// How many panels of these rows are whole. All are but the last one or two: two of two packets are faster than one of three
/// and one of one.
template <class T> constexpr Index whole_panels(Index rows) {
    constexpr Index whole = register_block.packets;
    const Index packets = (rows + Packet<T>::size - 1) / Packet<T>::size;
    return packets / whole - (whole == 3 && packets > 1 && packets % whole == 1);
}
/// Calls f(packets, panels, i, height) for stacks of neighbouring panels, of `packets` packets each: `most`, a power of two, or
/// fewer where no more are left. A stack begins at row i and has `height` rows.
template <class T, int most, class F> void for_each_stack(Index rows, const F& f) {
    constexpr Index size = Packet<T>::size;
    Index i = 0;
    const auto cut = [&]<int packets, int at_once>(Index panels) {
        for_each_half<at_once>([&](auto together) {
            constexpr Index whole = Index{packets} * together * size;
            for (; panels >= together; panels -= together) {
                const Index height = (std::min)(whole, rows - i);
                f(std::integral_constant<int, packets>(), together, i, height);
                i += height;
            }
        });
    };
    const auto packets_left = [&] { return (rows - i + size - 1) / size; };
    cut.template operator()<register_block.packets, most>(whole_panels<T>(rows));
    if constexpr (register_block.packets == 3) cut.template operator()<2, (std::min)(most, 2)>(packets_left() / 2);
    cut.template operator()<1, 1>(packets_left());
}
/// Calls f(packets, i, height) for each panel, which begins at row i.
template <class T, class F> void for_each_panel(Index rows, const F& f) {
    for_each_stack<T, 1>(rows, [&](auto packets, auto, Index i, Index height) { f(packets, i, height); });
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
    const auto pack = [&](auto load) {
        for (Index k = 0; k < depth; ++k, a += stride, out += height)
#pragma GCC unroll 4
            for (Index r = 0; r < height; r += P::size) load(r).store(out + r);
    };
    if (count == height)
        pack([&](Index r) { return P::load(a + r); });
    else
        pack([&](Index r) { return P::load(a + r, std::clamp<Index>(count - r, 0, P::size)); });
}

/// sums += A 1, `height` numbers, of a packed panel.
template <class T, int packets> void add_columns(const T* panel, Index depth, Index height, T* sums) {
    using P = Packet<T>;
    P sum[std::size_t{packets}] = {};
    for (Index k = 0; k < depth; ++k)
        for (int p = 0; p < packets; ++p) sum[p] = sum[p] + P::load(panel + (k * packets + p) * P::size);
    for (int p = 0; p < packets; ++p)
        if (const Index left = std::min<Index>(P::size, height - p * P::size); left > 0)
            (P::load(sums + p * P::size, left) + sum[p]).store(sums + p * P::size, left);
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

#ifdef BPTT_INSTANCE
BPTT_INSTANCE void pack(const float*, Index, Index, Index, Index, float*);
BPTT_INSTANCE void pack(const double*, Index, Index, Index, Index, double*);
#endif

}  // namespace bptt::kernels
