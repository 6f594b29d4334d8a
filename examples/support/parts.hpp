#pragma once

#include <bptt/core/types.hpp>

namespace examples {

/// The parts of a series: to learn from, to choose the best model by, and held out to the end.
struct Parts {
    bptt::Index chosen_by, held_out;  // where they begin

    explicit Parts(bptt::Index steps) : chosen_by(steps * 7 / 10), held_out(steps * 17 / 20) {}
};

}  // namespace examples
