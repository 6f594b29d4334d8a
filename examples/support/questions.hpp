#pragma once

#include <algorithm>
#include <bptt/text/pairs.hpp>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../support/shown.hpp"

namespace translate {

using namespace bptt;

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

/// Takes a twentieth of the questions, drawn at random, at least one, and returns them. What is left is in random order.
inline std::vector<Question> hold_out(std::vector<Question>& questions, Rng& rng) {
    shuffle(questions, rng);
    const auto first = questions.end() - static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, questions.size() / 20));
    std::vector<Question> held_out(first, questions.end());
    questions.erase(first, questions.end());
    return held_out;
}

/// load_pairs(), and what of the file is left out is said.
inline std::vector<Pair> read_pairs(const std::filesystem::path& file) {
    OddLines odd;
    std::vector<Pair> pairs = load_pairs(file, odd);
    if (odd.blank > 0 || odd.longer > 0)
        std::printf("%s: left out are blank lines: %td, and the further columns of lines: %td\n",
                    examples::visible(file.string()).c_str(), odd.blank, odd.longer);
    return pairs;
}

}  // namespace translate
