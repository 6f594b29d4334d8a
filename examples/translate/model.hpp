#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../support/saved.hpp"
#include "../support/shown.hpp"
#include "dates.hpp"
#include "questions.hpp"

namespace translate {

using Plain = EncoderDecoder<Gru<float>>;
using Attentive = AttentionEncoderDecoder<Gru<float>>;

/// All that it takes to build a model, and to read and write with it.
struct Setup {
    Vocabulary source, target;
    Index features = 32, units = 64;
    bool attention = true;
    bool dates = true;  // what it learned; else pairs of a file

    EncoderDecoderSizes sizes() const {
        return {.sources = source.size(), .targets = target.size(), .features = features, .units = units};
    }
    Metadata metadata() const {
        return {{"program", "translate"},
                {"features", std::to_string(features)},
                {"units", std::to_string(units)},
                {"attention", attention ? "yes" : "no"},
                {"pairs", dates ? "dates" : "file"},
                {"source", source.serialize()},
                {"target", target.serialize()}};
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "translate");
        const auto source_of = [](const std::string& text) {
            auto vocabulary = Vocabulary::deserialize(text);
            vocabulary.unk();  // throws where there is none, as bos() and eos()
            return vocabulary;
        };
        const auto target_of = [&](const std::string& text) {
            auto vocabulary = source_of(text);
            vocabulary.bos(), vocabulary.eos();
            return vocabulary;
        };
        Setup setup{fields.made_of("source", source_of), fields.made_of("target", target_of),
                    fields.number("features"),           fields.number("units"),
                    fields.is("attention", "yes", "no"), fields.is("pairs", "dates", "file")};
        const auto features = static_cast<double>(setup.features), units = static_cast<double>(setup.units);
        fields.fits("features", features * static_cast<double>(setup.source.size() + setup.target.size()));
        fields.fits("units", units * (2 * units + features + static_cast<double>(setup.target.size())));
        return setup;
    }
};

/// f(model) for a new model of that kind.
void with_model(const Setup& setup, Rng& rng, auto&& f) {
    if (setup.attention) {
        Attentive model(setup.sizes(), rng);
        f(model);
    } else {
        Plain model(setup.sizes(), rng);
        f(model);
    }
}

/// f(setup, model) for a model that was saved.
void with_saved_model(const std::filesystem::path& file, auto&& f) {
    const SavedModel saved(file);
    const Setup setup = Setup::of(file, saved.metadata());
    Rng rng = Rng::zeros();
    with_model(setup, rng, [&](auto& model) {
        saved.load(model);
        f(setup, model);
    });
}

inline WriteOptions write_options(const Setup& setup, Index longest) {
    return {.bos = setup.target.bos(), .eos = setup.target.eos(), .max_length = longest};
}

/// What the model makes of each text, at most `longest` symbols; a beam of 1 is greedy.
template <class Model> std::vector<Written<float>> answers(const Setup& setup, const Model& model,
                                                           const std::vector<std::string>& texts, Index beam, Index longest) {
    const WriteOptions options = write_options(setup, longest);
    std::vector<Written<float>> all;
    for (std::size_t from = 0; from < texts.size(); from += 100) {  // so that memory is bounded
        const auto to = std::min(texts.size(), from + 100);
        const auto writer = model.read(setup.source.batch(
            {texts.begin() + static_cast<std::ptrdiff_t>(from), texts.begin() + static_cast<std::ptrdiff_t>(to)}));
        for (auto& w : beam == 1 ? greedy(writer, options) : beam_search(writer, options, {.width = beam}))
            all.push_back(std::move(w));
    }
    return all;
}

/// An answer as text; one that was cut at its length ends in "…".
inline std::string text_of(const Setup& setup, const Written<float>& answer) {
    return setup.target.decode(answer.tokens) + (answer.complete ? "" : "…");
}

/// The share of sources whose answer is one of their targets (as words: whatever the spaces); up to `shown` others are printed.
template <class Model>
double exact_match(const Setup& setup, const Model& model, const std::vector<Question>& questions, Index beam, int shown) {
    std::vector<std::string> sources;
    std::vector<std::set<std::vector<Index>>> targets;  // with EOS
    Index longest = 0, exact = 0;
    for (const Question& question : questions) {
        sources.push_back(question.source);
        targets.emplace_back();
        for (const std::string& target : question.targets) {
            std::vector<Index> ids = setup.target.encode(target);
            ids.push_back(setup.target.eos());
            longest = std::max(longest, static_cast<Index>(std::ssize(ids)));
            targets.back().insert(std::move(ids));
        }
    }
    const auto found = answers(setup, model, sources, beam, longest + 10);
    for (std::size_t k = 0; k < questions.size(); ++k) {
        const bool known = std::ranges::count(found[k].tokens, setup.target.unk()) == 0;  // UNK is no text
        if (known && targets[k].contains(found[k].tokens))
            ++exact;
        else if (shown-- > 0)
            std::printf("  %s\n    is %s%s, it wrote %s\n", examples::shown(sources[k]).c_str(),
                        examples::shown(questions[k].targets[0]).c_str(), targets[k].size() > 1 ? " (or another target)" : "",
                        examples::shown(text_of(setup, found[k])).c_str());
    }
    return static_cast<double>(exact) / static_cast<double>(questions.size());
}

}  // namespace translate
