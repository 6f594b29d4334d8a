#pragma once

#include <array>
#include <bptt/inspect/report.hpp>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../support/page.hpp"
#include "model.hpp"

namespace translate {

/// Each symbol of a text, as labels of a picture.
inline std::vector<std::string> labels(const Vocabulary& vocabulary, const std::vector<Index>& ids) {
    std::vector<std::string> all;
    for (const Index k : ids) all.push_back(vocabulary[k]);
    return all;
}

/// Where each symbol of an answer came from. Throws where the picture would be too large to look at.
inline std::string picture_of(const Setup& setup, const std::string& source, const Written<float>& answer) {
    constexpr Index most = 100'000;
    throw_unless(answer.alignment.size() <= most, "the picture of an answer of ", answer.alignment.cols(), " symbols to ",
                 answer.alignment.rows(), " would have more than ", most, " squares");
    return heatmap(answer.alignment.transpose(), labels(setup.target, answer.tokens),
                   labels(setup.source, setup.source.encode(source)));
}

/// Shows on a page the best answers to a text, and where each symbol of the first came from.
inline void add_answers(Report& report, const Setup& setup, const std::string& source,
                        const std::vector<Written<float>>& best) {
    std::vector<std::vector<std::string>> rows;
    for (const Written<float>& answer : best) {
        std::array<char, 16> logarithm{}, probability{};
        std::snprintf(logarithm.data(), logarithm.size(), "%.3f", answer.log_probability);
        std::snprintf(probability.data(), probability.size(), "%.4f", std::exp(answer.log_probability));
        rows.push_back({text_of(setup, answer), logarithm.data(), probability.data()});
    }
    const std::string title = source.empty() ? "(an empty text)" : beginning(source);
    report.table(title, {"answer", "ln P", "P"}, rows);
    if (setup.attention) report.picture("Where it came from: " + title, picture_of(setup, source, best[0]));
}

}  // namespace translate
