#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/escapes.hpp"
#include "../support/shown.hpp"
#include "known.hpp"
#include "model.hpp"

namespace char_lm {

struct SampleRun {
    std::filesystem::path load, prime_file;
    std::string prime;  // with escapes
    Index length = 1000, count = 1;
    std::uint64_t seed = 42;
    SampleOptions how{.temperature = 0.8};
};

/// What a model reads before it writes: a new line, as lines begin in training, and the prime; its first symbol where both are
/// none.
inline std::vector<Index> start_of(const Vocabulary& vocabulary, const std::string& what, const std::string& prime) {
    std::vector<Index> ids;
    try {
        ids = vocabulary.encode((vocabulary.contains("\n") ? "\n" : "") + prime);
    } catch (const std::invalid_argument& e) {
        throw_unless(false, what, ": ", e.what());
    }
    return ids.empty() ? std::vector<Index>{0} : ids;
}

/// Prints the prime, and what the model makes of it, several times.
inline void write(const SampleRun& o) {
    const bool file = !o.prime_file.empty();
    const std::string prime = file ? read_text(o.prime_file) : examples::unescaped("--prime", o.prime);
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        const auto start = start_of(setup.vocabulary, file ? o.prime_file.string() : "--prime", prime);
        Rng rng(o.seed);
        for (Index k = 0; k < o.count; ++k) {
            examples::ShownParts text;
            std::fputs(((k > 0 ? "---\n" : "") + text.add(prime)).c_str(), stdout);
            sample(model.read(start), {.max_length = o.length}, rng, o.how, [&](Index token, Index) {
                std::fputs(text.add(setup.vocabulary[token]).c_str(), stdout);
                std::fflush(stdout);
            });
            std::puts(text.rest().c_str());
        }
    });
}

struct EvaluateRun {
    std::filesystem::path load;
    std::vector<std::filesystem::path> corpus;
    bool skip_unknown = false;
};

/// Prints the mean loss over a text that the model need not have seen.
inline void evaluate(const EvaluateRun& o) {
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        const KnownText text = read_known(setup.vocabulary, o.corpus, o.skip_unknown);
        throw_unless(text.ids.size() > 1, "evaluate: the model knows ", text.ids.size(),
                     " of the text's characters, and it takes two: one is foreseen after the other");
        const double nats = evaluate(model, text.ids);
        const std::string left_out = o.skip_unknown ? "; unknown ones left out: " + std::to_string(text.unknown) : "";
        std::printf("%zu characters: %.4f nats per character (%.4f bits)%s\n", text.ids.size(), nats, nats / std::numbers::ln2,
                    left_out.c_str());
    });
}

}  // namespace char_lm
