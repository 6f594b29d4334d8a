#pragma once

#include <Eigen/Cholesky>
#include <algorithm>
#include <bptt/core/table.hpp>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "../support/parts.hpp"
#include "../support/percent.hpp"
#include "model.hpp"

namespace live_audio {

using examples::Parts;

/// A sound and what an effect has made of it, sample for sample.
struct Pair {
    Sound input, target;

    Index size() const { return std::ssize(input.samples); }
};

/// The part of a sound from sample `first` to before `end`.
inline std::span<const float> part(const Sound& sound, Index first, Index end) {
    return std::span(sound.samples).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
}
/// After so many samples a model that begins anew plays as if it had not.
inline constexpr Index warm_up = 1024;

/// What the model plays from sample `first`, warm_up or more, to before `end`.
inline std::vector<float> played(const Model& model, const Sound& input, Index first, Index end) {
    auto all = played(model, part(input, first - warm_up, end));
    all.erase(all.begin(), all.begin() + warm_up);
    return all;
}

/// The linear filter of the last 64 samples that comes closest in what is learned from, least squares, applied to the rest.
inline std::vector<float> filtered(const Pair& pair, Index first, Index end) {
    constexpr Index taps = 64;
    const auto signal = [](const Sound& s) {
        return Eigen::Map<const Eigen::VectorXf>(s.samples.data(), std::ssize(s.samples));
    };
    const auto x = signal(pair.input), y = signal(pair.target);
    const auto learned = std::min<Index>(Parts(pair.size()).chosen_by, 200'000);
    Mat<double> squares = Mat<double>::Identity(taps, taps) * 1e-6;
    Eigen::VectorXd products = Eigen::VectorXd::Zero(taps);
    for (Index k = taps; k < learned; ++k) {
        const Eigen::VectorXd last = x.segment(k - taps + 1, taps).cast<double>();
        squares.selfadjointView<Eigen::Lower>().rankUpdate(last);
        products += last * double{y[k]};
    }
    const Eigen::VectorXf weights = squares.selfadjointView<Eigen::Lower>().ldlt().solve(products).cast<float>();
    std::vector<float> out;
    for (Index k = first; k < end; ++k) out.push_back(weights.dot(x.segment(k - taps + 1, taps)));
    return out;
}

/// The seconds that each whole block of a sound took.
struct Blocks {
    Index size;  // samples a block; a sound has one or more
    int rate;
    std::vector<double> seconds = {};

    /// Plays a sound block by block, as an audio device asks for it.
    std::vector<float> play(const Model& model, std::span<const float> in) {
        const auto block = static_cast<std::size_t>(size);
        Player player(model);
        std::vector<float> out(in.size());
        seconds.reserve(seconds.size() + in.size() / block);
        std::size_t k = 0;
        for (; k + block <= in.size(); k += block) {
            const auto start = std::chrono::steady_clock::now();
            player.play(in.subspan(k, block), std::span(out).subspan(k, block));
            seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        }
        player.play(in.subspan(k), std::span(out).subspan(k));
        return out;
    }
    void print() const {
        auto sorted = seconds;
        std::ranges::sort(sorted);
        const auto us = [&](double share) {
            return 1e6 * sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
        };
        const double all = std::accumulate(sorted.begin(), sorted.end(), 0.0), deadline = static_cast<double>(size) / rate;
        std::printf(
            "A block of %td samples took %.1f us (median), 99.9 %% of them at most %.1f and the worst %.1f; it may take "
            "%.0f.\n%.0f times as fast as real time\n",
            size, us(0.5), us(0.999), us(1), 1e6 * deadline, deadline * static_cast<double>(seconds.size()) / all);
    }
};

/// How close one comes to what is held out, a row for each way.
struct Measures {
    std::vector<std::string> header = {"", "error-to-signal, %", "with pre-emphasis"};
    std::vector<std::vector<std::string>> rows = {};
};

inline Measures print_measures(const Model& model, const Pair& pair) {
    const Index first = Parts(pair.size()).held_out, end = pair.size();
    const auto target = part(pair.target, first, end);
    Measures all;
    const auto add = [&](const std::string& name, std::span<const float> found) {
        all.rows.push_back({name, examples::percent(error_to_signal(target, found, 0), 3),
                            examples::percent(error_to_signal(target, found, emphasis), 3)});
    };
    Blocks blocks{64, pair.input.rate};
    auto output = blocks.play(model, part(pair.input, first - warm_up, end));
    output.erase(output.begin(), output.begin() + warm_up);
    add("LSTM of " + std::to_string(model.lstm.units()) + " units", output);
    add("linear filter", filtered(pair, first, end));
    add("the input itself", part(pair.input, first, end));
    auto lines = all.rows;
    lines.insert(lines.begin(), all.header);
    std::printf("%.1f s that were held out:\n\n%s\n", static_cast<double>(end - first) / pair.input.rate,
                bptt::detail::table(lines, "lrr").c_str());
    blocks.print();
    return all;
}

}  // namespace live_audio
