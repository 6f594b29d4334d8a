#pragma once

#include <algorithm>
#include <chrono>

#include <bptt/kernels/packet.hpp>

/// Seconds that f() takes.
double seconds_of(auto&& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Multiplications and additions per second, in thousand millions, of one core that does nothing else: the best of some tries.
inline double peak_gflops() {
    using P = bptt::kernels::Packet<float>;
    constexpr int sums = 12, rounds = 200'000;  // enough sums at once to fill the pipelines
    double best = 0;
    for (int attempt = 0; attempt < 20; ++attempt) {
        volatile float half = 0.5f, start = 0;  // unknown to the compiler
        P sum[sums];
        for (P& s : sum) {
            s = P::of(start);
            start = start + 1;
        }
        const P x = P::of(half), y = P::of(half);
        const double seconds = seconds_of([&] {
            for (int k = 0; k < rounds; ++k)
                for (P& s : sum) s = madd(x, s, y);
        });
        volatile float kept = 0;
        for (const P& s : sum) {
            float numbers[P::size];
            s.store(numbers);
            kept = kept + numbers[0];
        }
        best = std::max(best, 2e-9 * sums * rounds * P::size / seconds);
    }
    return best;
}
