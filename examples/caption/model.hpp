#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../support/saved.hpp"
#include "pairs.hpp"
#include "scene.hpp"

namespace caption {

using Cell = Gru<float>;
/// A picture a column: pixels × pictures.
using Pictures = Mat<float>;

/// The words of all captions of shapes, or of real pictures with these names.
inline Vocabulary words(const std::vector<std::string>& names) {
    std::vector<std::string> all(pair_words.begin(), pair_words.end());
    if (names.empty()) {
        all = {"a", "small", "large", "above", "left", "of"};
        all.insert(all.end(), kind_names.begin(), kind_names.end());
        all.insert(all.end(), color_names.begin(), color_names.end());
    }
    all.insert(all.end(), names.begin(), names.end());
    return Vocabulary::of(all, {.unit = Unit::word, .bos = true, .eos = true});
}

/// Two layers see a whole picture, and give the state that a decoder begins from: one to many.
struct Plain {
    using Scalar = float;

    Linear<float> see, understand;
    Embedding<float> embed;
    Cell decoder;
    Linear<float> head;
    BPTT_PARAMS(see, understand, embed, decoder, head)

    Plain(const Grid& grid, Index vocabulary, Index units, Rng& rng)
        : see(grid.numbers(), 2 * units, rng),
          understand(2 * units, units, rng),
          embed(vocabulary, units, rng),
          decoder(units, units, rng),
          head(units, vocabulary, rng) {}

    /// Teacher forcing: logits of what follows each word of captions of these pictures.
    Sequence<float> operator()(Tape<float>& tape, const Pictures& pictures, const Tokens& before) const {
        return head(unroll(decoder, embed(tape, before), start(tape, pictures)));
    }
    SourceWriter<Plain> read(const Pictures& pictures) const {
        return {*this, pictures, std::vector<Index>(static_cast<std::size_t>(pictures.cols()), 0)};
    }

    HiddenState<Var<float>> start(Tape<float>& tape, const Pictures& pictures) const {
        return {relu(understand(relu(see(tape.constant(pictures)))))};
    }

    // For SourceWriter.

    struct Source {
        HiddenState<Mat<float>> start;
    };
    Source store(Tape<float>& tape, const Pictures& pictures) const { return {values(start(tape, pictures))}; }
    std::pair<HiddenState<Var<float>>, Var<float>> step(Tape<float>& tape, const Tokens& before, const Source&,
                                                        std::span<const Index>, const HiddenState<Var<float>>& s) const {
        const auto next = decoder.step(embed(tape, before).all, s);
        return {next, head(next.h)};
    }
};

/// The same two layers see each patch of a picture, and a decoder attends to what they give; it begins from its mean. There is
/// no recurrent encoder: a patch says itself where it is.
struct Attentive {
    using Scalar = float;
    using Decoder = AttentionDecoder<Cell>;

    Grid grid;
    Linear<float> see, understand, bridge;
    Embedding<float> embed;
    Decoder decoder;
    Linear<float> head;
    BPTT_PARAMS(see, understand, bridge, embed, decoder, head)

    Attentive(const Grid& pictures, Index vocabulary, Index units, Rng& rng)
        : grid(pictures),
          see(grid.patch_rows(), units, rng),
          understand(units, units, rng),
          bridge(units, units, rng),
          embed(vocabulary, units, rng),
          decoder(units, units, units, units, rng),
          head(3 * units, vocabulary, rng) {}

    Sequence<float> operator()(Tape<float>& tape, const Pictures& pictures, const Tokens& before) const {
        const auto [keys, start] = encode(tape, pictures);
        const auto y = embed(tape, before);
        const auto s = unroll(decoder, y, start, keys);
        return head(y.with(concat_rows({y.all, s.h.all, s.context.all})));
    }
    SourceWriter<Attentive> read(const Pictures& pictures) const {
        return {*this, pictures, std::vector<Index>(static_cast<std::size_t>(pictures.cols()), grid.cells())};
    }

