#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "../support/target.hpp"
#include "../support/terminal.hpp"
#include "measure.hpp"
#include "picture.hpp"

namespace caption {

struct UseRun {
    std::filesystem::path load, heatmap;
    std::uint64_t seed = 1;
    Index count = 3;
};

/// Measures a saved model again.
inline void evaluate(const UseRun& o) {
    with_saved_model(o.load, [](const Setup& setup, const auto& model) { print_measures(setup, model); });
}

/// Pictures of pairs that no training has, and beside each what the model says.
inline void show(const UseRun& o) {
    examples::check_picture_target(o.heatmap, {o.load});
    with_saved_model(o.load, [&](const Setup& setup, const auto& model) {
        throw_unless(o.heatmap.empty() || setup.attention, "--heatmap: ", o.load.string(), " has no attention to show");
        Rng rng(o.seed);
        const bool plain = examples::wants_no_color();
        for (Index k = 0; k < o.count; ++k) {
            const Examples one = draw_examples(1, true, rng);
            const auto written = captions(setup, model, one.pictures)[0];
            const std::string said = text_of(setup, written), &right = one.captions[0];
            auto lines = (plain ? letters : half_blocks)(one.pictures);
            lines[lines.size() / 2 - 1] += "  " + said;
            if (said != right) lines[lines.size() / 2] += "  but it is " + right;
            for (const auto& line : lines) std::puts(line.c_str());
            std::puts("");
            if (k + 1 == o.count && !o.heatmap.empty()) examples::write_file(o.heatmap, attention_picture(setup, written));
        }
    });
}

}  // namespace caption
