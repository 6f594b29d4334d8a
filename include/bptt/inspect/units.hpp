#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "bptt/inspect/text_properties.hpp"
#include "bptt/inspect/trace.hpp"

namespace bptt {

/// How well a unit follows a property of the text: Pearson's correlation, −1..1, of its values and the property's; of a yes or
/// no it is the point-biserial correlation.
struct UnitScore {
    std::string signal;  // "1.c"
    Index unit;
    double chosen;    // over the first half of the text, on which the best units are chosen
    double held_out;  // over the second half
};

/// The units that follow a property best, best first. There are none where it does not change in a half of the text.
struct PropertyScores {
    std::string property;  // "inside a comment"
    std::vector<UnitScore> best;
    double shuffled;  // held_out of the unit that is chosen where the property's values stand at other places: 0..1
};

namespace detail {

/// The correlations of each row of `values` with a property over the positions first, …, end − 1 at which it is known; 0 for
/// a row that does not change. Empty where the property does not.
template <class T>
Eigen::ArrayXd correlations(const Mat<T>& values, const std::vector<double>& property, Index first, Index end) {
    const Eigen::ArrayXd y = Eigen::Map<const Eigen::ArrayXd>(property.data() + first, end - first);
    const auto known = (y == y).eval();
    const auto n = static_cast<double>(known.count());
    const Eigen::ArrayXd given = known.select(y, 0), centred = known.select(y - given.sum() / n, 0);
    if (!(centred.square().sum() > 1e-20 * given.square().sum())) return {};  // no more than the mean's rounding
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(values.rows()), squares = sum, product = sum;
    for (Index k = 0; k < y.size(); ++k) {
        if (!known[k]) continue;
        const auto x = values.col(first + k).array().template cast<double>();
        sum += x;
        squares += x.square();
        product += x * centred[k];
    }
    const Eigen::ArrayXd spread = squares - sum.square() / n;
    return (spread > 1e-12 * squares).select(product / (spread.max(0) * centred.square().sum()).sqrt(), 0);
}

/// All units of the fields of the state, best first by what is chosen.
template <class T> std::vector<UnitScore> all_scores(const Traced<T>& traced, const std::vector<double>& property) {
    const auto steps = static_cast<Index>(property.size());
    std::vector<UnitScore> all;
    for (const Signal<T>& signal : traced.signals) {
        if (signal.is_gate) continue;
        const auto chosen = correlations(signal.values, property, 0, steps / 2),
                   held_out = correlations(signal.values, property, steps / 2, steps);
        if (chosen.size() == 0 || held_out.size() == 0) return {};
        for (Index unit = 0; unit < chosen.size(); ++unit) all.push_back({signal.name, unit, chosen[unit], held_out[unit]});
    }
    std::ranges::stable_sort(all,
                             [](const UnitScore& a, const UnitScore& b) { return std::abs(a.chosen) > std::abs(b.chosen); });
    return all;
}

}  // namespace detail

/// The `count` units of a layer's state that follow a property of the text best: chosen on its first half, scored on its
/// second, which is to be text that the network has not learned from. As a measure of chance, `shuffled` is the mean score of
/// the units that are chosen for the property's values moved by five random distances, round the end, so that they come in runs
/// as long as before.
template <class T>
PropertyScores score_units(const Traced<T>& traced, const TextProperty& property, Rng& rng, Index count = 10) {
    const auto steps = static_cast<Index>(property.values.size());
    for (const Signal<T>& signal : traced.signals) {
        throw_unless(signal.values.cols() == steps, "score_units: ", signal.name, " has ", signal.values.cols(), " steps, \"",
                     property.name, "\" has ", steps, " values");
        throw_unless(signal.values.allFinite(), "score_units: ", signal.name, " is not finite");
    }
    for (std::size_t k = 0; k < property.values.size(); ++k)
        throw_unless(!std::isinf(property.values[k]), "score_units: value ", k, " of \"", property.name, "\" is infinite");
    throw_unless(count > 0, "score_units: count is ", count, ", not positive");
    PropertyScores scores{property.name, detail::all_scores(traced, property.values), 0};
    scores.best.resize(std::min(scores.best.size(), static_cast<std::size_t>(count)));
    if (scores.best.empty()) return scores;
    constexpr int draws = 5;
    int scored = 0;
    for (int draw = 0; draw < draws; ++draw) {
        auto moved = property.values;
        std::rotate(moved.begin(), moved.begin() + steps / 4 + rng.below(steps / 2 + 1), moved.end());
        const auto all = detail::all_scores(traced, moved);
        if (all.empty()) continue;
        scores.shuffled += std::abs(all.front().held_out);
        ++scored;
    }
    scores.shuffled /= std::max(1, scored);
    return scores;
}

}  // namespace bptt
