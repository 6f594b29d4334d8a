#pragma once

#include <algorithm>
#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../support/images.hpp"
#include "../support/saved.hpp"
#include "texts.hpp"

namespace classify {

using Layers = Stacked<Bidirectional<Lstm<float>>>;
using TextModel = SequenceClassifier<Layers>;
using ImageModel = SequenceClassifier<Layers, Features<float>>;

/// What a model reads, and of which class each is.
template <class Inputs> struct Labelled {
    Inputs inputs;
    std::vector<Index> labels;
};
using Texts = Labelled<std::vector<std::vector<Index>>>;
using Images = Labelled<std::vector<Mat<float>>>;

/// What a model has learned from, and all that it takes to build it again.
struct Setup {
    std::string data = "reviews";  // or "texts" of a file, or "images"
    std::vector<std::string> labels;
    Vocabulary vocabulary;  // of texts
    Index length = 200;     // of a text, in symbols
    Index features = 32, units = 64, layers = 1;

    Metadata metadata() const {
        return {{"program", "classify"},
                {"data", data},
                {"labels", nlohmann::json(labels).dump()},
                {"vocabulary", vocabulary.serialize()},
                {"length", std::to_string(length)},
                {"features", std::to_string(features)},
                {"units", std::to_string(units)},
                {"layers", std::to_string(layers)}};
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "classify");
        const auto data_of = [](const std::string& text) {
            throw_unless(text == "reviews" || text == "texts" || text == "images", '"', text,
                         "\" is not reviews, texts or images");
            return text;
        };
        Setup setup{
            fields.made_of("data", data_of), fields.texts("labels"),    fields.made_of("vocabulary", Vocabulary::deserialize),
            fields.number("length"),         fields.number("features"), fields.number("units"),
            fields.number("layers")};
        if (!setup.is_images()) fields.made_of("vocabulary", [&](const std::string&) { return setup.vocabulary.unk(); });
        const auto units = static_cast<double>(setup.units);
        fields.fits("features", static_cast<double>(setup.features) * static_cast<double>(setup.vocabulary.size()));
        fields.fits("units", units * (units + static_cast<double>(setup.features)));
        fields.fits("layers", units * units * static_cast<double>(setup.layers));
        fields.fits("labels", units * static_cast<double>(setup.labels.size()));
        return setup;
    }
    bool is_images() const { return data == "images"; }

    /// What the model reads of a text, and whether that is less than all of it, added to `cut`.
    std::vector<Index> encode(const std::string& text, Index& cut) const {
        auto ids = vocabulary.encode(marks_apart(text, vocabulary.unit()));
        cut += std::ssize(ids) > length;
        ids.resize(std::min(ids.size(), static_cast<std::size_t>(length)));
        return ids;
    }
    /// The symbols of a text: all of them, unknown ones, too.
    std::vector<std::string> symbols(const std::string& text) const {
        std::vector<std::string> all;
        const std::string apart = marks_apart(text, vocabulary.unit());
        for_each_symbol(apart, vocabulary.unit(), [&](std::string_view symbol) { all.emplace_back(symbol); });
        return all;
    }
    /// Throws where a label is none of the model's.
    Texts encode(const std::vector<Pair>& pairs) const {
        Texts all;
        Index cut = 0;
        for (const Pair& pair : pairs) {
            const auto label = std::ranges::find(labels, pair.target);
            throw_unless(label != labels.end(), "the label ", pair.target, " is none of the model's");
            all.labels.push_back(label - labels.begin());
            all.inputs.push_back(encode(pair.source, cut));
        }
        if (cut > 0) std::printf("texts cut at a --length of %td: %td of %zu\n", length, cut, pairs.size());
        return all;
    }
};

/// A part of the images: "train" or "t10k".
inline Images read_images(const std::filesystem::path& folder, const std::string& part, Index classes) {
    auto all = examples::image_part(folder, part, classes);
    return {std::move(all.images), std::move(all.labels)};
}

inline void check_width(const Setup& setup, const Images& images, const std::filesystem::path& folder) {
    throw_unless(images.inputs[0].rows() == setup.features, folder.string(), ": the images of its part t10k are ",
                 images.inputs[0].rows(), " pixels wide, those that are learned from ", setup.features);
}

template <class Model> Model made(const Setup& s, double dropout, Rng& rng) {
    const ClassifierOptions how{.classes = std::ssize(s.labels), .attention = s.units, .dropout = dropout};
    Layers layers(s.features, s.units, s.layers, rng, {.dropout = dropout});
    if constexpr (std::is_same_v<Model, TextModel>)
        return {s.vocabulary.size(), std::move(layers), rng, how};
    else
        return {{}, std::move(layers), rng, how};
}
template <class Model> Model recalled(const SavedModel& saved, const Setup& setup) {
    Rng rng = Rng::zeros();
    auto model = made<Model>(setup, 0, rng);
    saved.load(model);
    return model;
}

}  // namespace classify
