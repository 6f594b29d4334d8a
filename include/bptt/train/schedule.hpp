#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "bptt/core/check.hpp"

// Learning rates as functions of the step t, from 0: `adam.options.rate = schedule::cosine(adam.steps(), {…})` before each
// step. A number that does not change is a constant one. Before t = 0 they are what they are at 0, so that one follows another.

namespace bptt::schedule {

namespace detail {
inline void check_number(const char* schedule, const char* option, double value) {
    throw_unless(value >= 0 && std::isfinite(value), schedule, ": ", option, " is ", value, ", not finite and 0 or more");
}
inline void check_steps(const char* schedule, const char* option, std::int64_t steps) {
    throw_unless(steps > 0, schedule, ": ", option, " is ", steps, ", not positive");
}
inline double at_least_0(std::int64_t t) { return static_cast<double>((std::max)(t, std::int64_t{0})); }
}  // namespace detail

inline constexpr double not_given = std::numeric_limits<double>::quiet_NaN();

struct Exponential {
    double rate = not_given, factor = not_given;
};
/// rate · factorᵗ
inline double exponential(std::int64_t t, Exponential o) {
    detail::check_number("exponential", "rate", o.rate);
    detail::check_number("exponential", "factor", o.factor);
    return o.rate == 0 ? 0 : o.rate * std::pow(o.factor, detail::at_least_0(t));
}

struct Step {
    double rate = not_given;
    std::int64_t every = 0;  // steps
    double factor = 0.1;
};
/// rate · factor^⌊t / every⌋
inline double step(std::int64_t t, Step o) {
    detail::check_number("step", "rate", o.rate);
    detail::check_number("step", "factor", o.factor);
    detail::check_steps("step", "every", o.every);
    return exponential(t / o.every, {o.rate, o.factor});
}

struct Cosine {
    double rate = not_given;
    std::int64_t steps = 0;
    double least = 0;
};
/// Half a wave of the cosine from rate down to least, where it stays: least + (rate − least) (1 + cos(π t / steps)) / 2
/// (Loshchilov and Hutter 2017).
inline double cosine(std::int64_t t, Cosine o) {
    detail::check_number("cosine", "rate", o.rate);
    detail::check_number("cosine", "least", o.least);
    detail::check_steps("cosine", "steps", o.steps);
    const double done = (std::min)(detail::at_least_0(t) / static_cast<double>(o.steps), 1.0);
    return o.least + (o.rate - o.least) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

/// A factor that rises evenly from 1 / steps at t = 0 to 1 at t = steps − 1, where it stays:
/// `warm_up(t, 500) * cosine(t - 500, {…})`.
inline double warm_up(std::int64_t t, std::int64_t steps) {
    detail::check_steps("warm_up", "steps", steps);
    return (std::min)((detail::at_least_0(t) + 1) / static_cast<double>(steps), 1.0);
}

}  // namespace bptt::schedule
