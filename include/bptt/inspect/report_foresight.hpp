#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/inspect/report_data.hpp"

namespace bptt {

/// A symbol that a network foresees.
struct Foreseen {
    std::string symbol;
    float probability;
};

namespace detail {

inline constexpr std::size_t most_foreseen = 5;

/// Throws unless there are none, or for each symbol at most five, with probabilities that do not grow.
inline void check_foreseen(const std::vector<std::vector<Foreseen>>& foreseen, std::size_t symbols) {
    throw_unless(foreseen.empty() || foreseen.size() == symbols, "Report::text: foreseen is for ", foreseen.size(),
                 " positions, there are ", symbols, " symbols");
    for (std::size_t k = 0; k < foreseen.size(); ++k) {
        throw_unless(foreseen[k].size() <= most_foreseen, "Report::text: foreseen has ", foreseen[k].size(),
                     " symbols at position ", k, "; the most is ", most_foreseen);
        float before = 1 + 1e-5f;  // rounding of a softmax
        for (const Foreseen& next : foreseen[k]) {
            throw_unless(next.probability >= 0 && next.probability <= before, "Report::text: a probability of foreseen is ",
                         next.probability, " at position ", k, ", outside 0..1 or larger than the one before it");
            before = next.probability;
        }
    }
}

/// For each position five times a symbol's place in three bytes and round(65535 p) in two, least byte first; 2²⁴ − 1 for none,
/// as a page's text is too short for so many symbols. Each position's 25 bytes are encoded by themselves.
inline std::string encode_foreseen(const std::vector<std::vector<Foreseen>>& foreseen, ReportSymbols& known) {
    std::string out;
    for (const auto& likeliest : foreseen) {
        std::vector<unsigned char> bytes;
        const auto add = [&](std::size_t x, int count) {
            for (int k = 0; k < count; ++k, x >>= 8) bytes.push_back(static_cast<unsigned char>(x & 255));
        };
        for (std::size_t k = 0; k < most_foreseen; ++k) {
            const bool none = k >= likeliest.size();
            add(none ? 0xffffff : known.place(likeliest[k].symbol), 3);
            add(none ? 0 : static_cast<std::size_t>(std::lround(65535 * (std::min)(likeliest[k].probability, 1.0f))), 2);
        }
        out += base64(bytes);
    }
    return out;
}

}  // namespace detail

}  // namespace bptt
