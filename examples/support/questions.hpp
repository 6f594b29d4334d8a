#pragma once

#include <algorithm>
#include <bptt/text/pairs.hpp>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace examples {

using bptt::Pair;

/// A source, and the targets of all pairs that have it, as often as they have it.
struct Question {
    std::string source;
    std::vector<std::string> targets;
};

/// In the order in which the sources come first.
inline std::vector<Question> questions_of(const std::vector<Pair>& pairs) {
    std::vector<Question> all;
    std::map<std::string, std::size_t> places;
    for (const Pair& pair : pairs) {
        const auto place = places.emplace(pair.source, all.size()).first->second;
        if (place == all.size()) all.push_back({pair.source, {}});
        all[place].targets.push_back(pair.target);
    }
    return all;
}

inline std::vector<Pair> pairs_of(const std::vector<Question>& questions) {
    std::vector<Pair> pairs;
    for (const Question& question : questions)
        for (const std::string& target : question.targets) pairs.push_back({question.source, target});
    return pairs;
}

/// Takes one of so many items, drawn at random, at least one, and returns them. What is left is in random order.
template <class Item> std::vector<Item> hold_out(std::vector<Item>& all, std::size_t one_of, bptt::Rng& rng) {
    bptt::shuffle(all, rng);
    const auto first = all.end() - static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, all.size() / one_of));
    std::vector<Item> held_out(first, all.end());
    all.erase(first, all.end());
    return held_out;
}

}  // namespace examples
