#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <string>
#include <vector>

#include "../support/shown.hpp"
#include "model.hpp"

namespace char_lm {

struct SampleRun {
    std::filesystem::path load;
    std::string prime;  // empty: a new line, or the vocabulary's first symbol
    Index length = 1000;
    std::uint64_t seed = 42;
    SampleOptions how{.temperature = 0.8};
};

/// Prints the prime, and what the model makes of it.
inline void write(const SampleRun& o) {
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        const Vocabulary& vocabulary = setup.vocabulary;
        const auto prime = !o.prime.empty()            ? vocabulary.encode(o.prime)
                           : vocabulary.contains("\n") ? vocabulary.encode("\n")
                                                       : std::vector<Index>{0};
        examples::ShownParts text;
        std::fputs(text.add(o.prime).c_str(), stdout);
        Rng rng(o.seed);
        sample(model.read(prime), {.max_length = o.length}, rng, o.how, [&](Index token, Index) {
            std::fputs(text.add(vocabulary[token]).c_str(), stdout);
            std::fflush(stdout);
        });
        std::puts(text.rest().c_str());
    });
}

/// Prints the mean loss over a text that the model need not have seen.
inline void evaluate(const std::filesystem::path& file, const std::vector<std::filesystem::path>& corpus) {
    with_saved_model(file, [&](const Setup& setup, const auto& model) {
        const auto ids = setup.vocabulary.encode(read_text(corpus, setup.vocabulary.unit()));
        throw_unless(ids.size() > 1, "evaluate: the text has one character, there is nothing to foresee");
        const double nats = evaluate(model, ids);
        std::printf("%zu characters: %.4f nats per character (%.4f bits)\n", ids.size(), nats, nats / std::numbers::ln2);
    });
}

}  // namespace char_lm
