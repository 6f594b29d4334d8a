#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "../support/progress.hpp"
#include "../support/saved.hpp"
#include "units.hpp"

namespace char_lm {

using namespace bptt;

/// What a layer reads of a symbol: its one-hot column where it has an input for each, else a vector that is learned.
struct Input {
    using Scalar = float;

    Index tokens;
    std::optional<Embedding<float>> learned;

    Input(Index count, Index features, Rng& rng) : tokens(count) {
        if (features != count) learned.emplace(count, features, rng);
    }
    static void params(auto& m, auto&& f) {
        if (m.learned) f("E", m.learned->E);
    }
    Sequence<float> operator()(Tape<float>& tape, const Tokens& x) const& {
        return learned ? (*learned)(tape, x) : one_hot(tape, x, tokens);
    }
    Sequence<float> operator()(Tape<float>& tape, const Tokens& x) const&& = delete;  // it would be gone when they are computed
};

/// Symbols in; logits of the next symbol out.
template <class Cell> using CharLm = LanguageModel<Stacked<Cell>, Input>;

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

    /// Of characters and bytes one-hot columns. Words are too many, and have a vector as wide as a layer.
    template <class Cell> CharLm<Cell> model(Rng& rng) const {
        const bool words = bptt::detail::is_words(vocabulary.unit());
        return {vocabulary.size(), {words ? units : vocabulary.size(), units, layers, rng}, rng};
    }
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

/// How a model writes: it never writes UNK, which is no text.
inline WriteOptions write_options(const Vocabulary& vocabulary, Index length) {
    WriteOptions options{.max_length = length};
    if (vocabulary.has_unk()) options.never = {vocabulary.unk()};
    return options;
}

/// f(model) for a new model of that kind.
void with_model(const Setup& setup, Rng& rng, auto&& f) {
    with_cell(setup.cell, [&]<class Cell> {
        auto model = setup.template model<Cell>(rng);
        f(model);
    });
}

/// Mean loss in nats per symbol over `ids`, cut into so many streams. on_window(symbols): how many have been read.
template <class Cell> double evaluate(const CharLm<Cell>& model, std::span<const Index> ids, Index streams, auto&& on_window) {
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
        on_window(symbols);
    }
    return total / static_cast<double>(symbols);
}
/// The same in one stream. Where it takes over two seconds, it shows how far it is.
template <class Cell> double evaluate(const CharLm<Cell>& model, std::span<const Index> ids) {
    examples::LongTask task("of " + std::to_string(ids.size()) + " evaluated");
    return evaluate(model, ids, 1, [&](Index symbols) { task.show(static_cast<std::size_t>(symbols), ids.size()); });
}

}  // namespace char_lm
