#pragma once

#include <algorithm>
#include <thread>

#include "bptt/core/check.hpp"

namespace bptt {

/// How many threads kernels may use (so far there are none that do). Outlives every Tape that refers to it.
class Threads {
public:
    /// `count` threads, at least 1; by default one for each core.
    explicit Threads(int count = std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) : count_(count) {
        check(count >= 1, "Threads: count is ", count, ", not positive");
    }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    int count() const { return count_; }

private:
    int count_;
};

}  // namespace bptt
