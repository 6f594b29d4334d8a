#pragma once

#include <exception>
#include <optional>

#include "bptt/core/random.hpp"

namespace bptt {

/// Given to unroll() or dropout(), it says that a network is being trained; without it, it is being used. rng outlives it.
/// Where a call throws, it has drawn nothing. For several calls together, `Rng own = rng`, and `rng = own` when all is done.
struct Training {
    Rng& rng;
};

namespace detail {

/// Where an exception ends the scope, the generator is put back to where it stood.
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
