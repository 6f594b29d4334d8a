#pragma once

// The only file that knows Eigen's internals: a register of numbers, whatever the machine has.

#include <cmath>
#include <cstring>

#include "bptt/core/types.hpp"

#if defined(EIGEN_VECTORIZE_SSE)
#include <xmmintrin.h>
#endif

namespace bptt::kernels {

/// `size` numbers side by side.
template <class T> struct Packet {
    using Raw = typename Eigen::internal::packet_traits<T>::type;
    static constexpr Index size = Eigen::internal::unpacket_traits<Raw>::size;

    Raw raw;

    static Packet of(T x) { return {Eigen::internal::pset1<Raw>(x)}; }
    static Packet load(const T* p) { return {Eigen::internal::ploadu<Raw>(p)}; }
    /// The first n, zeros after them.
    static Packet load(const T* p, Index n) {
        T all[size] = {};
        std::memcpy(all, p, static_cast<std::size_t>(n) * sizeof(T));
        return load(all);
    }
    void store(T* p) const { Eigen::internal::pstoreu(p, raw); }
    void store(T* p, Index n) const {
        T all[size];
        store(all);
        std::memcpy(p, all, static_cast<std::size_t>(n) * sizeof(T));
    }

    friend Packet operator+(Packet a, Packet b) { return {Eigen::internal::padd(a.raw, b.raw)}; }
    friend Packet operator-(Packet a, Packet b) { return {Eigen::internal::psub(a.raw, b.raw)}; }
    friend Packet operator*(Packet a, Packet b) { return {Eigen::internal::pmul(a.raw, b.raw)}; }
    /// a b + c
    friend Packet madd(Packet a, Packet b, Packet c) { return {Eigen::internal::pmadd(a.raw, b.raw, c.raw)}; }
    friend Packet sigmoid(Packet x) { return {Eigen::internal::scalar_logistic_op<T>().packetOp(x.raw)}; }
    friend Packet tanh(Packet x) {
        if constexpr (Eigen::internal::packet_traits<T>::HasTanh && size > 1) {
            return {Eigen::internal::ptanh(x.raw)};
        } else {
            T all[size];
            x.store(all);
            for (T& one : all) one = std::tanh(one);
            return load(all);
        }
    }
    /// b where a > 0, else c; NaN is not above 0.
    friend Packet where_positive(Packet a, Packet b, Packet c) {
        using namespace Eigen::internal;
        return {pselect(pcmp_lt(pzero(a.raw), a.raw), b.raw, c.raw)};
    }
};

/// Asks for memory that will soon be read, or written. It may lie beyond what is there.
inline void fetch(const auto*... p) { (__builtin_prefetch(p), ...); }
inline void fetch_to_write(const auto*... p) { (__builtin_prefetch(p, 1), ...); }

/// How many packets the machine's registers hold.
inline constexpr int register_count = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS;

/// While it lives, this thread's numbers below the smallest normal one count as zero: a state that decays would otherwise
/// make each operation a hundred times as slow.
class FlushDenormals {
public:
#if defined(EIGEN_VECTORIZE_SSE)
    FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
    ~FlushDenormals() { _mm_setcsr(before_); }

private:
    unsigned before_;
#else
    FlushDenormals() {}
    ~FlushDenormals() {}

public:
#endif
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;
};

}  // namespace bptt::kernels
