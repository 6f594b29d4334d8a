#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/types.hpp"
#include "bptt/inspect/report_data.hpp"
#include "bptt/inspect/trace.hpp"
#include "bptt/inspect/units.hpp"

// What units did over a report's text, and which follow a property.
namespace bptt::detail {

/// Throws unless each signal has a name of its own, a column for each symbol, and finite values.
template <class T> void check_signals(const Traced<T>& traced, std::size_t symbols) {
    throw_unless(symbols > 0 && !traced.signals.empty(), "Report::text: there are ", symbols, " symbols, and traced has ",
                 traced.signals.size(), " signals; both must be positive");
    for (const Signal<T>& s : traced.signals) {
        throw_unless(s.values.rows() > 0 && s.values.cols() == static_cast<Index>(symbols), "Report::text: \"", s.name,
                     "\" of traced is ", shape(s.values), ", there are ", symbols, " symbols");
        throw_unless(std::ranges::count(traced.signals, s.name, &Signal<T>::name) == 1,
                     "Report::text: two signals of traced are called \"", s.name, "\"");
        for (Index t = 0; t < s.values.cols(); ++t)
            for (Index unit = 0; unit < s.values.rows(); ++unit)
                throw_unless(std::isfinite(s.values(unit, t)), "Report::text: \"", s.name, "\" of traced is ",
                             s.values(unit, t), " at unit ", unit, ", position ", t);
    }
}

/// Throws unless scores are finite and of units that were traced.
template <class T> void check_scores(const std::vector<PropertyScores>& scores, const Traced<T>& traced) {
    for (const PropertyScores& p : scores) {
        for (const UnitScore& s : p.best) {
            const Index units = traced[s.signal].rows();
            throw_unless(s.unit >= 0 && s.unit < units, "Report::text: a unit of \"", p.property, "\" in scores is ", s.unit,
                         ", outside 0..", units - 1, " of \"", s.signal, '"');
            throw_unless(std::isfinite(s.chosen) && std::isfinite(s.held_out), "Report::text: unit ", s.unit, " of \"",
                         s.signal, "\" has the scores ", s.chosen, " and ", s.held_out, " for \"", p.property, "\" in scores");
        }
        throw_unless(std::isfinite(p.shuffled), "Report::text: shuffled is ", p.shuffled, " for \"", p.property,
                     "\" in scores");
    }
}

/// Bytes of round(127 v) for each of shown_values(); two's complement, in base64. Each unit's are encoded by themselves, so
/// that they are found without decoding others'.
template <class T> std::string report_values(const Mat<T>& values) {
    const Mat<T> by_unit = shown_values(values).transpose();
    std::vector<unsigned char> bytes(static_cast<std::size_t>(values.cols()));
    std::string out;
    for (Index unit = 0; unit < values.rows(); ++unit) {
        std::ranges::transform(by_unit.col(unit), bytes.begin(),
                               [](T v) { return static_cast<unsigned char>(std::lround(127 * v)); });
        out += base64(bytes);
    }
    return out;
}

template <class T> std::string json_signals(const Traced<T>& traced) {
    return json_array(traced.signals, [](const Signal<T>& s) {
        return json_object({{"name", json_string(s.name)},
                            {"tanh", goes_beyond_one(s.values) ? "true" : "false"},
                            {"units", std::to_string(s.values.rows())}});
    });
}

/// Signals by their place in `traced`.
template <class T> std::string json_scores(const std::vector<PropertyScores>& scores, const Traced<T>& traced) {
    const auto unit = [&](const UnitScore& s) {
        const auto signal = std::ranges::find(traced.signals, s.signal, &Signal<T>::name) - traced.signals.begin();
        return json_object({{"signal", std::to_string(signal)},
                            {"unit", std::to_string(s.unit)},
                            {"chosen", json_number(s.chosen)},
                            {"held", json_number(s.held_out)}});
    };
    return json_array(scores, [&](const PropertyScores& p) {
        return json_object(
            {{"property", json_string(p.property)}, {"shuffled", json_number(p.shuffled)}, {"best", json_array(p.best, unit)}});
    });
}

}  // namespace bptt::detail
