#pragma once

#include <array>
#include <bptt/core/table.hpp>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "../support/percent.hpp"
#include "model.hpp"
#include "pairs.hpp"

namespace caption {

/// Pictures, and what is right to say of each.
struct Examples {
    Pictures pictures;
    std::vector<std::string> captions;
};

inline Examples draw_examples(const Source& source, Index count, Part part, Rng& rng) {
    Examples all;
    for (Index k = 0; k < count; ++k) {
        const Example one = draw_example(source, part, rng);
        if (k == 0) all.pictures.resize(one.picture.size(), count);
        all.pictures.col(k) = one.picture;
        all.captions.push_back(one.caption);
    }
    return all;
}
/// The same ones whenever they are asked for.
inline Examples held_out_examples(const Source& source, Index count) {
    Rng rng(20'000);
    return draw_examples(source, count, Part::held_out, rng);
}

/// What a model says, as text.
template <class Model> std::vector<std::string> captions_of(const Setup& setup, const Model& model, const Pictures& pictures) {
    std::vector<std::string> all;
    for (const auto& written : captions(setup, model, pictures)) all.push_back(setup.vocabulary.decode(written.tokens));
    return all;
}

/// What it takes to be as good without a network: the caption of the nearest of these pictures, by the distance of pixels.
inline std::vector<std::string> nearest_captions(const Examples& known, const Pictures& asked) {
    const Eigen::VectorXf squares = known.pictures.colwise().squaredNorm();
    const Mat<float> products = known.pictures.transpose() * asked;
    std::vector<std::string> all;
    for (Index k = 0; k < asked.cols(); ++k) {
        Index best = 0;
        (squares - 2 * products.col(k)).minCoeff(&best);
        all.push_back(known.captions[static_cast<std::size_t>(best)]);
    }
    return all;
}

/// The share of captions that are exactly right, and the errors in their words as a share of the words, in %.
inline std::array<std::string, 2> shares(const Setup& setup, const std::vector<std::string>& said,
                                         const std::vector<std::string>& right) {
    std::vector<std::vector<Index>> written, references;
    double exact = 0;
    for (std::size_t k = 0; k < said.size(); ++k) {
        exact += said[k] == right[k];
        written.push_back(setup.vocabulary.encode(said[k]));
        references.push_back(setup.vocabulary.encode(right[k]));
    }
    return {examples::percent(exact / static_cast<double>(said.size()), 1),
            examples::percent(error_rate(written, references), 1)};
}

/// Measures a model on pictures of pairs that it has not seen together, and on new ones of pairs that it has.
template <class Model> void print_measures(const Setup& setup, const Model& model, const Source& source) {
    constexpr Index count = 1000, neighbours = 5000;
    Rng rng(30'000);
    const Examples known = draw_examples(source, neighbours, Part::learned, rng);
    std::vector<std::vector<std::string>> rows = {{"in %", "exact", "wrong words", "known pairs: exact", "wrong words"},
                                                  {setup.attention ? "with attention" : "without attention"},
                                                  {"nearest of 5,000 pictures"}};
    for (const Examples& asked : {held_out_examples(source, count), draw_examples(source, count, Part::known_pairs, rng)}) {
        for (const auto& share : shares(setup, captions_of(setup, model, asked.pictures), asked.captions))
            rows[1].push_back(share);
        for (const auto& share : shares(setup, nearest_captions(known, asked.pictures), asked.captions))
            rows[2].push_back(share);
    }
    std::printf("%td new pictures of pairs that no training has, and as many of pairs that it has:\n\n%s", count,
                bptt::detail::table(rows, "lrrrr").c_str());
}

}  // namespace caption
