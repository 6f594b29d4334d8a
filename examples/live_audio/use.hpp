#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "../support/target.hpp"
#include "train.hpp"

namespace live_audio {

struct UseRun {
    std::filesystem::path load, output, svg;
    PairFiles files;
    Index block = 64;
};

inline void check_sound_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs) {
    examples::check_target(file, inputs, "WAV file", is_wav);
    examples::Saver(file, "sound").try_out(1);
}
inline void write_sound(const std::filesystem::path& file, const Sound& sound) {
    const Index clipped = write_wav(file, sound);
    std::printf("%s: %.1f s", examples::visible(file.string()).c_str(), static_cast<double>(sound.samples.size()) / sound.rate);
    if (clipped > 0) std::printf("; %td samples were beyond full scale, and are at it now", clipped);
    std::puts("");
}

/// Writes the pair that is made up, for ears.
inline void make(const UseRun& o) {
    for (const auto& file : {o.files.input, o.files.target}) check_sound_target(file, {});
    examples::check_different({o.files.input, o.files.target});
    const Pair pair = read_pair({});
    write_sound(o.files.input, pair.input), write_sound(o.files.target, pair.target);
}

/// Measures a saved model on the last 15 % of a pair.
inline void evaluate(const UseRun& o) {
    examples::check_picture_target(o.svg, {o.load, o.files.input, o.files.target});
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const Model& model) {
        const Pair pair = read_pair(o.files);
        setup.check_rate(o.files.input.empty() ? "the guitar that is made up" : o.files.input, pair.input);
        print_measures(model, pair);
        if (!o.svg.empty()) examples::write_file(o.svg, picture(model, pair));
    });
}

/// What the model makes of a sound, block by block.
inline void process(const UseRun& o) {
    check_sound_target(o.output, {o.load, o.files.input});
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const Model& model) {
        Sound sound = read_sound(o.files.input);
        setup.check_rate(o.files.input, sound);
        throw_unless(!sound.samples.empty(), o.files.input.string(), " has no samples");
        Blocks blocks{std::min(o.block, std::ssize(sound.samples)), sound.rate};
        sound.samples = blocks.play(model, sound.samples);
        write_sound(o.output, sound);
        blocks.print();
    });
}

}  // namespace live_audio