    struct Encoded {
        Sequence<float> keys;
        HiddenState<Var<float>> start;
    };
    Encoded encode(Tape<float>& tape, const Pictures& pictures) const {
        std::vector<Mat<float>> cut;
        for (const auto& picture : pictures.colwise()) cut.push_back(grid.patches(picture));
        const auto xs = Sequence<float>::of(tape, cut);
        const auto keys = xs.with(relu(understand(relu(see(xs.all)))));
        auto total = keys[0];
        for (Index t = 1; t < keys.steps(); ++t) total = total + keys[t];
        return {keys, {tanh(bridge(total / static_cast<float>(grid.cells())))}};
    }

    // For SourceWriter.

    using Bound = Decoder::Bound;
    struct Source {
        StateOf<Bound, Mat<float>> start;
        BahdanauAttention<float>::StoredMemory memory;
    };
    Source store(Tape<float>& tape, const Pictures& pictures) const {
        const auto [keys, start] = encode(tape, pictures);
        const auto memory = decoder.attention.memory(keys);
        return {values(decoder.over(memory).start(start)), decoder.attention.store(memory)};
    }
    std::pair<StateOf<Bound, Var<float>>, Var<float>> step(Tape<float>& tape, const Tokens& before, const Source& source,
                                                           std::span<const Index> sources,
                                                           const StateOf<Bound, Var<float>>& s) const {
        const auto y = embed(tape, before).all;
        const auto next = decoder.over(decoder.attention.recall(tape, source.memory, sources)).step(y, s);
        return {next, head(concat_rows({y, next.h, next.context}))};
    }
};

/// A model that is made anew: kept in its file's metadata.
struct Setup {
    Index units = 128;
    bool attention = false;
    Grid grid = drawn_grid;
    std::vector<std::string> names = {};  // of real pictures; of shapes none
    Vocabulary vocabulary = words(names);

    Metadata metadata() const {
        Metadata all = {{"program", "caption"}, {"units", std::to_string(units)}, {"attention", attention ? "yes" : "no"}};
        if (!names.empty()) {
            all["height"] = std::to_string(grid.height), all["width"] = std::to_string(grid.width);
            all["names"] = nlohmann::json(names).dump();
        }
        return all;
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "caption");
        const Index units = fields.number("units");
        const bool attention = fields.is("attention", "yes", "no");
        fields.fits("units", static_cast<double>(units) * static_cast<double>(units));
        if (!metadata.contains("names")) return {.units = units, .attention = attention};
        const Index height = fields.number("height"), width = fields.number("width");
        const auto names = fields.texts("names");
        const auto fits = [&](const char* name, Index a, Index b) {
            fields.fits(name, static_cast<double>(units) * static_cast<double>(a) * static_cast<double>(b));
        };
        fits("height", height, 1), fits("width", width, height), fits("names", std::ssize(names), 1);
        return fields.made_of("names", [&](const std::string&) {
            return Setup{units, attention, pair_grid(height, width), names};
        });
    }
};

/// f(model) for a new model of that kind.
void with_model(const Setup& s, Rng& rng, auto&& f) {
    if (s.attention) {
        Attentive model(s.grid, s.vocabulary.size(), s.units, rng);
        f(model);
    } else {
        Plain model(s.grid, s.vocabulary.size(), s.units, rng);
        f(model);
    }
}

/// What the model says of each picture.
template <class Model> std::vector<Written<float>> captions(const Setup& setup, const Model& model, const Pictures& pictures) {
    constexpr Index longest = 20;  // the right ones have at most 11 words
    return greedy(model.read(pictures), {.bos = setup.vocabulary.bos(), .eos = setup.vocabulary.eos(), .max_length = longest});
}

/// A caption as it is shown.
inline std::string text_of(const Setup& setup, const Written<float>& caption) {
    const std::string text = setup.vocabulary.decode(caption.tokens);
    return text.empty() ? "(nothing)" : text;
}

}  // namespace caption
