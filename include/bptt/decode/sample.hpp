#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "bptt/core/random.hpp"
#include "bptt/kernels/softmax.hpp"

namespace bptt {

/// temperature: logits are divided by it; 0 is greedy. top_k: only the k likeliest classes; 0: all. top_p: nucleus sampling,
/// only the fewest likeliest classes whose probabilities add up to p (Holtzman et al. 2020).
struct SampleOptions {
    double temperature = 1;
    Index top_k = 0;
    double top_p = 1;
};

namespace detail {
inline void check_sample(const SampleOptions& o) {
    throw_unless(o.temperature >= 0 && std::isfinite(o.temperature), "sample: temperature is ", o.temperature,
                 ", not finite and 0 or more");
    throw_unless(o.top_k >= 0, "sample: top_k is ", o.top_k, ", not 0 or more");
    throw_unless(o.top_p > 0 && o.top_p <= 1, "sample: top_p is ", o.top_p, ", not above 0 and at most 1");
}
template <class Derived> Index likeliest(const char* what, const Eigen::MatrixBase<Derived>& logits) {
    throw_unless(logits.size() > 0 && logits.cols() == 1, what, ": logits are ", shape(logits), ", not one column");
    throw_unless(!logits.hasNaN(), what, ": a logit is NaN");
    Index best = 0;
    logits.col(0).maxCoeff(&best);
    return best;
}
}  // namespace detail

/// The likeliest class; ties go to the first. logits: classes×1. Throws where one is NaN.
template <class Derived> Index greedy(const Eigen::MatrixBase<Derived>& logits) { return detail::likeliest("greedy", logits); }

/// A class drawn with probability softmax(logits / temperature), cut to top_k, then to top_p. logits: classes×1.
template <class Derived> Index sample(const Eigen::MatrixBase<Derived>& logits, Rng& rng, SampleOptions options = {}) {
    const auto [temperature, top_k, top_p] = options;
    detail::check_sample(options);
    const Index best = detail::likeliest("sample", logits);
    if (temperature == 0) return best;

    const auto top = static_cast<double>(logits(best, 0));
    throw_unless(std::isfinite(top), "sample: the largest logit is not finite");
    std::vector<Index> order(static_cast<std::size_t>(logits.rows()));
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::sort(order, {}, [&](Index k) { return std::pair(-logits(k, 0), k); });  // of equals, the first first
    if (top_k > 0 && top_k < logits.rows()) order.resize(static_cast<std::size_t>(top_k));

    std::vector<double> cumulated(order.size());
    for (std::size_t k = 0; k < order.size(); ++k)
        cumulated[k] = (static_cast<double>(logits(order[k], 0)) - top) / temperature;
    kernels::softmax(cumulated.data(), std::ssize(cumulated), 1.0, cumulated.data());
    double total = 0;
    for (double& p : cumulated) p = total += p;
    const auto enough = std::ranges::lower_bound(cumulated, top_p * total);
    const auto drawn = std::ranges::upper_bound(cumulated.begin(), enough, rng.uniform() * *enough);
    return order[static_cast<std::size_t>(drawn - cumulated.begin())];
}

}  // namespace bptt
