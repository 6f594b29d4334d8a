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
    long long quota = 0, period = 0;  // microseconds of computing time in each period, and its length; at most 18 digits
    const auto scan = [&](const char* file, const char* format, auto*... number) {
        std::FILE* const in = std::fopen((folder + file).c_str(), "r");
        const bool found = in && std::fscanf(in, format, number...) == int{sizeof...(number)};
        if (in) std::fclose(in);
        return found;
    };
    const bool found = scan("/cpu.max", "%18lld %18lld", &quota, &period) ||
                       (scan("/cpu/cpu.cfs_quota_us", "%18lld", &quota) && scan("/cpu/cpu.cfs_period_us", "%18lld", &period));
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
