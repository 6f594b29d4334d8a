#pragma once

#include <exception>
#include <optional>

#include "bptt/core/random.hpp"

namespace bptt {

/// Passed to unroll() or dropout(), it selects training mode; without it, they run in inference mode. rng must outlive it. A
/// call that throws leaves rng as it was. To have that for several calls: draw from a copy, and assign it to rng at the end.
struct Training {
    Rng& rng;
};

namespace detail {

/// Restores the generator's state if an exception ends the scope.
class UndoDraws {
public:
    explicit UndoDraws(Rng* rng) : rng_(rng), saved_(rng ? *rng : Rng(0)), exceptions_(std::uncaught_exceptions()) {}
    explicit UndoDraws(std::optional<Training> training) : UndoDraws(training ? &training->rng : nullptr) {}
    ~UndoDraws() {
        if (rng_ && std::uncaught_exceptions() > exceptions_) *rng_ = saved_;
    }
    UndoDraws(const UndoDraws&) = delete;
    UndoDraws& operator=(const UndoDraws&) = delete;

private:
    Rng* rng_;
    Rng saved_;
    int exceptions_;
};

}  // namespace detail

}  // namespace bptt
