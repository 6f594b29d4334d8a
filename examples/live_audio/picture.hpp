#pragma once

#include <bptt/inspect/chart.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "measure.hpp"

namespace live_audio {

/// A hundredth of a second of what is held out, where the input is loudest: the input, the target and what the model plays.
inline std::string picture(const Model& model, const Pair& pair) {
    const Index first = Parts(pair.size()).held_out,
                width = std::min<Index>(std::max(2, pair.input.rate / 100), pair.size() - first);
    const auto& x = pair.input.samples;
    const auto loudest =
        std::max_element(x.begin() + first, x.end() - width, [](float a, float b) { return std::abs(a) < std::abs(b); });
    const Index from = loudest - x.begin();
    const auto output = played(model, pair.input, first, from + width);
    const auto series = [&](const char* name, Index look, auto&& at) {
        Series s{.name = name, .look = look};
        for (Index k = 0; k < width; ++k) {
            s.x.push_back(1000 * static_cast<double>(k) / pair.input.rate);
            s.y.push_back(double{at(static_cast<std::size_t>(from + k))});
        }
        return s;
    };
    return chart(
        {Panel{.title = "held out",
               .x = {.label = "milliseconds"},
               .series = {series("input", 4, [&](std::size_t k) { return x[k]; }),
                          series("target", 6, [&](std::size_t k) { return pair.target.samples[k]; }),
                          series("LSTM", 8, [&](std::size_t k) { return output[k - static_cast<std::size_t>(first)]; })}}});
}

}  // namespace live_audio
