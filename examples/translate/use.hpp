#pragma once

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "answer.hpp"
#include "lesson.hpp"
#include "measure.hpp"

namespace translate {

struct UseOptions {
    std::filesystem::path load, pairs, heatmap, report;
    SearchOptions search;
    Index n_best = 1;
};

/// Prints the best answers to a text.
inline void print_best(const Setup& setup, const std::vector<Written<float>>& best, bool probabilities) {
    for (const Written<float>& answer : best) {
        std::printf("%s", examples::shown(text_of(setup, answer)).c_str());
        if (probabilities) std::printf("   (P = %.3f)", std::exp(answer.log_probability));
        std::puts("");
    }
}
/// Says which symbols of a text the model knows nothing of.
inline void print_unknown(const Setup& setup, const std::string& text) {
    std::set<std::string_view> unknown;
    for_each_symbol(text, setup.source.unit(), [&](std::string_view symbol) {
        if (!setup.source.contains(symbol)) unknown.insert(symbol);
    });
    if (unknown.empty()) return;
    std::fputs("it has never met", stderr);
    for (const std::string_view symbol : unknown) std::fprintf(stderr, " \"%s\"", examples::visible(symbol).c_str());
    std::fputs("\n", stderr);
}

/// Reads lines and answers each; n_best of several are followed by an empty line.
inline void answer(const Task& task, const UseOptions& o) {
    examples::check_picture_target(o.heatmap, {o.load});
    examples::check_page_target(o.report, {o.load});
    examples::check_different({o.heatmap, o.report});
    throw_unless(o.n_best <= o.search.beam.width, "--n-best ", o.n_best, " is more than --beam ", o.search.beam.width);
    Report report("Answers of " + o.load.filename().string());
    constexpr Index most_shown = 100;  // of a page that can be read
    with_saved_model(task, o.load, [&](const Setup& setup, const auto& model) {
        throw_unless(o.heatmap.empty() || setup.attention, "--heatmap: ", o.load.string(), " has no attention to show");
        const bool terminal = isatty(STDIN_FILENO) != 0;
        if (terminal) std::printf("Type %s (Ctrl-D ends).\n", setup.made ? task.asks.c_str() : "a text");
        Index number = 0;
        for (std::string line; std::fputs(terminal ? "> " : "", stdout), std::fflush(stdout), std::getline(std::cin, line);) {
            if (line.ends_with('\r')) line.pop_back();
            ++number;
            try {
                throw_unless(detail::is_utf8(line), "line ", number, " is not UTF-8");
                const std::string text = task.read(line);
                print_unknown(setup, text);
                const bool on_page = !o.report.empty() && number <= most_shown;
                const auto best = best_answers(setup, model, text, o.search, on_page ? o.search.beam.width : o.n_best);
                print_best(setup, {best.begin(), best.begin() + std::min(o.n_best, std::ssize(best))},
                           terminal || o.n_best > 1);
                if (o.n_best > 1) std::puts("");
                if (on_page) add_answers(report, setup, text, best);
                if (!o.heatmap.empty()) examples::write_file(o.heatmap, picture_of(setup, text, best[0]));
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

/// How many sources have an exact answer, of a file, or of what is made up and held out from all trainings.
inline void evaluate(const Task& task, const UseOptions& o) {
    with_saved_model(task, o.load, [&](const Setup& setup, const auto& model) {
        throw_unless(!o.pairs.empty() || setup.made, "evaluate: ", o.load.string(),
                     " has learned pairs of a file; give others with --pairs");
        Rng rng(20'000);
        auto questions = questions_of(o.pairs.empty() ? task.make(task.held_out, true, rng) : read_pairs(task, o.pairs));
        const Measures found = measure(setup, model, questions, o.search.beam);
        std::printf("%.2f %% of %zu %s%s exact, %.2f %% of symbols wrong; the first:\n", 100 * found.exact, questions.size(),
                    o.pairs.empty() ? "held-out " : "", o.pairs.empty() ? task.made.c_str() : "sources", 100 * found.wrong);
        print_answers(setup, questions, found, 10);
        std::printf("answers that were cut: %td\n", std::ranges::count(found.answers, false, &Written<float>::complete));
        if (!task.copied || !setup.attention) return;
        const auto [all, looked] = copied(setup, questions, found);
        std::printf("symbols from the question: %td, looked for where they stand: %.2f %%\n", all,
                    100 * static_cast<double>(looked) / static_cast<double>(std::max<Index>(1, all)));
    });
}

}  // namespace translate
