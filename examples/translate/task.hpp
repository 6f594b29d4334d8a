#pragma once

#include <bptt/text/pairs.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace translate {

using namespace bptt;

/// A program that answers texts: what it learns where it is given no file of pairs, and how it reads and writes.
struct Task {
    std::string program, description;
    std::string answer;  // its command that answers lines
    std::string asks;    // what is to be typed there
    std::string made;    // what it makes up, "dates"
    std::vector<Pair> (*make)(std::size_t count, bool held_out, Rng& rng);
    std::size_t per_epoch, held_out;                // pairs that are made up
    std::string (*read)(const std::string& text);   // as the model gets it
    std::string (*write)(const std::string& text);  // as people get it
    std::string unit = "character";
    /// Whether a symbol is to be taken from the source where an answer has it, too; so that where it was looked for is known.
    bool (*copied)(const std::string& symbol) = nullptr;
};

/// A text, or its first symbols and "…".
inline std::string beginning(const std::string& text) {
    constexpr std::ptrdiff_t most = 60;
    std::string begin;
    std::ptrdiff_t symbols = 0;
    for_each_symbol(text, Unit::code_point, [&](std::string_view symbol) {
        if (++symbols <= most) begin += symbol;
    });
    return symbols > most ? begin + "…" : begin;
}

inline std::string as_it_is(const std::string& text) { return text; }

}  // namespace translate
