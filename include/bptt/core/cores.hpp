#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>

#include <cstdio>
#endif

namespace bptt::detail {

/// How many cores' time the control groups mounted at `folder` grant, rounded up: by version 2's cpu.max, or else by version
/// 1's cpu/cpu.cfs_quota_us and cpu/cpu.cfs_period_us. The largest int where they set no limit, or cannot be read.
inline int granted_cores([[maybe_unused]] const std::string& folder) {
    constexpr int unlimited = (std::numeric_limits<int>::max)();
#ifdef __linux__
    // Reads the numbers that a file begins with, at most two of at most 18 digits; returns how many there are.
    const auto scan = [&](const char* file, long long& first, long long& second) {
        std::FILE* const in = std::fopen((folder + file).c_str(), "r");
        const int found = in ? std::fscanf(in, "%18lld %18lld", &first, &second) : 0;
        if (in) std::fclose(in);
        return found;
    };
    long long quota = 0, period = 0, none = 0;  // microseconds of computing time in each period, and its length
    const bool found = scan("/cpu.max", quota, period) == 2 ||
                       (scan("/cpu/cpu.cfs_quota_us", quota, none) == 1 && scan("/cpu/cpu.cfs_period_us", period, none) == 1);
    if (found && quota > 0 && period > 0) return static_cast<int>(std::min<long long>((quota - 1) / period + 1, unlimited));
#endif
    return unlimited;
}

/// How many threads can compute at the same time: the cores that this process may run on, or what its container grants, if
/// that is less.
inline int available_cores() {
    int cores = static_cast<int>(std::thread::hardware_concurrency());
#ifdef __linux__
    cpu_set_t allowed;  // hardware_concurrency() counts all cores; a machine of more than 1024 is not described by a cpu_set_t
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) cores = CPU_COUNT(&allowed);
#endif
    return std::clamp(cores, 1, granted_cores("/sys/fs/cgroup"));
}

}  // namespace bptt::detail
