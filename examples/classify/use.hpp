#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/target.hpp"
#include "../support/terminal.hpp"
#include "measure.hpp"

namespace classify {

struct UseOptions {
    std::filesystem::path load, texts, images, svg;
    Index best = 3;
};

/// Measures a saved model on all texts of a file, on the images of a folder that are not learned from, or on the reviews that
/// no training has seen.
inline void evaluate(const UseOptions& o) {
    examples::check_picture_target(o.svg, {o.load, o.texts});
    const SavedModel saved(o.load);
    const Setup setup = Setup::of(o.load, saved.metadata());
    throw_unless(setup.is_images() == !o.images.empty() && (setup.data == "reviews" || !o.texts.empty() || !o.images.empty()),
                 "evaluate: ", o.load.string(), " has learned ", setup.data, "; give others with --",
                 setup.is_images() ? "images" : "texts");
    const auto measured = [&] {
        if (!setup.is_images())
            return measure(setup, recalled<TextModel>(saved, setup),
                           setup.encode(o.texts.empty() ? held_out_reviews() : read_texts(o.texts)));
        throw_unless(examples::image_names(o.images) == setup.labels, o.images.string(),
                     "/names.txt has other names than the model");
        const Images images = read_images(o.images, "t10k", std::ssize(setup.labels));
        check_width(setup, images, o.images);
        return measure(setup, recalled<ImageModel>(saved, setup), images);
    };
    const Measured found = measured();
    print(found);
    if (!o.svg.empty()) examples::write_file(o.svg, picture(found.confusion));
}

/// Reads lines, and says of each which classes are likeliest and how likely; in a terminal with colours, where it looked.
inline void classify(const UseOptions& o) {
    const SavedModel saved(o.load);
    const Setup setup = Setup::of(o.load, saved.metadata());
    throw_unless(!setup.is_images(), "classify reads texts, and ", o.load.string(), " has learned images: see evaluate");
    const auto model = recalled<TextModel>(saved, setup);
    const bool asks = isatty(STDIN_FILENO) != 0, colors = examples::knows_escapes() && !examples::wants_no_color();
    if (asks) std::puts("Type a text (Ctrl-D ends).");
    Index number = 0, cut = 0;
    for (std::string line; std::fputs(asks ? "> " : "", stdout), std::fflush(stdout), std::getline(std::cin, line);) {
        if (line.ends_with('\r')) line.pop_back();
        ++number;
        try {
            throw_unless(detail::is_utf8(line), "line ", number, " is not UTF-8");
            const auto ids = setup.encode(line, cut);
            if (ids.empty()) {  // a blank line has a blank one for an answer, so that all lines stand beside theirs
                std::puts("");
                continue;
            }
            const auto reading = model.read(Tokens::of({ids}));
            std::vector<Index> order(setup.labels.size());
            std::iota(order.begin(), order.end(), Index{0});
            std::ranges::stable_sort(order, std::greater(), [&](Index k) { return reading.probabilities(k, 0); });
            order.resize(std::min(order.size(), static_cast<std::size_t>(o.best)));
            for (const Index k : order)
                std::printf("%s%s %.4f", k == order[0] ? "" : "\t",
                            examples::visible(setup.labels[static_cast<std::size_t>(k)]).c_str(),
                            double{reading.probabilities(k, 0)});
            const Weighed text = weighed(setup, line, reading.weights);
            std::puts(colors ? ("\n" + ansi_text(text.symbols, text.values)).c_str() : "");
        } catch (const std::invalid_argument& e) {  // of this line
            if (!asks) throw;
            std::fprintf(stderr, "%s\n", examples::visible(e.what()).c_str());
        }
    }
    if (asks) std::puts("");
    if (cut > 0)
        std::fprintf(stderr, "texts of which the first %td symbols were read: %td of %td\n", setup.length, cut, number);
}

}  // namespace classify
