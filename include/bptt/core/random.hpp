#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

#include "bptt/core/check.hpp"

namespace bptt {

/// Random numbers that are the same for the same seed with every compiler; normal() also depends on the mathematics library.
/// Engine: SplitMix64 (Steele et al. 2014).
class Rng {
public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}
    /// For a model that load() is to fill: initialisers draw zeros, and take no time for it. All other draws throw.
    static Rng zeros() {
        Rng rng(0);
        rng.zeros_ = true;
        return rng;
    }
    bool draws_zeros() const { return zeros_; }

    /// 64 random bits.
    std::uint64_t next() {
        throw_unless(!zeros_, "Rng: Rng::zeros() has no random numbers; it is for a model that load() fills");
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    /// Uniform in [low, high).
    double uniform(double low, double high) {
        return zeros_ ? 0 : std::fma(high - low, uniform(), low);  // fma: one rounding everywhere
    }
    /// Standard normal (Box and Muller 1958).
    double normal() {
        if (zeros_) return 0;
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }
    /// Uniform among 0, …, n − 1. Throws unless n > 0.
    Index below(Index n) {
        throw_unless(n > 0, "Rng::below: n is ", n, ", not positive");
        const auto m = static_cast<std::uint64_t>(n);
        const std::uint64_t biased = (0 - m) % m;  // 2⁶⁴ mod n: what would favour the small numbers
        std::uint64_t bits = next();
        while (bits < biased) bits = next();
        return static_cast<Index>(bits % m);
    }

    static void checkpoint(auto& m, auto&& f) { f("state", m.state_), f("zeros", m.zeros_); }

private:
    std::uint64_t state_;
    bool zeros_ = false;
};

/// All orders are equally likely (Fisher and Yates).
template <class T> void shuffle(std::vector<T>& all, Rng& rng) {
    for (std::size_t n = all.size(); n > 1; --n)
        std::swap(all[n - 1], all[static_cast<std::size_t>(rng.below(static_cast<Index>(n)))]);
}

}  // namespace bptt
