#pragma once

#include <string>
#include <vector>

#include "bptt/core/types.hpp"

namespace bptt {

/// How well a unit follows a property of the text: Pearson's correlation, -1..1, of its values and the property's.
struct UnitScore {
    std::string signal;  // "1.c"
    Index unit;
    double chosen;    // over the first half of the text, on which the best units are chosen
    double held_out;  // over the second half
};

/// The units that follow a property best, best first.
struct PropertyScores {
    std::string property;  // "inside a comment"
    std::vector<UnitScore> best;
    double shuffled;  // held_out of the best unit, where the property's values are moved to other places
};

}  // namespace bptt
