#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/escapes.hpp"
#include "../support/shown.hpp"
#include "../support/storage.hpp"
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
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const auto& model) {
        const std::string what = file ? o.prime_file.string() : "--prime";
        const auto start = start_of(setup.vocabulary, what, prime);
        if (setup.vocabulary.has_unk() && std::ranges::count(start, setup.vocabulary.unk()) > 0)
            std::fprintf(stderr, "%s: the model does not know all of it, and reads <unk> there\n",
                         examples::visible(what).c_str());
        Rng rng(o.seed);
        for (Index k = 0; k < o.count; ++k) {
            examples::ShownParts text;
            Spelling spelling(setup.vocabulary, prime);
            std::fputs(((k > 0 ? "---\n" : "") + text.add(prime)).c_str(), stdout);
            sample(model.read(start), write_options(setup.vocabulary, o.length), rng, o.how, [&](Index token, Index) {
                std::fputs(text.add(spelling(token)).c_str(), stdout);
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
    std::optional<Storage> storage = {};  // of a stream
};

/// What evaluate() gives, by a stream.
template <Storage S> double evaluate_stream(const auto& model, std::span<const Index> ids) {
    auto live = stream<S>(model);
    examples::LongTask task("of " + std::to_string(ids.size()) + " evaluated");
    double nats = 0;
    for (std::size_t k = 0; k + 1 < ids.size(); ++k) {
        if (k % 4096 == 0) task.show(k, ids.size());
        const auto logits = live.step(ids[k]);
        nats += static_cast<double>(kernels::log_sum_exp(logits.data(), logits.size()) - logits[ids[k + 1]]);
    }
    return nats / static_cast<double>(ids.size() - 1);
}

/// Prints the mean loss over a text that the model need not have seen.
inline void evaluate(const EvaluateRun& o) {
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const auto& model) {
        const KnownText text = read_known(setup.vocabulary, o.corpus, o.skip_unknown);
        const Unit unit = setup.vocabulary.unit();
        throw_unless(text.ids.size() > 1, "evaluate: the model reads ", text.ids.size(), " of the text's ", name_of(unit),
                     "s, and it takes two: one is foreseen after the other");
        const double nats =
            o.storage ? examples::with_storage(*o.storage, [&]<Storage S> { return evaluate_stream<S>(model, text.ids); })
                      : evaluate(model, text.ids);
        std::string unknown;
        if (o.skip_unknown || setup.vocabulary.has_unk())
            unknown = std::string("; unknown ones ") + (o.skip_unknown ? "left out: " : "read as <unk>: ") +
                      std::to_string(text.unknown);
        std::printf("%zu %ss: %s%s\n", text.ids.size(), name_of(unit), loss_text(nats, unit).c_str(), unknown.c_str());
    });
}

}  // namespace char_lm
