#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "../support/saved.hpp"
#include "task.hpp"

namespace translate {

using Plain = EncoderDecoder<Gru<float>>;
using Attentive = AttentionEncoderDecoder<Gru<float>>;

/// All that it takes to build a model, and to read and write with it.
struct Setup {
    const Task* task;
    Vocabulary source, target;
    Index features = 32, units = 64;
    bool attention = true;
    bool made = true;  // it learned what its task makes up; else pairs of a file

    EncoderDecoderSizes sizes() const {
        return {.sources = source.size(), .targets = target.size(), .features = features, .units = units};
    }
    Metadata metadata() const {
        return {{"program", task->program},
                {"features", std::to_string(features)},
                {"units", std::to_string(units)},
                {"attention", attention ? "yes" : "no"},
                {"pairs", made ? task->made : "file"},
                {"source", source.serialize()},
                {"target", target.serialize()}};
    }
    static Setup of(const Task& task, const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, task.program);
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
        Setup setup{&task,
                    fields.made_of("source", source_of),
                    fields.made_of("target", target_of),
                    fields.number("features"),
                    fields.number("units"),
                    fields.is("attention", "yes", "no"),
                    fields.is("pairs", task.made, "file")};
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
void with_saved_model(const Task& task, const std::filesystem::path& file, auto&& f) {
    examples::with_saved_model(
        file, [&](const auto&... of) { return Setup::of(task, of...); }, f);
}

/// How answers are looked for: at most `longest` symbols; a beam of 1 is greedy.
struct SearchOptions {
    Index longest = 200;
    BeamOptions beam = {.width = 1};
};

inline WriteOptions write_options(const Setup& setup, Index longest) {
    return {.bos = setup.target.bos(), .eos = setup.target.eos(), .max_length = longest, .never = {setup.target.unk()}};
}

/// What the model makes of each text.
template <class Model> std::vector<Written<float>> answers(const Setup& setup, const Model& model,
                                                           const std::vector<std::string>& texts, const SearchOptions& o) {
    const WriteOptions options = write_options(setup, o.longest);
    const auto writer = model.read(setup.source.batch(texts));
    return o.beam.width == 1 ? greedy(writer, options) : beam_search(writer, options, o.beam);
}

/// The n best answers to a text, best first.
template <class Model> std::vector<Written<float>> best_answers(const Setup& setup, const Model& model, const std::string& text,
                                                                const SearchOptions& o, Index n) {
    return n_best(model.read(setup.source.batch({text})), write_options(setup, o.longest), n, o.beam);
}

/// An answer as text; one that was cut at its length ends in "…".
inline std::string text_of(const Setup& setup, const Written<float>& answer) {
    return setup.task->write(setup.target.decode(answer.tokens)) + (answer.complete ? "" : "…");
}

}  // namespace translate
