// Plays a guitar through the effect that a device would have, and through the model that it was made of. Run it with --help.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "../live_audio/guitar.hpp"
#include "../live_audio/measure.hpp"
#include "../support/command_line.hpp"
#include "effect.hpp"

int main(int argc, char** argv) {
    std::filesystem::path load = BPTT_EMBEDDED_MODEL;
    double seconds = 10;
    CLI::App app("Plays a guitar through an effect without a heap, and through the model that it was made of.", "embedded");
    app.add_option("--load", load, "the model that the effect was made of")->check(examples::path())->capture_default_str();
    app.add_option("--seconds", seconds, "of the guitar that is made up")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    return examples::run(app, {argv + 1, argv + argc}, [&] {
        bptt::Rng rng(2);
        const auto guitar = live_audio::guitar(seconds, rng), distortion = live_audio::distorted(guitar);
        std::vector<float> out(guitar.samples.size()), model_out;
        effect_process(guitar.samples.data(), out.data(), static_cast<unsigned>(out.size()));
        examples::with_saved_model(load, live_audio::Setup::of, [&](const auto&, const live_audio::Model& model) {
            model_out = live_audio::played(model, guitar.samples);
        });
        float apart = 0;
        for (std::size_t k = 0; k < out.size(); ++k) apart = std::max(apart, std::abs(out[k] - model_out[k]));
        std::printf("the effect: %u bytes of constants, %u of memory\n", effect_constants, effect_memory);
        std::printf("off the distortion: error-to-signal %s %%\n",
                    examples::percent(live_audio::error_to_signal(distortion.samples, out, 0), 3).c_str());
        std::printf("off the model's stream: %.1e at most, of %zu samples\n", double{apart}, out.size());
        bptt::throw_unless(apart < 1e-4f, "the effect is not that of ", load.string());
    });
}
