#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "../support/saved.hpp"
#include "sound.hpp"

namespace live_audio {

using namespace bptt;

/// y = x + W h + b of an LSTM that reads sample after sample: it learns by how much the two sounds differ (Wright, Damskägg and
/// Välimäki 2019).
struct Model {
    using Scalar = float;

    Lstm<float> lstm;
    Linear<float> head;

    Model(Index units, Rng& rng) : lstm(1, units, rng), head(units, 1, rng) {}
    BPTT_PARAMS(lstm, head)
};

/// What it takes to use a model: kept in its file's metadata.
struct Setup {
    Index units = 16;
    int rate = 48000;  // of the sounds, in samples a second

    Metadata metadata() const {
        return {{"program", "live_audio"}, {"units", std::to_string(units)}, {"rate", std::to_string(rate)}};
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "live_audio");
        const Setup s{fields.number("units"), static_cast<int>(std::min<Index>(fields.number("rate"), 1 << 30))};
        fields.fits("units", 4 * static_cast<double>(s.units) * static_cast<double>(s.units));
        return s;
    }
    void check_rate(const std::filesystem::path& file, const Sound& sound) const {
        throw_unless(sound.rate == rate, file.string(), " has ", sound.rate, " samples a second; the model has learned with ",
                     rate);
    }
};
inline void with_model(const Setup& setup, Rng& rng, auto&& f) {
    Model model(setup.units, rng);
    f(model);
}

/// The model as it plays: from block to block, in real time.
class Player {
public:
    explicit Player(const Model& model) : stream_(stream(model.lstm, model.head)) {}

    void play(std::span<const float> in, std::span<float> out) noexcept {
        for (std::size_t k = 0; k < in.size(); ++k) out[k] = in[k] + stream_.step(in[k])(0);
    }

private:
    decltype(stream(std::declval<const Lstm<float>&>(), std::declval<const Linear<float>&>())) stream_;
};

inline std::vector<float> played(const Model& model, std::span<const float> in) {
    std::vector<float> out(in.size());
    Player(model).play(in, out);
    return out;
}

/// How much of the sample before is taken off a sample before two sounds are compared, as ears hear high tones well and low
/// ones hardly.
inline constexpr float emphasis = 0.85f;

/// Σ (p(y) − p(ŷ))² / Σ p(y)², the error-to-signal ratio; p takes off so much of the sample before, and 0 nothing.
inline double error_to_signal(std::span<const float> y, std::span<const float> found, float by) {
    double error = 0, signal = 0;
    for (std::size_t k = 1; k < y.size(); ++k) {
        const double now = double{y[k] - by * y[k - 1]}, apart = now - double{found[k] - by * found[k - 1]};
        error += apart * apart, signal += now * now;
    }
    return error / signal;
}

/// The same of what stands side by side in a window, 1×(steps·batch), and (Σ (y − ŷ))² / (n Σ y²), how far their means are
/// apart, beside it.
inline Var<float> error_to_signal(const Mat<float>& y, Var<float> found, Index batch) {
    const auto after = [&](const auto& x) { return cols(x, batch, x.cols() - batch); };
    const auto before = [&](const auto& x) { return cols(x, 0, x.cols() - batch); };
    const Var<float> target = found.tape().constant(y), apart = target - found;
    const auto emphasized = [&](const auto& x) { return after(x) - emphasis * before(x); };
    constexpr float silence = 1e-9f;  // of a sample, squared: of a window that is silent
    const float energy = y.squaredNorm() + silence * static_cast<float>(y.size());
    const Mat<float> high = y.rightCols(y.cols() - batch) - emphasis * y.leftCols(y.cols() - batch);
    return sum(square(emphasized(apart))) / (high.squaredNorm() + silence * static_cast<float>(y.size())) +
           square(sum(apart)) / (static_cast<float>(y.size()) * energy);
}

}  // namespace live_audio
