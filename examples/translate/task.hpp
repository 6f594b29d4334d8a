#pragma once

#include <bptt/text/pairs.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace translate {

using namespace bptt;

/// A program that answers texts: what it learns where it is given no file of pairs, and how it reads texts.
struct Task {
    const char* program;  // "translate"
    const char* made;     // what it makes up, "dates"
    std::vector<Pair> (*make)(std::size_t count, bool held_out, Rng& rng);
    std::string (*read)(const std::string& text);  // as the model gets it
    std::size_t per_epoch, held_out;               // pairs that are made up
};

}  // namespace translate
