#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "../support/saved.hpp"

namespace char_lm {

using namespace bptt;

/// Characters in, one-hot; logits of the next character out.
template <class Cell> using CharLm = LanguageModel<Stacked<Cell>, OneHot<float>>;

template <class Cell> CharLm<Cell> new_model(Index vocabulary, Index units, Index layers, Rng& rng) {
    return {vocabulary, {vocabulary, units, layers, rng}, rng};
}

/// Calls f.operator()<Cell>() for the cell of that name.
decltype(auto) with_cell(std::string_view name, auto&& f) {
    if (name == "rnn") return f.template operator()<Rnn<float>>();
    if (name == "gru") return f.template operator()<Gru<float>>();
    throw_unless(name == "lstm", "unknown cell \"", name, "\"; there are rnn, lstm and gru");
    return f.template operator()<Lstm<float>>();
}

/// A new model, and all that it takes to build it again: kept in its file's metadata.
struct Setup {
    std::string cell = "lstm";
    Index layers = 2, units = 128;
    Vocabulary vocabulary;

    Metadata metadata() const {
        return {{"program", "char_lm"},
                {"cell", cell},
                {"layers", std::to_string(layers)},
                {"units", std::to_string(units)},
                {"vocabulary", vocabulary.serialize()}};
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "char_lm");
        const auto cell_of = [](const std::string& name) {
            with_cell(name, []<class Cell> {});
            return name;
        };
        const auto vocabulary_of = [](const std::string& text) {
            auto symbols = Vocabulary::deserialize(text);
            throw_unless(symbols.size() > 0, "it has no symbols");
            return symbols;
        };
        Setup setup{fields.made_of("cell", cell_of), fields.number("layers"), fields.number("units"),
                    fields.made_of("vocabulary", vocabulary_of)};
        const auto layers = static_cast<double>(setup.layers), units = static_cast<double>(setup.units);
        const double head = units * static_cast<double>(setup.vocabulary.size());
        fields.fits("units", units * units + head);
        fields.fits("layers", layers * units * units + head);
        return setup;
    }
};

/// f(setup, model) for a model that was saved.
void with_saved_model(const std::filesystem::path& file, auto&& f) {
    const SavedModel saved(file);
    const Setup setup = Setup::of(file, saved.metadata());
    with_cell(setup.cell, [&]<class Cell> {
        Rng rng = Rng::zeros();
        auto model = new_model<Cell>(setup.vocabulary.size(), setup.units, setup.layers, rng);
        saved.load(model);
        f(setup, model);
    });
}

/// Mean loss in nats per symbol over `ids`, cut into so many streams.
template <class Cell> double evaluate(const CharLm<Cell>& model, std::span<const Index> ids, Index streams = 1) {
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    auto carry = zero_state(model.layer, streams);
    double total = 0;
    Index symbols = 0;
    for (const auto& window : windows(ids, {.batch = streams, .steps = 256})) {
        tape.clear();
        const auto y = model(tape, window.inputs, carry);
        total += static_cast<double>(cross_entropy(model.head(y), window.targets, {.reduction = Reduction::sum}).item());
        symbols += window.inputs.layout().columns();
        values(final_state(y), carry);
    }
    return total / static_cast<double>(symbols);
}

}  // namespace char_lm
