#pragma once

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "answer.hpp"

namespace translate {

struct UseOptions {
    std::filesystem::path load, pairs, heatmap, report;
    Index beam = 1, length = 200;
};

/// Reads lines and answers each.
inline void translate(const UseOptions& o) {
    examples::check_picture_target(o.heatmap, {o.load});
    examples::check_page_target(o.report, {o.load});
    examples::check_different({o.heatmap, o.report});
    Report report("Answers of " + o.load.filename().string());
    constexpr Index most_shown = 100;  // of a page that can be read
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
                const bool shown = !o.report.empty() && number <= most_shown;
                const auto found = shown ? add_answers(report, setup, model, line, o.beam, o.length)
                                         : answers(setup, model, {line}, o.beam, o.length)[0];
                std::printf("%s", examples::shown(text_of(setup, found)).c_str());
                if (terminal) std::printf("   (P = %.3f)", std::exp(found.log_probability));
                std::puts("");
                if (o.heatmap.empty()) continue;
                std::ofstream file(o.heatmap);
                file << picture_of(setup, line, found);
                file.close();
                throw_unless(file.good(), "cannot write ", o.heatmap.string());
            } catch (const std::invalid_argument& e) {  // of this line
                if (!terminal && !o.report.empty() && number > 1) examples::write_page(report, o.report);
                if (!terminal) throw;
                std::fprintf(stderr, "%s\n", examples::visible(e.what()).c_str());
            }
        }
        if (terminal) std::puts("");
        if (o.report.empty()) return;
        if (number > most_shown) std::fprintf(stderr, "the report has the first %td of %td answers\n", most_shown, number);
        examples::write_page(report, o.report);
    });
}

/// The share of sources of a file, or of 2,000 dates that no training has seen, with an exact answer: one of their targets.
inline void evaluate(const UseOptions& o) {
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        throw_unless(!o.pairs.empty() || setup.dates, "evaluate: ", o.load.string(),
                     " has learned pairs of a file; give others with --pairs");
        Rng rng(20'000);
        const auto questions = questions_of(o.pairs.empty() ? dates(2000, true, rng) : read_pairs(o.pairs));
        const double exact = exact_match(setup, model, questions, o.beam, 5);
        std::printf("%.2f %% of %zu %s exact\n", 100 * exact, questions.size(), o.pairs.empty() ? "held-out dates" : "sources");
    });
}

}  // namespace translate
