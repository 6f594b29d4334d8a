#pragma once

// A SIMD register of numbers, as wide as the machine has it. This is the only file that uses Eigen's internals.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "bptt/core/types.hpp"

#if defined(EIGEN_VECTORIZE_SSE)
#include <xmmintrin.h>
#endif

namespace bptt::kernels {

/// `size` numbers in a SIMD register: Eigen's packet.
template <class T> struct Packet {
    using Raw = typename Eigen::internal::packet_traits<T>::type;
    static constexpr std::size_t lanes = Eigen::internal::unpacket_traits<Raw>::size;
    static constexpr Index size = lanes;
    static constexpr bool has_masks = Eigen::internal::unpacket_traits<Raw>::masked_load_available &&
                                      Eigen::internal::unpacket_traits<Raw>::masked_store_available;

    Raw raw;

    static Packet of(T x) { return {Eigen::internal::pset1<Raw>(x)}; }
    static Packet load(const T* p) { return {Eigen::internal::ploadu<Raw>(p)}; }
    /// Loads the first n lanes; the others are `rest`.
    static Packet load(const T* p, Index n, T rest = 0) {
        using namespace Eigen::internal;
        if constexpr (has_masks) {
            const Raw there = pcmp_lt(plset<Raw>(T(0)), pset1<Raw>(static_cast<T>(n)));
            return {pselect(there, ploadu<Raw>(p, first(n)), pset1<Raw>(rest))};
        } else {
            T all[lanes];
            for (Index k = 0; k < size; ++k) all[k] = k < n ? p[k] : rest;
            return load(all);
        }
    }
    /// The same, read by one instruction: GCC lets each operation on it read the memory that it comes from.
    [[gnu::always_inline]] Packet read_once() const {
        Raw once = raw;
        EIGEN_OPTIMIZATION_BARRIER(once)
        return {once};
    }
    void store(T* p) const { Eigen::internal::pstoreu(p, raw); }
    void store(T* p, Index n) const {
        if constexpr (has_masks) {
            Eigen::internal::pstoreu(p, raw, first(n));
        } else {
            T all[lanes];
            store(all);
            for (Index k = 0; k < size; ++k)
                if (k < n) p[k] = all[k];
        }
    }

    /// Transposes a square of `size` packets: its rows become its columns.
    static void transpose(Packet* rows) {
        Square square;
        for (Index k = 0; k < size; ++k) square.packet[k] = rows[k].raw;
        Eigen::internal::ptranspose(square);
        for (Index k = 0; k < size; ++k) rows[k].raw = square.packet[k];
    }

    friend Packet operator+(Packet a, Packet b) { return {Eigen::internal::padd(a.raw, b.raw)}; }
    friend Packet operator-(Packet a, Packet b) { return {Eigen::internal::psub(a.raw, b.raw)}; }
    friend Packet operator*(Packet a, Packet b) { return {Eigen::internal::pmul(a.raw, b.raw)}; }
    friend Packet operator/(Packet a, Packet b) { return {Eigen::internal::pdiv(a.raw, b.raw)}; }
    friend Packet operator*(T a, Packet b) { return of(a) * b; }
    friend Packet operator/(Packet a, T b) { return a / of(b); }
    friend Packet operator+(Packet a, T b) { return a + of(b); }
    friend Packet sqrt(Packet x) { return {Eigen::internal::psqrt(x.raw)}; }
    /// a b + c
    friend Packet madd(Packet a, Packet b, Packet c) { return {Eigen::internal::pmadd(a.raw, b.raw, c.raw)}; }
    /// Between low and high; NaN stays.
    friend Packet clip(Packet x, T low, T high) {
        using namespace Eigen::internal;
        return {pmax(pmin(x.raw, pset1<Raw>(high)), pset1<Raw>(low))};
    }
    /// The greater; NaN where either is.
    friend Packet larger(Packet a, Packet b) { return {Eigen::internal::pmax<Eigen::PropagateNaN>(a.raw, b.raw)}; }
    friend T highest(Packet x) { return Eigen::internal::predux_max<Eigen::PropagateNaN>(x.raw); }
    friend T sum(Packet x) { return Eigen::internal::predux(x.raw); }
    /// b where a > 0, else c; NaN is not above 0.
    friend Packet where_positive(Packet a, Packet b, Packet c) {
        using namespace Eigen::internal;
        return {pselect(pcmp_lt(pzero(a.raw), a.raw), b.raw, c.raw)};
    }

    /// f of each number.
    Packet each(auto f) const {
        T all[lanes];
        store(all);
        for (T& one : all) one = f(one);
        return load(all);
    }
    /// eˣ as Eigen or the standard library has it.
    Packet plain_exp() const {
        if constexpr (Eigen::internal::packet_traits<T>::HasExp && size > 1)
            return {Eigen::internal::pexp(raw)};
        else
            return each([](T one) { return std::exp(one); });
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of a register: how it is aligned, which its type says, too
    /// Whether there is nearest_power(): of floats, where Eigen has their bits as a packet, too.
    static constexpr bool has_powers = std::is_same_v<T, float> && size > 1 && requires(Raw x) {
        Eigen::internal::plogical_shift_left<23>(
            Eigen::internal::preinterpret<typename Eigen::internal::unpacket_traits<Raw>::integer_packet>(x));
    };
    struct Power {
        Packet n, power;
    };
    /// n = round(factor x) and 2ⁿ; it must be −126..127.
    static Power nearest_power(Packet x, T factor) {
        using namespace Eigen::internal;
        using Bits = typename unpacket_traits<Raw>::integer_packet;
        const Raw shift = pset1<Raw>(T(0x1.8p23) + 127);  // the last bits of a sum with it are those of n + 127, an exponent
        Raw sum = pmadd(x.raw, pset1<Raw>(factor), shift);
        EIGEN_OPTIMIZATION_BARRIER(sum)  // -fassociative-math would take away what has been added
        return {{psub(sum, shift)}, {preinterpret<Raw>(plogical_shift_left<23>(preinterpret<Bits>(sum)))}};
    }

private:
    using Square = Eigen::internal::PacketBlock<Raw, static_cast<int>(size)>;
#pragma GCC diagnostic pop
    using Mask = std::conditional_t<size == 8, std::uint8_t, std::uint16_t>;  // a bit for each lane
    static Mask first(Index n) { return static_cast<Mask>((1u << n) - 1); }
};

/// Prefetches memory that will soon be read, or written. The address may be out of bounds. Inlined always: GCC drops calls of a
/// function that does nothing else, as if it had no effect.
[[gnu::always_inline]] inline void fetch(const auto*... p) { (__builtin_prefetch(p), ...); }
[[gnu::always_inline]] inline void fetch_to_write(const auto*... p) { (__builtin_prefetch(p, 1), ...); }

/// Whether madd() is one instruction.
#if defined(EIGEN_VECTORIZE_FMA) || defined(__ARM_FEATURE_FMA)
inline constexpr bool fused_multiply_add = true;
#else
inline constexpr bool fused_multiply_add = false;
#endif
/// How many packets the machine's registers hold.
inline constexpr int register_count = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS;

/// While it lives, this thread treats denormal numbers as zero, on x86 with SSE and on 64-bit ARM: a state that decays would
/// otherwise make each operation a hundred times as slow.
class FlushDenormals {
public:
    FlushDenormals() : saved_mode_(mode()) { set_mode(saved_mode_ | flushing); }
    ~FlushDenormals() { set_mode(saved_mode_); }
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
    // The register that says how the CPU computes.
#if defined(EIGEN_VECTORIZE_SSE)
    static constexpr unsigned flushing = 0x8040;
    static unsigned mode() { return _mm_getcsr(); }
    static void set_mode(unsigned mode) { _mm_setcsr(mode); }
#elif defined(__aarch64__) && defined(__GNUC__)
    static constexpr unsigned long flushing = 1ul << 24;
    static unsigned long mode() {
        unsigned long now;
        asm volatile("mrs %0, fpcr" : "=r"(now)::"memory");
        return now;
    }
    static void set_mode(unsigned long mode) { asm volatile("msr fpcr, %0" ::"r"(mode) : "memory"); }
#else
    static constexpr unsigned flushing = 0;
    static unsigned mode() { return 0; }
    static void set_mode(unsigned) {}
#endif

    decltype(mode()) saved_mode_;
};

}  // namespace bptt::kernels
