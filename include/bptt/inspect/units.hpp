#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
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
    double held_out;  // over the second half; of the other sign, the unit does the opposite there
};

/// The units that follow a property best, best first. There are none where it does not change in a half of the text, or is
/// known at fewer than ten positions of it.
struct PropertyScores {
    std::string property;  // "inside a comment"
    std::vector<UnitScore> best;
    double shuffled;  // held_out of the unit that is chosen where the property's values stand at other places: 0..1
};

namespace detail {

/// Whether a signal goes beyond ±1, as a memory c does.
template <class T> bool goes_beyond_one(const Mat<T>& values) { return (values.array().abs() > T(1)).any(); }

/// A signal as colours show it, between −1 and 1: its tanh where it goes beyond.
template <class T> Mat<T> shown_values(const Mat<T>& values) {
    return goes_beyond_one(values) ? Mat<T>(values.array().tanh()) : values;
}

/// Takes the mean away; the largest |y| becomes about 1, so that no square is too large or too small. Returns whether they
/// differ by more than rounding.
inline bool centre(std::vector<double>& y) {
    double largest = std::numeric_limits<double>::min(), before = 0, after = 0;
    for (const double v : y) largest = (std::max)(largest, std::abs(v));
    for (double& v : y) v /= largest, before += v * v;
    for (int k = 0; k < 2; ++k) {
        double mean = 0;
        for (const double v : y) mean += v / static_cast<double>(y.size());
        for (double& v : y) v -= mean;
    }
    for (const double v : y) after += v * v;
    return after > 1e-26 * before;
}

/// The correlations of each row of `values` with a property over the positions first, …, end − 1 at which it is known; 0 for
/// a row that does not change. Empty where the property does not, or is known at fewer than ten positions.
template <class T>
Eigen::ArrayXd correlations(const Mat<T>& values, const std::vector<double>& property, Index first, Index end) {
    std::vector<Index> known;
    std::vector<double> y;
    for (Index k = first; k < end; ++k) {
        const double v = property[static_cast<std::size_t>(k)];
        if (!std::isnan(v)) known.push_back(k), y.push_back(v);
    }
    if (known.size() < 10 || !centre(y)) return {};
    const auto n = static_cast<double>(known.size()), largest = static_cast<double>(values.cwiseAbs().maxCoeff());
    const auto x = [&](Index k) -> Eigen::ArrayXd {
        return values.col(k).array().template cast<double>() / (std::max)(largest, std::numeric_limits<double>::min());
    };
    Eigen::ArrayXd mean = Eigen::ArrayXd::Zero(values.rows()), squares = mean, products = mean;
    double y_squares = 0;
    for (const Index k : known) mean += x(k) / n;
    for (std::size_t k = 0; k < known.size(); ++k) {
        const Eigen::ArrayXd difference = x(known[k]) - mean;
        squares += difference.square();
        products += difference * y[k];
        y_squares += y[k] * y[k];
    }
    const Eigen::ArrayXd rounding = 1e-24 * n * mean.square();  // of the mean, at most
    return (squares > rounding).select(products / (squares * y_squares).sqrt(), 0);
}

/// All units of the fields of the state, best first by what is chosen.
template <class T> std::vector<UnitScore> all_scores(const Traced<T>& traced, const std::vector<double>& property) {
    const auto steps = static_cast<Index>(property.size());
    std::vector<UnitScore> all;
    for (const Signal<T>& signal : traced.signals) {
        if (signal.is_gate || signal.values.rows() == 0) continue;
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

/// What a unit of a signal did at each step, as ansi_text() and svg_text() show it: −1..1. Where the signal goes beyond ±1 at
/// any unit, as a memory does, it is the tanh. Throws if there is no such signal or unit.
template <class T> std::vector<double> unit_values(const Traced<T>& traced, std::string_view signal, Index unit) {
    const Mat<T>& values = traced[signal];
    throw_unless(unit >= 0 && unit < values.rows(), "unit_values: unit is ", unit, ", outside 0..", values.rows() - 1, " of ",
                 signal);
    const Eigen::VectorXd shown = detail::shown_values(values).row(unit).template cast<double>();
    return {shown.begin(), shown.end()};
}

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
