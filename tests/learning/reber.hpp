#pragma once

#include <string>
#include <vector>

#include "train.hpp"

namespace learning {

/// The embedded Reber grammar (Fahlman 1991): B, T or P, a Reber string, the same T or P, E. What may follow is known by
/// looking a few letters back, except for the second T or P.
struct ReberString {
    std::string letters;               // of BTPSXVE
    std::vector<std::string> follows;  // what may follow each, but the last

    explicit ReberString(Rng& rng) {
        const char side = rng.below(2) ? 'T' : 'P';
        add('B', "TP");
        add(side, "B");
        add('B', "TP");
        // Each state of the automaton: two letters, and the states that they lead to.
        struct State {
            const char* letters;
            int next[2];
        };
        static constexpr State states[] = {{"TP", {1, 2}}, {"SX", {1, 3}}, {"TV", {2, 4}}, {"XS", {2, 5}}, {"PV", {3, 5}}};
        for (int at = 0; at != 5;) {
            const auto way = static_cast<std::size_t>(rng.below(2));
            const char letter = states[at].letters[way];
            at = states[at].next[way];
            add(letter, at == 5 ? "E" : states[at].letters);
        }
        add('E', std::string(1, side));
        add(side, "E");
        letters += 'E';
    }

private:
    void add(char letter, const std::string& then) {
        letters += letter;
        follows.push_back(then);
    }
};

}  // namespace learning
