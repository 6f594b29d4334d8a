#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/page.hpp"
#include "../support/terminal.hpp"
#include "color.hpp"
#include "measure.hpp"

namespace tag {

struct UseRun {
    std::filesystem::path load, file, svg, html;
    std::vector<std::filesystem::path> sources;
};

/// Measures a saved model on files that it has not learned from.
inline void evaluate(const UseRun& o) {
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const auto& model) {
        auto sources = read_sources(o.sources);
        const auto known = std::erase_if(sources, [&](const Source& s) { return setup.learned.contains(s.checksum); });
        throw_unless(!sources.empty(), "evaluate: the model has learned from all of these files");
        if (known > 0) std::printf("Left out are %zu files that it has learned from.\n", known);
        print_measures(setup, model, sources);
    });
}

/// Shows a file in the colours of what the model takes each character for.
inline void color(const UseRun& o) {
    examples::check_picture_target(o.svg, {o.load, o.file});
    examples::check_page_target(o.html, {o.load, o.file});
    examples::check_different({o.svg, o.html});
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const auto& model) {
        const std::vector<Source> source{Source(read_text(o.file))};
        const auto& [text, kinds, checksum] = source[0];
        const auto found = found_by(model, source)[0];
        const auto truth = is_cpp(o.file) ? kinds : std::vector<Kind>();
        const Tagged tagged(text, found, truth);
        std::string headline = examples::visible(o.file.filename().string());
        if (!truth.empty()) {
            Confusion confusion = new_confusion();
            for (std::size_t k = 0; k < text.size(); ++k)
                confusion.add(static_cast<Index>(truth[k]), static_cast<Index>(found[k]));
            headline += ": " + examples::percent(confusion.accuracy(), 2) + " % of " + std::to_string(text.size()) +
                        " characters are right";
            if (setup.learned.contains(Source(without_licence(text)).checksum)) headline += "; it has learned from this file";
        }
        if (!o.svg.empty()) examples::write_file(o.svg, svg_text(tagged));
        if (!o.html.empty()) {
            Report report("tag: " + o.file.filename().string());
            report.picture(headline, svg_text(tagged), colors_legend);
            examples::write_page(report, o.html);
        }
        const bool plain = examples::wants_no_color();
        std::puts(headline.c_str());
        if (o.svg.empty() && o.html.empty())
            std::printf("%s\n\n%s\n", plain ? marks_legend : colors_legend, (plain ? marked_text : ansi_text)(tagged).c_str());
    });
}

}  // namespace tag
