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

/// A text as a title: its beginning.
inline std::string title_of(const std::string& source) {
    constexpr std::ptrdiff_t most = 60;  // symbols
    std::string title;
    std::ptrdiff_t symbols = 0;
    for_each_symbol(source, Unit::code_point, [&](std::string_view symbol) {
        if (++symbols <= most) title += symbol;
    });
    return symbols == 0 ? "(an empty text)" : symbols > most ? title + "…" : title;
}

/// Where each symbol of an answer came from.
inline std::string picture_of(const Setup& setup, const std::string& source, const Written<float>& answer) {
    return heatmap(answer.alignment.transpose(), labels(setup.target, answer.tokens),
                   labels(setup.source, setup.source.encode(source)));
}

/// Shows on a page the best answers to a text, as many as the beam is wide, and where each symbol of the best came from.
/// Returns the best.
template <class Model> Written<float> add_answers(Report& report, const Setup& setup, const Model& model,
                                                  const std::string& source, Index beam, Index longest) {
    const auto best = n_best(model.read(setup.source.batch({source})), write_options(setup, longest), beam, {.width = beam});
    std::vector<std::vector<std::string>> rows;
    for (const Written<float>& answer : best) {
        std::array<char, 16> logarithm{}, probability{};
        std::snprintf(logarithm.data(), logarithm.size(), "%.3f", answer.log_probability);
        std::snprintf(probability.data(), probability.size(), "%.4f", std::exp(answer.log_probability));
        rows.push_back({text_of(setup, answer), logarithm.data(), probability.data()});
    }
    const std::string title = title_of(source);
    report.table(title, {"answer", "ln P", "P"}, rows);
    if (setup.attention) report.picture("Where it came from: " + title, picture_of(setup, source, best[0]));
    return best[0];
}

}  // namespace translate
