#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

// Numbers in SIMD registers, and products of packed weights with a few columns, for step.hpp: nothing of Eigen, and no
// exception.

// Files of one program may be compiled for CPUs of different instructions: each has names of its own.
#if defined(__AVX512F__)
#define BPTT_LANES 16
#define BPTT_OF_LANES of_avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define BPTT_LANES 8
#define BPTT_OF_LANES of_avx2
#elif defined(__AVX__)
#define BPTT_LANES 8
#define BPTT_OF_LANES of_avx
#elif defined(__SSE4_1__)
#define BPTT_LANES 4
#define BPTT_OF_LANES of_sse4
#elif defined(__SSE2__) || defined(__ARM_NEON) || defined(__ALTIVEC__) || defined(__VX__) || defined(__wasm_simd128__)
#define BPTT_LANES 4
#define BPTT_OF_LANES of_4_lanes
#else
#define BPTT_LANES 1
#define BPTT_OF_LANES of_1_lane
#endif

namespace bptt::live {
inline namespace BPTT_OF_LANES {

/// How many numbers a SIMD register holds; 1 where there is none.
inline constexpr int lanes = BPTT_LANES;
typedef float Floats __attribute__((vector_size(4 * lanes)));
typedef std::int32_t Ints __attribute__((vector_size(4 * lanes)));
// The same in memory, where it need not be aligned.
typedef float StoredFloats __attribute__((vector_size(4 * lanes), aligned(4), may_alias));
typedef std::int32_t StoredInts __attribute__((vector_size(4 * lanes), aligned(4), may_alias));

/// n, rounded up to whole registers.
constexpr int padded(int n) { return (n + lanes - 1) / lanes * lanes; }

[[gnu::always_inline]] inline Floats of(float x) { return x - Floats{}; }
[[gnu::always_inline]] inline Floats load(const float* p) { return *reinterpret_cast<const StoredFloats*>(p); }
[[gnu::always_inline]] inline void store(float* p, Floats x) { *reinterpret_cast<StoredFloats*>(p) = x; }

/// Between −most and most; NaN stays.
[[gnu::always_inline]] inline Floats clip(Floats x, float most) {
#if defined(__AVX512F__)
    return _mm512_max_ps(of(-most), _mm512_min_ps(of(most), x));
#elif defined(__AVX__)
    return _mm256_max_ps(of(-most), _mm256_min_ps(of(most), x));
#elif defined(__SSE2__)
    return _mm_max_ps(of(-most), _mm_min_ps(of(most), x));
#else
    x = x < -most ? of(-most) : x;
    return x > most ? of(most) : x;
#endif
}

// How weights are stored: a register of words holds `together` columns, of which take() gives the k-th.

struct Float32 {
    using Stored = float;
    static constexpr int together = 1;
    static constexpr bool scaled = false;
    static Floats load(const float* w) { return live::load(w); }
    static Floats take(Floats words, int) { return words; }
};
struct Words {
    using Stored = std::int32_t;
    static Ints load(const std::int32_t* w) { return *reinterpret_cast<const StoredInts*>(w); }
};
/// The upper halves of floats.
struct Bfloat16 : Words {
    static constexpr int together = 2;
    static constexpr bool scaled = false;
    static Floats take(Ints words, int k) { return reinterpret_cast<Floats>(k == 0 ? words << 16 : words & -0x10000); }
};
/// −127..127, each row of a matrix with a scale of its own.
struct Int8 : Words {
    static constexpr int together = 4;
    static constexpr bool scaled = true;
    static Floats take(Ints words, int k) { return __builtin_convertvector(words << (24 - 8 * k) >> 24, Floats); }
};

/// A number that is known when the program is compiled, or, where n is 0, when it runs.
template <int n> struct Size {
    constexpr Size(int) {}
    constexpr operator int() const { return n; }
};
template <> struct Size<0> {
    int n;
    constexpr Size(int size) : n(size) {}
    constexpr operator int() const { return n; }
};
/// Of a layer: the numbers that it reads and writes. voices: how many signals it runs side by side.
template <int fixed_inputs = 0, int fixed_units = 0, int fixed_voices = 0> struct Sizes {
    static constexpr bool one_voice = fixed_voices == 1;
    [[no_unique_address]] Size<fixed_inputs> inputs;
    [[no_unique_address]] Size<fixed_units> units;
    [[no_unique_address]] Size<fixed_voices> voices;
};

/// Columns of numbers, one for each voice, `apart` numbers from one to the next.
template <class T> struct Signals {
    T* at;
    int apart;
    T* of(int voice) const { return at + voice * apart; }
};
using Input = Signals<const float>;
using Output = Signals<float>;

/// The sums of a panel: `packets` registers of rows for each of some voices.
template <int packets, int voices> using Sums = Floats[std::size_t{voices}][std::size_t{packets}];

/// Reads a layer's weights in the order in which its step needs them: the matrices by panels of a few registers of rows, column
/// by column, and registers of single numbers a row: biases, scales of Int8, peepholes.
template <class S> struct Weights {
    const typename S::Stored* matrix;
    const float* rows;
    long fetched_ahead = 0;  // by how many words: of matrices that no near cache holds

    /// A register of single numbers a row.
    [[gnu::always_inline]] Floats take_row() {
        rows += lanes;
        return live::load(rows - lanes);
    }
    /// sums = b
    template <std::size_t packets, std::size_t voices> [[gnu::always_inline]] void take_bias(Floats (&sums)[voices][packets]) {
#pragma GCC unroll 8
        for (std::size_t p = 0; p < packets; ++p) {
            const Floats b = take_row();
#pragma GCC unroll 8
            for (std::size_t v = 0; v < voices; ++v) sums[v][p] = b;
        }
    }
    /// sums += W x, x: `count` numbers of each voice from the first on.
    template <std::size_t all_packets, std::size_t all_voices>
    [[gnu::always_inline]] void add_product(Floats (&sums)[all_voices][all_packets], Input x, int first, int count) {
        constexpr int packets = all_packets, voices = all_voices;
        // Sums at once, as an addition waits for the one before it; for several voices there are enough.
        constexpr int few = lanes == 16 ? 4 : 2;
        constexpr int chains = voices > 1 || packets > 6 ? 1 : packets > 4 ? 2 : packets > 2 ? few : 2 * few;
        constexpr int group = chains > S::together ? chains : S::together, words = packets * lanes;
        Floats sum[std::size_t{chains}][all_voices][all_packets] = {};
        if constexpr (!S::scaled)
#pragma GCC unroll 8
            for (int v = 0; v < voices; ++v)
#pragma GCC unroll 8
                for (int p = 0; p < packets; ++p) sum[0][v][p] = sums[v][p];
        // Adds the columns k.. that share words, `most` of them, which are the c-th, … of their group.
        const auto add_columns = [&](int k, int c, int most) __attribute__((always_inline)) {
#pragma GCC unroll 8
            for (int p = 0; p < packets; ++p) {
                const auto w = S::load(matrix + p * lanes);
                if (fetched_ahead > 0) __builtin_prefetch(matrix + p * lanes + fetched_ahead);
#pragma GCC unroll 4
                for (int j = 0; j < S::together; ++j)
#pragma GCC unroll 8
                    for (int v = 0; v < voices; ++v)
                        if (j < most) sum[(c + j) % chains][v][p] += S::take(w, j) * x.of(first + v)[k + j];
            }
            matrix += words;
        };
        int k = 0;
        for (; k + group <= count; k += group)
#pragma GCC unroll 8
            for (int c = 0; c < group; c += S::together) add_columns(k + c, c, S::together);
        for (; k + S::together <= count; k += S::together) add_columns(k, 0, S::together);
        if (k < count) add_columns(k, 0, count - k);
#pragma GCC unroll 8
        for (int p = 0; p < packets; ++p) {
            const Floats scale = S::scaled ? take_row() : Floats{};
#pragma GCC unroll 8
            for (int v = 0; v < voices; ++v) {
                if constexpr (!S::scaled) sums[v][p] = sum[0][v][p];
#pragma GCC unroll 8
                for (int c = S::scaled ? 0 : 1; c < chains; ++c)
                    if constexpr (S::scaled)
                        sums[v][p] += scale * sum[c][v][p];
                    else
                        sums[v][p] += sum[c][v][p];
            }
        }
    }
};

/// Calls f(weights, v) for groups of voices that begin with the voice v; the same weights for each, which w then has read.
template <class S, class F> [[gnu::always_inline]] inline void for_voices(Weights<S>& w, int voices, const F& f) {
#if defined(__AVX512F__) || defined(__aarch64__)
    constexpr int most = 4;  // whose sums fit into 32 registers
#else
    constexpr int most = 2;
#endif
    const Weights<S> start = w;
    int v = 0;
    for (; v + most <= voices; v += most) f.template operator()<most>(w = start, v);
    for (; v < voices; ++v) f.template operator()<1>(w = start, v);
}
/// Calls f(u) for panels of rows, u the first: of `most` registers, then of half as many, …, of one.
template <int most, class F> [[gnu::always_inline]] constexpr void for_panels(int rows, const F& f, int u = 0) {
    for (; u + most * lanes <= padded(rows); u += most * lanes) f.template operator()<most>(u);
    if constexpr (most > 1) for_panels<most / 2>(rows, f, u);
}
/// The registers of a panel, of a layer with so many gates: for one voice, enough sums to wait for.
template <int gates, class N> inline constexpr int most_packets = N::one_voice ? (gates > 2 ? 2 : 4) : 1;

/// Calls f(weights, u, v) for panels of units, u the first, and groups of voices, v the first.
template <int gates, class N, class S, class F>
[[gnu::always_inline]] inline void for_blocks(const N& n, Weights<S>& weights, const F& f) {
    for_panels<most_packets<gates, N>>(
        n.units, [&]<int packets>(int u) __attribute__((always_inline)) {
            for_voices(
                weights, n.voices, [&]<int voices>(Weights<S> & w, int v) __attribute__((always_inline)) {
                    f.template operator()<packets, voices>(w, u, v);
                });
        });
}
/// Calls f(j, p) for each of a block's voices and registers.
template <int packets, int voices, class F> [[gnu::always_inline]] inline void for_registers(const F& f) {
#pragma GCC unroll 8
    for (int j = 0; j < voices; ++j)
#pragma GCC unroll 8
        for (int p = 0; p < packets; ++p) f(j, p);
}

}  // namespace BPTT_OF_LANES
}  // namespace bptt::live

#undef BPTT_LANES
