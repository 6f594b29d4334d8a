#pragma once

#include <array>
#include <bptt/core/table.hpp>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "../support/percent.hpp"
#include "model.hpp"

namespace tag {

inline Confusion new_confusion() { return Confusion({kind_names.begin(), kind_names.end()}); }

/// How many characters of each kind there are: "33 files, 409114 characters: code 269737, …".
inline std::string counts_of(const std::vector<Source>& sources) {
    std::array<Index, kind_count> counts{};
    for (const Source& source : sources)
        for (const Kind kind : source.kinds) ++counts[static_cast<std::size_t>(kind)];
    const Index all = std::accumulate(counts.begin(), counts.end(), Index{0});
    std::string text = std::to_string(sources.size()) + " files, " + std::to_string(all) + " characters:";
    for (std::size_t k = 0; k < counts.size(); ++k)
        text += std::string(k > 0 ? ", " : " ") + kind_names[k] + ' ' + std::to_string(counts[k]);
    return text;
}

/// For each byte, as a digit, the kind that it is most often.
inline std::string usual_kinds(const std::vector<Source>& sources) {
    Mat<Index> counts = Mat<Index>::Zero(kind_count, bytes);
    for (const Source& source : sources)
        for (std::size_t k = 0; k < source.text.size(); ++k)
            ++counts(static_cast<Index>(source.kinds[k]), static_cast<unsigned char>(source.text[k]));
    std::string usual;
    for (Index byte = 0; byte < bytes; ++byte) {
        Index best = 0;
        counts.col(byte).maxCoeff(&best);
        usual += static_cast<char>('0' + best);
    }
    return usual;
}

/// What a model was right and wrong about, and, with the same measures, what it takes to be as good without one.
struct Measures {
    Confusion model = new_confusion(), usual = new_confusion(), code = new_confusion();

    void add(const Setup& setup, const Source& source, const std::vector<Kind>& found) {
        for (std::size_t k = 0; k < source.text.size(); ++k) {
            const auto truth = static_cast<Index>(source.kinds[k]);
            model.add(truth, static_cast<Index>(found[k]));
            usual.add(truth, setup.usual[static_cast<unsigned char>(source.text[k])] - '0');
            code.add(truth, static_cast<Index>(Kind::code));
        }
    }
    std::vector<std::vector<std::string>> rows(const Setup& setup) const {
        std::vector<std::vector<std::string>> all;
        const auto add = [&](const char* name, const Confusion& c) {
            all.push_back({name, examples::percent(c.accuracy(), 2), examples::percent(c.macro_f1(), 2)});
        };
        add(setup.both_ways ? "LSTM, both ways" : "LSTM, one way", model);
        add("each character's most frequent", usual);
        add("all code", code);
        return all;
    }
};

/// Measures a model on sources, and says it.
template <class Model> Measures print_measures(const Setup& setup, const Model& model, const std::vector<Source>& sources) {
    const auto found = found_by(model, sources);
    Measures measures;
    for (std::size_t k = 0; k < sources.size(); ++k) measures.add(setup, sources[k], found[k]);
    auto rows = measures.rows(setup);
    rows.insert(rows.begin(), {"", "accuracy in %", "macro-F1 in %"});
    std::printf("%s\n\n%s\n%s\n", counts_of(sources).c_str(), bptt::detail::table(rows, "lrr").c_str(),
                measures.model.str().c_str());
    return measures;
}

}  // namespace tag
