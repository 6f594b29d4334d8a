#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "bptt/kernels/packet.hpp"

// The micro-kernel of all products: a register block of C, as high as a panel of A and a few columns wide, is accumulated while
// the numbers of B are broadcast one by one.

namespace bptt::kernels {

template <class T> inline constexpr Index panel = 2 * Packet<T>::size;
/// The most columns of a register block: with two packets of A and one of B it fills the registers.
inline constexpr int widest = register_count >= 32 ? 14 : register_count >= 16 ? 6 : 2;

namespace detail {

/// Calls f(n) with n, 1..widest, as a compile-time constant.
template <class F> void with_constant(Index n, const F& f) {
    static constexpr auto call = []<int... K>(std::integer_sequence<int, K...>) {
        return std::array{+[](const F& g) { g(std::integral_constant<int, K + 1>()); }...};
    }
    (std::make_integer_sequence<int, widest>());
    call[static_cast<std::size_t>(n - 1)](f);
}

/// Reads a packed panel of A column by column, or several panels at once, `apart` numbers from one to the next.
template <class T, int packets> struct Packed {
    const T* at;
    Index apart = 0;
    [[gnu::always_inline]] Packet<T> take(int p) const { return Packet<T>::load(at + p / 2 * apart + p % 2 * Packet<T>::size); }
    [[gnu::always_inline]] void next() { at += (std::min)(packets, 2) * Packet<T>::size; }
    void end() const {}
};
/// Reads an unpacked panel of A and packs it on the way; adds its columns to `sums`, unless that is null.
template <class T> struct Packing {
    const T* at;
    Index stride;
    T *packed, *sums;
    Packet<T> sum[2] = {};
    [[gnu::always_inline]] Packet<T> take(int p) {
        constexpr Index soon = 8;  // prefetch distance in columns, about the latency of memory
        const auto x = Packet<T>::load(at + p * Packet<T>::size);
        x.store(packed + p * Packet<T>::size);
        sum[p] = sum[p] + x;
        fetch(at + p * Packet<T>::size + soon * stride);
        return x;
    }
    [[gnu::always_inline]] void next() { at += stride, packed += panel<T>; }
    void end() const {
        if (!sums) return;
        for (Index p = 0; p < 2; ++p) (Packet<T>::load(sums + p * Packet<T>::size) + sum[p]).store(sums + p * Packet<T>::size);
    }
};
/// B by its columns: element (k, j) at b[k + j·stride].
template <class T, int N> class InColumns {
    static constexpr int together = 3, groups = (N + together - 1) / together;  // `together` columns share a pointer
    const T* from_[static_cast<std::size_t>(groups)];
    Index stride_;

public:
    InColumns(const T* b, Index stride) : stride_(stride) {
        for (int g = 0; g < groups; ++g) from_[g] = b + g * together * stride;
    }
    [[gnu::always_inline]] T operator[](int j) const { return from_[j / together][j % together * stride_]; }
    [[gnu::always_inline]] const InColumns& row() const { return *this; }
    [[gnu::always_inline]] void next() {
#pragma GCC unroll 5
        for (int g = 0; g < groups; ++g) ++from_[g];
    }
};
/// B by its rows: element (k, j) at rows[k][offset + j].
template <class T> struct InRows {
    const T* const* at;
    Index offset;
    [[gnu::always_inline]] const T* row() const {
        const T* p = *at + offset;
        asm("" : "+r"(p));  // one pointer: the compiler would keep as many sums of offset and j as a block has columns
        return p;
    }
    [[gnu::always_inline]] void next() { ++at; }
};
/// Where a block's result goes.
template <class T> struct Target {
    T* c;
    Index stride, rows;
    bool add;

    /// Writes x into column j from `row` on, as much of it as there are rows; whole: all of it.
    [[gnu::always_inline]] void put(Index row, Index j, Packet<T> x, bool whole) const {
        T* const at = c + j * stride + row;
        if (whole)
            (add ? Packet<T>::load(at) + x : x).store(at);
        else if (const Index left = std::min<Index>(Packet<T>::size, rows - row); left > 0)
            (add ? Packet<T>::load(at, left) + x : x).store(at, left);
    }
};
/// What a block prefetches: as many packets as a column of A has, from `at` on, `stride` numbers further with each column.
template <class T> struct Ahead {
    const T* at;
    Index stride;
};

/// The micro-kernel: C (rows × N) (+)= A B with the inner dimension `depth` and at most `packets` packets of rows. Each number
/// of C is the sum of `chains` independent sums, because an addition waits for the one before it.
template <class T, int packets, int N, int chains, class A, class B>
void block(A a, B b, Index depth, const Target<T>& to, Ahead<T> ahead) {
    using P = Packet<T>;
    P sum[std::size_t{chains}][std::size_t{N}][std::size_t{packets}] = {};
    P x[std::size_t{packets}];
    const auto add_column = [&](int c) __attribute__((always_inline)) {
#pragma GCC unroll 8
        for (int p = 0; p < packets; ++p) {
            x[p] = a.take(p);
            if constexpr (N > 1) fetch(ahead.at + p * P::size);
        }
        const auto& numbers = b.row();
#pragma GCC unroll 14
        for (int j = 0; j < N; ++j) {
            const P y = P::of(numbers[j]);
#pragma GCC unroll 8
            for (int p = 0; p < packets; ++p) sum[c][j][p] = madd(x[p], y, sum[c][j][p]);
        }
        a.next(), b.next();
        ahead.at += ahead.stride;
    };
    Index k = 0;
    for (; k < std::min<Index>(N, depth); ++k) {
        for (int p = 0; p < packets; ++p) fetch_to_write(to.c + k * to.stride + p * P::size);  // in time for put()
        add_column(0);
    }
    if constexpr (chains > 1)
        for (; k + chains <= depth; k += chains) {
#pragma GCC unroll 4
            for (int c = 0; c < chains; ++c) add_column(c);
        }
    for (; k < depth; ++k) add_column(0);
    a.end();
    const bool whole = to.rows == packets * P::size;
#pragma GCC unroll 14
    for (int j = 0; j < N; ++j)
#pragma GCC unroll 8
        for (int p = 0; p < packets; ++p) {
#pragma GCC unroll 4
            for (int c = 1; c < chains; ++c) sum[0][j][p] = sum[0][j][p] + sum[c][j][p];
            to.put(p * P::size, j, sum[0][j][p], whole);
        }
}

}  // namespace detail

}  // namespace bptt::kernels
