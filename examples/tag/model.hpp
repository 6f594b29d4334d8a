#pragma once

#include <algorithm>
#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "../support/progress.hpp"
#include "../support/saved.hpp"
#include "source.hpp"

namespace tag {

inline constexpr Index bytes = 256;

/// Logits of each character's kind: of layers that read a text both ways, or from its beginning alone.
template <class L> struct Tagger {
    Embedding<float> embed;
    Stacked<L> layers;
    Linear<float> head;
    BPTT_PARAMS(embed, layers, head)

    Tagger(Index features, Index units, Index depth, Rng& rng)
        : embed(bytes, features, rng), layers(features, units, depth, rng), head(layers.outputs(), kind_count, rng) {}

    Sequence<float> operator()(Tape<float>& tape, const Tokens& text) const {
        return head(unroll(layers, embed(tape, text)).h);
    }
};

/// A model that is made anew, and what it is measured by: kept in its file's metadata.
struct Setup {
    Index features = 16, units = 64, layers = 1;
    bool both_ways = true;
    std::string usual;              // the most frequent kind of each byte in what was learned from, a digit each
    std::set<std::string> learned;  // checksums of the files that were learned from

    Metadata metadata() const {
        std::string checksums;
        for (const auto& checksum : learned) checksums += checksum + ' ';
        return {{"program", "tag"},
                {"features", std::to_string(features)},
                {"units", std::to_string(units)},
                {"layers", std::to_string(layers)},
                {"reads", both_ways ? "both ways" : "one way"},
                {"usual", usual},
                {"learned", checksums}};
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "tag");
        const auto usual_of = [](const std::string& text) {
            const bool fits = std::ssize(text) == bytes && text.find_first_not_of("01234") == text.npos;
            throw_unless(fits, "it has no digit from 0 to ", kind_count - 1, " for each of ", bytes, " bytes");
            return text;
        };
        Setup setup{.features = fields.number("features"),
                    .units = fields.number("units"),
                    .layers = fields.number("layers"),
                    .both_ways = fields.is("reads", "both ways", "one way"),
                    .usual = fields.made_of("usual", usual_of),
                    .learned = {}};
        for_each_symbol(fields.text("learned"), Unit::word, [&](std::string_view word) { setup.learned.emplace(word); });
        const auto features = static_cast<double>(setup.features), units = static_cast<double>(setup.units);
        fields.fits("features", features * static_cast<double>(bytes));
        fields.fits("units", units * units);
        fields.fits("layers", static_cast<double>(setup.layers) * units * units);
        return setup;
    }
};

/// f(model) for a new model of that kind.
void with_model(const Setup& s, Rng& rng, auto&& f) {
    const auto with = [&]<class L> {
        Tagger<L> model(s.features, s.units, s.layers, rng);
        f(model);
    };
    s.both_ways ? with.template operator()<Bidirectional<Lstm<float>>>() : with.template operator()<Lstm<float>>();
}

/// What the model takes each character of each source for. It reads them in windows, so that memory is bounded, with so much
/// around each that it hardly matters where one ends.
template <class Model> std::vector<std::vector<Kind>> found_by(const Model& model, std::span<const Source> sources) {
    constexpr std::size_t size = 4000, around = 500, batch = 32;
    std::vector<std::vector<Kind>> all;
    for (const Source& source : sources) all.emplace_back(source.text.size());
    const auto windows = windows_of(sources, size, around);
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    examples::LongTask task("measured");
    for (std::size_t k = 0; k < windows.size(); k += batch) {
        task.show(k, windows.size());
        const auto some = std::span(windows).subspan(k, std::min(batch, windows.size() - k));
        tape.clear();
        const auto logits = model(tape, Batch(some).characters);
        const auto& values = logits.all.value();
        layout_of(logits).for_each_column([&](Index column, Index t, Index b) {
            const Window& window = some[static_cast<std::size_t>(b)];
            const std::size_t place = window.begin + static_cast<std::size_t>(t);
            if (place >= window.first && place < window.last)
                all[static_cast<std::size_t>(window.source - sources.data())][place] =
                    static_cast<Kind>(greedy(values.col(column)));
        });
    }
    return all;
}

}  // namespace tag
