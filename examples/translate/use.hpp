#pragma once

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "../support/target.hpp"
#include "model.hpp"

namespace translate {

struct UseOptions {
    std::filesystem::path load, pairs, heatmap;
    Index beam = 1, length = 200;
};

/// Each symbol of a text, as labels of a picture.
inline std::vector<std::string> labels(const Vocabulary& vocabulary, const std::vector<Index>& ids) {
    std::vector<std::string> all;
    for (const Index k : ids) all.push_back(vocabulary[k]);
    return all;
}

/// Reads lines and answers each.
inline void translate(const UseOptions& o) {
    examples::check_picture_target(o.heatmap, {o.load});
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        throw_unless(o.heatmap.empty() || setup.attention, "--heatmap: ", o.load.string(), " has no attention to show");
        const bool terminal = isatty(STDIN_FILENO) != 0;
        if (terminal)
            std::puts(setup.dates ? "Type a date, as you would write it (Ctrl-D ends)." : "Type a text (Ctrl-D ends).");
        Index number = 0;
        for (std::string line; std::fputs(terminal ? "> " : "", stdout), std::fflush(stdout), std::getline(std::cin, line);) {
            if (line.ends_with('\r')) line.pop_back();
            ++number;
            try {
                throw_unless(detail::is_utf8(line), "line ", number, " is not UTF-8");
                const auto found = answers(setup, model, {line}, o.beam, o.length)[0];
                std::printf("%s", examples::harmless(setup.target.decode(found.tokens)).c_str());
                if (terminal) std::printf("   (P = %.3f)", std::exp(found.log_probability));
                std::puts("");
                if (o.heatmap.empty()) continue;
                std::ofstream file(o.heatmap);
                file << heatmap(found.alignment.transpose(), labels(setup.target, found.tokens),
                                labels(setup.source, setup.source.encode(line)));
                file.close();
                throw_unless(file.good(), "cannot write ", o.heatmap.string());
            } catch (const std::invalid_argument& e) {  // of this line
                if (!terminal) throw;
                std::fprintf(stderr, "%s\n", e.what());
            }
        }
        if (terminal) std::puts("");
    });
}

/// The share of exact answers among the pairs of a file, or 2,000 dates that no training has seen.
inline void evaluate(const UseOptions& o) {
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        throw_unless(!o.pairs.empty() || setup.dates, "evaluate: ", o.load.string(),
                     " has learned pairs of a file; give others with --pairs");
        Rng rng(20'000);
        const auto pairs = o.pairs.empty() ? dates(2000, true, rng) : load_pairs(o.pairs);
        const double exact = exact_match(setup, model, pairs, o.beam, 5);
        std::printf("%.2f %% of %zu %s exact\n", 100 * exact, pairs.size(), o.pairs.empty() ? "held-out dates" : "pairs");
    });
}

}  // namespace translate
