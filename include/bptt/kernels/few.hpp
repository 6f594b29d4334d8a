#pragma once

#include <algorithm>

#include "bptt/kernels/pack.hpp"

// Products with few columns: where a text is written or a signal comes in, a step at a time. Where they have less than a
// register block, several panels of A are taken at once; and an A that is not packed yet is read as it stands.

namespace bptt::kernels::detail {

/// C (+)= A B with few columns, as in multiply(). Several panels of A at a time share each number of B.
/// split: each sum is split into as many as are worth keeping going.
template <class T, int columns, bool split>
void multiply_few(const T* packed, Index rows, Index depth, const T* b, Index b_stride, T* c, Index c_stride, bool add) {
    for (Index k = 0; k < depth; k += deepest) {
        const Index deep = (std::min)(deepest, depth - k);
        for_each_stack<T, panels_at_once(columns)>(rows, [&](auto packets, auto panels, Index i, Index height) {
            constexpr int P = decltype(packets)::value, all = P * decltype(panels)::value;
            constexpr int chains = split ? std::clamp(most_sums / all, 1, 4) : 1;
            constexpr Index high = P * Packet<T>::size;
            const Index apart = high * deep;
            const T* const next = packed + panels * apart;
            block<T, all, columns, chains>(Packed<T, P>{packed, apart}, InColumns<T, columns>(b + k, b_stride), deep,
                                           {c + i, c_stride, height, add || k > 0}, {next, high, high, 0, columns});
            packed = next;
        });
    }
}

/// The most columns with which packing A would cost more than it gains: one block takes them all, or two do.
inline constexpr int most_unpacked = (std::min)(8, 2 * widest);

/// Reads rows of an unpacked A, `stride` numbers from one column to the next: too far for the CPU to foresee.
template <class T> struct Unpacked {
    const T* at;
    Index stride;
    [[gnu::always_inline]] Packet<T> take(int p) const {
        const T* const here = at + p * Packet<T>::size;
        if (p * Packet<T>::size % line<T> == 0) fetch(here + fetch_ahead * stride);
        return Packet<T>::load(here);
    }
    [[gnu::always_inline]] void next() { at += stride; }
};

/// C (+)= A B with few columns, A unpacked, column k at a + k·a_stride. scratch: packing_scratch numbers.
template <class T, int columns> void multiply_few_unpacked(const T* a, Index a_stride, Index rows, Index depth, const T* b,
                                                           Index b_stride, T* c, Index c_stride, bool add, T* scratch) {
    constexpr Index size = Packet<T>::size;
    const Index whole = rows / size * size;
    for (Index k = 0; k < depth; k += deepest, a += deepest * a_stride) {
        const Index deep = (std::min)(deepest, depth - k);
        const auto one = [&]<int packets>(auto from, Index i, Index height) {
            constexpr int second = columns > widest ? columns / 2 : 0, first = columns - second;
            block<T, packets, first, 1>(from, InColumns<T, first>(b + k, b_stride), deep,
                                        {c + i, c_stride, height, add || k > 0}, {});
            if constexpr (second > 0)
                block<T, packets, second, 1>(from, InColumns<T, second>(b + k + first * b_stride, b_stride), deep,
                                             {c + i + first * c_stride, c_stride, height, add || k > 0}, {});
        };
        for_each_stack<T, panels_at_once(columns)>(whole, [&](auto packets, auto panels, Index i, Index height) {
            one.template operator()<packets * panels>(Unpacked<T>{a + i, a_stride}, i, height);
        });
        if (whole == rows) continue;
        pack_columns<T, size>(a + whole, a_stride, rows - whole, deep, scratch);
        one.template operator()<1>(Packed<T, 1>{scratch}, whole, rows - whole);
    }
}

}  // namespace bptt::kernels::detail
