#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "bptt/kernels/packet.hpp"

// The micro-kernel of all products: a register block of C, as high as a panel of A and a few columns wide, is accumulated while
// the numbers of B are broadcast one by one.

namespace bptt::kernels {

/// A register block of C: so many packets of rows, so many columns.
struct RegisterBlock {
    int packets, columns;
};
/// Its sums, a column's packets of A and one number of B, in all lanes, fill the registers. Where there are 16, three packets
/// need fewer loads than two with six columns, and a core with two units for fused multiply-adds, which sends every other one
/// to the same unit, keeps both busy. Without them a product takes a register of its own.
inline constexpr RegisterBlock register_block = register_count >= 32                         ? RegisterBlock{2, 14}
                                                : register_count >= 16 && fused_multiply_add ? RegisterBlock{3, 4}
                                                : register_count >= 16                       ? RegisterBlock{2, 6}
                                                                                             : RegisterBlock{2, 2};
/// The rows of a whole panel of A.
template <class T> inline constexpr Index panel = register_block.packets* Packet<T>::size;
/// The most columns of a block whose panel is whole.
inline constexpr int widest = register_block.columns;

namespace detail {

/// The most columns of a block: a panel of two packets where a whole one has three keeps the pipelines busy with five.
template <int packets> inline constexpr int widest_of = packets == 2 && register_block.packets == 3 ? widest + 1 : widest;

/// Calls f(n) with n, 1..most, as a compile-time constant.
template <int most, class F> void with_constant(Index n, const F& f) {
    static constexpr auto call = []<int... K>(std::integer_sequence<int, K...>) {
        return std::array{+[](const F& g) { g(std::integral_constant<int, K + 1>()); }...};
    }
    (std::make_integer_sequence<int, most>());
    call[static_cast<std::size_t>(n - 1)](f);
}

/// Calls f(n), then f(n / 2), …, f(1), of compile-time constants.
template <int n, class F> void for_each_half(const F& f) {
    f(std::integral_constant<int, n>());
    if constexpr (n > 1) for_each_half<n / 2>(f);
}

/// How many sums are worth keeping going at once, as an addition waits for the one before it.
inline constexpr int most_sums = (std::min)(16, register_count * 3 / 4);
/// How many whole panels a block of so many columns takes at once, a power of two: of few columns one has few sums.
constexpr int panels_at_once(int columns) {
    const int sums = register_block.packets * columns;
    return 4 * sums <= most_sums ? 4 : 2 * sums <= most_sums ? 2 : 1;
}
/// The most columns with which a block takes several panels.
inline constexpr int few = most_sums / (2 * register_block.packets);

/// Reads packed panels of A, of `packets` packets each, column by column; they are `apart` numbers from one to the next.
template <class T, int packets> struct Packed {
    const T* at;
    Index apart = 0;
    [[gnu::always_inline]] Packet<T> take(int p) const {
        return Packet<T>::load(at + p / packets * apart + p % packets * Packet<T>::size);
    }
    [[gnu::always_inline]] void next() { at += packets * Packet<T>::size; }
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
/// B by its rows, packed: element (k, j) at at[k·N + j].
template <class T, int N> struct InRows {
    const T* at;
    [[gnu::always_inline]] const T* row() const { return at; }
    [[gnu::always_inline]] void next() { at += N; }
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
/// What a block prefetches: a cache line with each column of A, `stride` numbers further each time.
template <class T> struct Ahead {
    const T* at;
    Index stride;

    /// Two blocks fetch half of the next panel each, the last two before it is read: it has columns of `height` numbers. A
    /// block that is alone fetches one half. after: how many columns of C come after the block's, which has `most` at most.
    Ahead(const T* next, Index to_next, Index height, Index after, Index most)
        : at(after == 0 ? next + height / 2 : next), stride(after <= most ? to_next : 0) {}
    Ahead() : at(nullptr), stride(0) {}
};

/// The micro-kernel: C (rows × N) (+)= A B with the inner dimension `depth` and at most `packets` packets of rows. Each number
/// of C is the sum of `chains` independent sums, because an addition waits for the one before it.
template <class T, int packets, int N, int chains, class A, class B>
void block(A a, B b, Index depth, const Target<T>& to, Ahead<T> ahead) {
    using P = Packet<T>;
    P sum[std::size_t{chains}][std::size_t{N}][std::size_t{packets}] = {};
    P x[std::size_t{packets}];
    constexpr bool once = N > 1 && N <= few && packets * (N * chains + 1) < register_count;  // x and the sums in registers
    const auto add_column = [&](int c) __attribute__((always_inline)) {
#pragma GCC unroll 12
        for (int p = 0; p < packets; ++p) x[p] = once ? a.take(p).read_once() : a.take(p);
        if constexpr (N > 1) fetch(ahead.at);
        const auto& numbers = b.row();
#pragma GCC unroll 14
        for (int j = 0; j < N; ++j) {
            const P y = P::of(numbers[j]);
#pragma GCC unroll 12
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
    const bool whole = to.rows == packets * P::size;
#pragma GCC unroll 14
    for (int j = 0; j < N; ++j)
#pragma GCC unroll 12
        for (int p = 0; p < packets; ++p) {
#pragma GCC unroll 4
            for (int c = 1; c < chains; ++c) sum[0][j][p] = sum[0][j][p] + sum[c][j][p];
            to.put(p * P::size, j, sum[0][j][p], whole);
        }
}

}  // namespace detail

}  // namespace bptt::kernels
