#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../support/course.hpp"
#include "../support/learning.hpp"
#include "../support/page.hpp"
#include "guitar.hpp"
#include "picture.hpp"

namespace live_audio {

/// Two files, of a sound and what an effect makes of it; none: a guitar and a distortion that are made up.
struct PairFiles {
    std::filesystem::path input, target;
};
struct TrainOptions {
    PairFiles files = {};
    Index units = 16, window = 512;
    examples::LearningOptions learning{.rate = 5e-3};
    examples::RunOptions run;
};

inline Pair read_pair(const PairFiles& files) {
    throw_unless(files.input.empty() == files.target.empty(), "--input and --target go together");
    if (files.input.empty()) {
        Rng rng(1);
        const Sound input = guitar(60, rng);
        return {input, distorted(input)};
    }
    Pair pair{read_sound(files.input), read_sound(files.target)};
    auto& [input, target] = pair;
    throw_unless(input.rate == target.rate, files.input.string(), " has ", input.rate, " samples a second, ",
                 files.target.string(), " has ", target.rate);
    const auto n = std::min(input.samples.size(), target.samples.size());
    if (input.samples.size() != target.samples.size())
        std::printf("%zu and %zu samples: the first %zu are taken\n", input.samples.size(), target.samples.size(), n);
    input.samples.resize(n), target.samples.resize(n);
    const Parts parts(pair.size());
    throw_unless(pair.size() >= 10 * warm_up, "the sounds have ", pair.size(), " samples; it takes at least ", 10 * warm_up);
    const auto sounds = [&](Index from, Index end, const char* what) {
        throw_unless(std::ranges::any_of(part(target, from, end), [](float y) { return y != 0; }), files.target.string(),
                     " is silent in what ", what);
    };
    sounds(0, parts.chosen_by, "is learned from, the first 70 %");
    sounds(parts.chosen_by, parts.held_out, "the best is chosen by, from 70 to 85 %");
    sounds(parts.held_out, pair.size(), "is held out, the last 15 %");
    return pair;
}

class Training {
public:
    Training(const TrainOptions& o, const Pair& pair)
        : o_(o),
          setup_{o.units, pair.input.rate},
          pair_(pair),
          parts_(pair.size()),
          length_(parts_.chosen_by / o.learning.batch),
          windows_((length_ - warm_up) / o.window),
          course_(o.run, checked(windows_), "sample", "of the signal", checksum()),
          rng_(o.learning.seed),
          model_(o.units, rng_),
          best_(model_),
          carry_(zero_state(model_.lstm, o.learning.batch)) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("model", m.model_), f("adam", m.adam_), f("carry", m.carry_);
        f("best", m.best_), f("least", m.least_);
    }

    void run() {
        std::printf("%.1f s of sound to learn from, %.1f to choose the best by, %.1f held out; %td parameters\n\n",
                    seconds(parts_.chosen_by), seconds(parts_.held_out - parts_.chosen_by),
                    seconds(pair_.size() - parts_.held_out), parameter_count(model_));
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) epoch();
        const double last = error(model_);
        const Model& chosen = last < least_ ? model_ : best_;
        course_.stop(*this,
                     [&] { course_.model().last([&](const auto& file) { bptt::save(file, chosen, setup_.metadata()); }); });
        const auto measures = print_measures(chosen, pair_);
        const examples::Curve losses = course_.end(std::min(least_, last));
        course_.report().last([&](const auto& file) {
            Report report("live_audio");
            report.picture("What came and what was played", picture(chosen, pair_),
                           "A hundredth of a second of what is held out.");
            report.table("How close it is to what was held out", measures.header, measures.rows);
            losses.add_to(report);
            examples::write_page(report, file);
        });
    }

private:
    /// The streams, as many as a batch, each from its beginning: first without learning, so that the state is that of a sound
    /// which has long begun.
    void epoch() {
        for (Index k = course_.place(); k < windows_; ++k) {
            if (k == 0) warm();
            step(warm_up + (k + 1) * o_.window);
            if (course_.place() == 0) keep_best();
            course_.keep(*this);
            if (!course_.goes_on()) return;
        }
    }
    /// The streams' samples before `end` and what the LSTM makes of them, from the carry on.
    auto read(Index end, Index steps) {
        const auto x = sequence(tape_.constant(side_by_side(pair_.input, end, steps)), o_.learning.batch);
        return std::pair(x, unroll(model_.lstm, x, lift(tape_, carry_)));
    }
    void warm() {
        carry_ = zero_state(model_.lstm, o_.learning.batch);
        tape_.clear();
        const Tape<float>::Pause pause(tape_);
        values(final_state(read(warm_up, warm_up).second), carry_);
    }
    /// A window that ends before sample `end` of each stream: its states go on from those of the one before, the gradient
    /// does not.
    void step(Index end) {
        adam_.options.rate = o_.learning.rate * std::max(0.02, 1 - course_.done());
        tape_.clear();
        const auto [x, y] = read(end, o_.window);
        const Var<float> found = x.all + model_.head(y.h).all;
        const auto loss = error_to_signal(side_by_side(pair_.target, end, o_.window), found, o_.learning.batch);
        course_.step(x.all.cols(), loss, model_, adam_, o_.learning.clip, [this] { return error(model_); });
        values(final_state(y), carry_);
    }
    /// The last `steps` samples before `end` of each stream: 1×(steps·batch).
    Mat<float> side_by_side(const Sound& sound, Index end, Index steps) {
        ends_.clear();
        for (Index b = 0; b < o_.learning.batch; ++b) ends_.push_back(b * length_ + end);
        const Eigen::Map<const Mat<float>> all(sound.samples.data(), 1, std::ssize(sound.samples));
        return windows_before<float>(all, steps, ends_);
    }
    /// Over what the best is chosen by.
    double error(const Model& model) const {
        const auto found = played(model, pair_.input, parts_.chosen_by, parts_.held_out);
        return error_to_signal(part(pair_.target, parts_.chosen_by, parts_.held_out), found, emphasis);
    }
    void keep_best() {
        const double now = error(model_);
        if (now >= least_) return;
        least_ = now;
        best_ = model_;
    }
    Index checked(Index windows) const {
        throw_unless(o_.learning.batch <= pair_.size() && o_.window <= pair_.size(), "the sounds have ", pair_.size(),
                     " samples, fewer than --batch ", o_.learning.batch, " or --window ", o_.window);
        const Index least = ((warm_up + o_.window) * o_.learning.batch * 10 + 6) / 7;
        throw_unless(windows > 0, "the sounds have ", pair_.size(), " samples; with --batch ", o_.learning.batch,
                     " and --window ", o_.window, " it takes at least ", least);
        return windows;
    }
    double seconds(Index samples) const { return static_cast<double>(samples) / pair_.input.rate; }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        for (const Sound* sound : {&pair_.input, &pair_.target})
            sum.add(sound->samples.data(), sound->samples.size() * sizeof(float));
        return sum;
    }

    const TrainOptions& o_;
    Setup setup_;
    const Pair& pair_;
    Parts parts_;
    Index length_, windows_;  // of one of the streams that stand side by side: samples, and windows after the warm-up
    examples::Course course_;
    Rng rng_;
    Model model_, best_;
    double least_ = std::numeric_limits<double>::infinity();
    StateOf<Lstm<float>, Mat<float>> carry_;
    Adam<float> adam_{{.rate = o_.learning.rate}};
    Tape<float> tape_;
    std::vector<Index> ends_;
};

inline void train(const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, {o.files.input, o.files.target});
    Training(o, read_pair(o.files)).run();
}

}  // namespace live_audio
