#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>

#include "bptt/core/check.hpp"
#include "bptt/inspect/markup.hpp"

namespace bptt {

/// An end that is not given is that of the data, and goes on to the next tick. Both ends of a logarithmic axis do that, and
/// what is 0 there is a gap.
struct Axis {
    std::string label = {};
    bool logarithmic = false;
    std::optional<double> low = {}, high = {};
};

namespace detail {

/// Whether a value can be shown on the axis.
inline bool has_place(const Axis& axis, double value) { return std::isfinite(value) && !(axis.logarithmic && value == 0); }

/// Where the values of an axis lie: its two ends, and the step between ticks; of a logarithmic axis, those of log10(value).
struct Scale {
    double low, high, step;
    bool logarithmic;

    double at(double value) const { return ((logarithmic ? std::log10(value) : value) - low) / (high - low); }
    /// Calls f(where, label) for each tick; where: 0..1.
    template <class F> void for_each_tick(F f) const {
        // − 0.0 + 0.0 is 0
        for (double k = std::ceil(low / step - 1e-6) + 0.0; k <= high / step + 1e-6; ++k) {
            auto label = classic_stream();
            label.precision(14);
            label << (logarithmic ? "10^" : "") << k * step;
            f((k * step - low) / (high - low), logarithmic ? raised(label.str()) : label.str());
        }
    }

private:
    /// "10^-2" as "10⁻²".
    static std::string raised(const std::string& power) {
        constexpr std::array<const char*, 10> digits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
        std::string out = "10";
        for (const char c : power.substr(3)) out += c == '-' ? "⁻" : digits[static_cast<std::size_t>(c - '0')];
        return out;
    }
};

/// The scale of an axis of so many pixels that shows the values from `least` to `greatest`.
inline Scale scale_of(const char* name, const Axis& axis, double least, double greatest, double pixels) {
    double low = axis.low.value_or(least), high = axis.high.value_or(greatest);
    throw_unless(low <= least && greatest <= high, "chart: ", name, " goes from ", least, " to ", greatest, ", its axis from ",
                 low, " to ", high);
    throw_unless(!axis.logarithmic || low > 0, "chart: ", name, " goes from ", low, " on, its axis is logarithmic");
    if (axis.logarithmic) low = std::log10(low), high = std::log10(high);
    const double largest = (std::max)(std::abs(low), std::abs(high)), least_width = (std::max)(1e-9 * largest, 1e-300);
    throw_unless(largest < 1e300, "chart: ", name, " goes from ", low, " to ", high, ", which is too far");
    if (high - low < least_width) {  // a constant has an axis, too
        const double width = axis.logarithmic || largest < 1e-290 ? 1 : largest;
        if (!axis.low) low -= width / 2;
        if (!axis.high) high += width / 2;
        throw_unless(high - low >= least_width, "chart: the axis of ", name, " goes from ", low, " to ", high);
    }
    const double rough = (high - low) / (std::max)(2.0, std::floor(pixels / 60));
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double round : {5, 2, 1})
        if (rough <= round * power * (1 + 1e-9)) step = round * power;
    if (axis.logarithmic) step = (std::max)(step, 1.0);
    if (!axis.low || axis.logarithmic) low = step * std::floor(low / step + 1e-9);
    if (!axis.high || axis.logarithmic) high = step * std::ceil(high / step - 1e-9);
    return {low, high, step, axis.logarithmic};
}

}  // namespace detail

}  // namespace bptt
