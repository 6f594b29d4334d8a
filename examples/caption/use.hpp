#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "../support/shown.hpp"
#include "../support/target.hpp"
#include "../support/terminal.hpp"
#include "measure.hpp"
#include "picture.hpp"

namespace caption {

struct UseRun {
    std::filesystem::path load, images, heatmap;
    std::uint64_t seed = 1;
    Index count = 3;
};

/// Pictures of the kind that a model has learned from. Throws where the folder of real ones is missing, too much or another.
inline Source source_of(const UseRun& o, const Setup& setup) {
    throw_unless(
        setup.names.empty() == o.images.empty(), o.load.string(), " has learned from ",
        setup.names.empty() ? "shapes, which are drawn: it takes no --images" : "real pictures: give some with --images");
    Source source = source_in(o.images);
    throw_unless(!source || source->names() == setup.names, o.images.string(), "/names.txt has other names than the model");
    throw_unless(!source || source->grid() == setup.grid, o.images.string(), " has images of ",
                 source ? source->grid().size_of_cell() : "", " pixels, the model has learned from ",
                 setup.grid.size_of_cell());
    return source;
}

/// Measures a saved model again.
inline void evaluate(const UseRun& o) {
    examples::with_saved_model(
        o.load, Setup::of, [&](const Setup& setup, const auto& model) { print_measures(setup, model, source_of(o, setup)); });
}

/// Pictures of pairs that no training has, and beside each what the model says.
inline void show(const UseRun& o) {
    examples::check_picture_target(o.heatmap, {o.load});
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const auto& model) {
        throw_unless(o.heatmap.empty() || setup.attention, "--heatmap: ", o.load.string(), " has no attention to show");
        const Source source = source_of(o, setup);
        Rng rng(o.seed);
        const bool plain = examples::wants_no_color();
        for (Index k = 0; k < o.count; ++k) {
            const Examples one = draw_examples(source, 1, Part::held_out, rng);
            const auto written = captions(setup, model, one.pictures)[0];
            const std::string said = text_of(setup, written), &right = one.captions[0];
            const auto draw = !plain ? half_blocks : setup.names.empty() ? letters : marks;
            auto lines = draw(setup.grid, one.pictures);
            const std::size_t at = setup.names.empty() ? lines.size() / 2 - 1 : lines.size();  // beside a small one, or below
            lines.resize(std::max(lines.size(), at + 2));
            lines[at] += "  " + examples::visible(said);
            if (said != right) lines[at + 1] += "  but it is " + examples::visible(right);
            for (const auto& line : lines) std::puts(line.c_str());
            std::puts("");
            if (k + 1 == o.count && !o.heatmap.empty()) examples::write_file(o.heatmap, attention_picture(setup, written));
        }
    });
}

}  // namespace caption
