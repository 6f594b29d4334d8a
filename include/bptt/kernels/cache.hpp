#pragma once

#include "bptt/core/types.hpp"

// The sizes that follow from caches, so that what a loop reads again is still in the one that is meant. They are those of small
// caches: on CPUs with 48 KiB and 1 MiB larger sizes are no faster. To see what another CPU wants, change them, or
// register_block, and compare `step` and `outer` of the benchmarks.

namespace bptt::kernels {

/// Bytes: of a line (Apple: twice that); of L1 (Zen to Zen 4 and most cores of phones; Zen 5, Intel since 2019 and Apple have
/// more); of L2 (Zen to Zen 3, Neoverse; Intel has 256 KiB to 2 MiB).
inline constexpr Index line_bytes = 64, l1_bytes = 32 * 1024, l2_bytes = 512 * 1024;

/// A cache line, in numbers.
template <class T> inline constexpr Index line = line_bytes / Index{sizeof(T)};

/// The most columns of A that a block of a product goes through: the highest panel of them, of 32 floats with AVX-512, fills
/// L1, one of 24 with AVX2 three quarters of it. From 128 to 320 nothing changes; 512 is slower.
inline constexpr Index deepest = l1_bytes / (32 * Index{sizeof(float)});

/// The most columns of B that a sum of outer products packs at a time: of floats three eighths of L2, which also sees A and C
/// pass by, or three quarters of 256 KiB.
inline constexpr Index slab = l2_bytes * 3 / 8 / (deepest * Index{sizeof(float)});

/// The columns of a head that its W, which may be larger than all caches, is read once for: half as many, as their logits need
/// room, too.
inline constexpr Index head_columns = slab / 2;

/// How many rows or columns ahead memory is fetched that the CPU does not foresee: about its latency.
inline constexpr Index fetch_ahead = 8;

/// The stride of columns of `rows` numbers: a cache line more where columns would fall into the same few sets of the L1 cache.
template <class T> constexpr Index padded_stride(Index rows) { return rows % (8 * line<T>) == 0 ? rows + line<T> : rows; }

/// The depth that packed blocks of B are apart, so that they do not all begin in the same set of the L1 cache.
inline constexpr Index padded_depth = deepest + 4;

}  // namespace bptt::kernels
