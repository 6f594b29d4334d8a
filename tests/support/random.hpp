#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "bptt/core/init.hpp"

/// rows×cols, uniform in [low, high).
inline bptt::Mat<double> random_mat(bptt::Index rows, bptt::Index cols, bptt::Rng& rng, double low = -1, double high = 1) {
    return bptt::random_matrix<double>(rows, cols, [&] { return rng.uniform(low, high); });
}

/// The same, no element within 5e-3 of zero, where relu has its kink.
inline bptt::Mat<double> random_off_zero(bptt::Index rows, bptt::Index cols, bptt::Rng& rng) {
    return bptt::random_matrix<double>(rows, cols, [&] {
        double x = 0;
        while (std::abs(x) < 5e-3) x = rng.uniform(-1, 1);
        return x;
    });
}

/// `count` ids from 0 to `below` − 1.
inline std::vector<bptt::Index> random_ids(bptt::Index count, bptt::Index below, bptt::Rng& rng) {
    std::vector<bptt::Index> ids;
    for (bptt::Index k = 0; k < count; ++k) ids.push_back(rng.below(below));
    return ids;
}
