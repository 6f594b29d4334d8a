#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "bptt/core/check.hpp"

namespace bptt {

/// The best validation so far: the least loss.
/// `if (best.improved(loss)) save(…);` and, to stop early, `if (best.since() >= patience) break;`.
class Best {
public:
    /// Whether the loss is finite and below the least so far by more than |least| times threshold; then it is the least.
    bool improved(double loss, double threshold = 0) {
        throw_unless(threshold >= 0 && std::isfinite(threshold), "Best: threshold is ", threshold,
                     ", not finite and 0 or more");
        const bool better = std::isfinite(loss) && (std::isinf(least_) || loss < least_ - threshold * std::abs(least_));
        if (better) least_ = loss;
        since_ = better ? 0 : since_ + 1;
        return better;
    }
    /// Infinite before the first.
    double loss() const { return least_; }
    /// How many losses came after the least.
    std::int64_t since() const { return since_; }

    static void checkpoint(auto& m, auto&& f) { f("loss", m.least_), f("since", m.since_); }

private:
    double least_ = std::numeric_limits<double>::infinity();
    std::int64_t since_ = 0;
};

struct PlateauOptions {
    double factor = 0.1;
    std::int64_t patience = 10;
    double threshold = 1e-4, least = 0;
};
/// A rate that falls where the validation stands still, with PyTorch's defaults: `adam.options.rate =
/// plateau(adam.options.rate, loss)` after each validation. More than `patience` losses without one that is better by more than
/// the share `threshold` multiply the rate by factor, but to no less than `least`.
class Plateau {
public:
    PlateauOptions options;

    explicit Plateau(PlateauOptions o = {}) : options(o) { check_options(); }

    double operator()(double rate, double loss) {
        check_options();
        expect(rate >= 0 && std::isfinite(rate), "rate", rate, "finite and 0 or more");
        waited_ = best_.improved(loss, options.threshold) ? 0 : waited_ + 1;
        if (waited_ <= options.patience) return rate;
        waited_ = 0;
        return (std::min)(rate, (std::max)(rate * options.factor, options.least));
    }

    static void checkpoint(auto& m, auto&& f) {
        f("factor", m.options.factor), f("patience", m.options.patience);
        f("threshold", m.options.threshold), f("least", m.options.least);
        f("best", m.best_), f("waited", m.waited_);
    }

private:
    static void expect(bool ok, const char* option, auto value, const char* what) {
        throw_unless(ok, "Plateau: ", option, " is ", value, ", not ", what);
    }
    void check_options() const {
        const PlateauOptions& o = options;
        expect(o.factor >= 0 && o.factor < 1, "factor", o.factor, "at least 0 and below 1");
        expect(o.patience >= 0, "patience", o.patience, "0 or more");
        expect(o.threshold >= 0 && std::isfinite(o.threshold), "threshold", o.threshold, "finite and 0 or more");
        expect(o.least >= 0 && std::isfinite(o.least), "least", o.least, "finite and 0 or more");
    }

    Best best_;
    std::int64_t waited_ = 0;  // losses since the best, or since the rate fell
};

}  // namespace bptt
