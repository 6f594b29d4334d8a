#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/random.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

#include "sound.hpp"

namespace live_audio {

using bptt::Rng;

/// A plucked string: noise that goes round, and each time is the mean of itself and what came before (Karplus and Strong 1983).
class PluckedString {
public:
    void pluck(double period, float loudness, Rng& rng) {
        ring_.resize(static_cast<std::size_t>(period));
        at_ = 0;
        float soft = 0;  // as a finger is, and not a needle
        for (float& x : ring_) x = soft += 0.25f * (loudness * static_cast<float>(rng.uniform(-1, 1)) - soft);
    }
    float next() {
        if (ring_.empty()) return 0;
        constexpr float kept = 0.998f;  // of what goes round once
        const std::size_t after = at_ + 1 == ring_.size() ? 0 : at_ + 1;
        const float x = ring_[at_];
        ring_[at_] = kept * (x + ring_[after]) / 2;
        at_ = after;
        return x;
    }

private:
    std::vector<float> ring_;
    std::size_t at_ = 0;
};

/// Six strings, of which one to four are plucked now and then, from softly to hard, in a scale of five notes.
inline Sound guitar(double seconds, Rng& rng) {
    Sound sound;
    sound.samples.resize(static_cast<std::size_t>(seconds * sound.rate));
    std::array<PluckedString, 6> strings;
    constexpr std::array scale = {0, 3, 5, 7, 10};
    Index wait = 0;
    for (float& x : sound.samples) {
        if (wait-- == 0) {
            for (Index chord = 1 + rng.below(4); chord > 0; --chord) {
                const Index string = rng.below(std::ssize(strings));
                const auto note = 5 * string + scale[static_cast<std::size_t>(rng.below(std::ssize(scale)))];
                const double hertz = 82.41 * std::exp2(static_cast<double>(note) / 12);
                const auto loudness = static_cast<float>(0.9 * std::exp(-2.5 * rng.uniform(0, 1)));
                strings[static_cast<std::size_t>(string)].pluck(sound.rate / hertz, loudness, rng);
            }
            wait = static_cast<Index>(sound.rate * rng.uniform(0.05, 0.6));
        }
        for (PluckedString& string : strings) x += string.next();
        x = std::clamp(x, -1.f, 1.f);
    }
    return sound;
}

/// An overdriven amplifier: tanh of the signal made 8 times as loud, and above 3 kHz less and less of it.
inline Sound distorted(Sound sound) {
    constexpr float drive = 8, level = 0.7f, corner = 3000;
    const float share = 1 - std::exp(-2 * std::numbers::pi_v<float> * corner / static_cast<float>(sound.rate));
    float low = 0;
    for (float& x : sound.samples) x = level * (low += share * (std::tanh(drive * x) - low));
    return sound;
}

}  // namespace live_audio
