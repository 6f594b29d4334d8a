#pragma once

#include <sys/resource.h>

#include <cstdio>
#include <string>

#include "libtorch.hpp"

namespace versus {

/// Megabytes that this process has held at most.
inline double peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// What three steps of the workload whose name begins with `only` add to the process, with the model there already.
inline void measure_memory(const std::string& engine, const std::string& only) {
    for (const Workload& w : workloads) {
        if (!w.name.starts_with(only)) continue;
        with_layer(w, [&](auto layer) {
            const Threads pool(1);
            Ours<typename decltype(layer)::type> ours(w, pool);
            Libtorch theirs(ours);
            const double before = peak_megabytes();
            for (int k = 0; k < 3; ++k) engine == "bptt" ? ours.step() : theirs.step();
            std::printf("%s: a step takes %.0f MB with %s\n", w.name.c_str(), peak_megabytes() - before, engine.c_str());
        });
        return;  // what one has taken would be free for the next
    }
}

}  // namespace versus
