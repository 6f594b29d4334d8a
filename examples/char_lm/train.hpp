#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "../support/progress.hpp"
#include "../support/target.hpp"
#include "model.hpp"

namespace char_lm {

struct TrainOptions {
    std::vector<std::filesystem::path> corpus;
    std::filesystem::path save;  // empty: the model is lost
    std::string cell = "lstm";
    Index layers = 2, units = 128, batch = 50, steps = 50;
    double epochs = 0, seconds = 120;  // epochs, where positive, come before seconds
    double rate = 0;                   // 0: what suits the cell
    double clip = 5;
    std::uint64_t seed = 42;
    int threads = Threads().count();
};

template <class Cell> class Training {
public:
    Training(const TrainOptions& options, const Text& text)
        : options_(options),
          setup_{options.cell, options.layers, options.units, text.vocabulary},
          vocabulary_(setup_.vocabulary),
          train_(std::span(text.indices).first(text.indices.size() - text.indices.size() / 20)),
          validation_(std::span(text.indices).subspan(train_.size())),
          windows_(windows(train_, {.batch = options.batch, .steps = options.steps})),
          rng_(options.seed),
          model_(new_model<Cell>(vocabulary_.size(), options.units, options.layers, rng_)),
          threads_(options.threads) {}

    void run() {
        std::printf("%zu characters to learn from, %zu held back, %td different; %s %tdx%td, %td parameters\n\n", train_.size(),
                    validation_.size(), vocabulary_.size(), options_.cell.c_str(), options_.layers, options_.units,
                    parameter_count(model_));
        examples::watch_interrupt();
        while (done() < 1 && !examples::interrupted) epoch();
        progress_.end();
        if (may_be_saved()) saver_.last([this](const auto& file) { save_to(file); });
        std::puts(examples::interrupted ? "stopped; validating ..." : "trained; validating ...");
        const double nats = evaluate(model_, validation_);
        std::printf("validation: %.4f nats per character (%.4f bits)\n\n%s\n", nats, nats / std::numbers::ln2,
                    sample(500).c_str());
    }

private:
    double suitable_rate() const { return options_.cell == "rnn" ? 2e-3 : 5e-3; }
    void epoch() {
        auto carry = zero_state(model_.layer, options_.batch);
        for (const auto& window : windows_) {
            show_sample();
            tape_.clear();
            const auto y = model_(tape_, window.inputs, carry);
            const auto loss = cross_entropy(model_.head(y), window.targets);
            throw_unless(std::isfinite(loss.item()), "the loss is not finite: training has diverged; try a --rate below ",
                         adam_.options.rate);
            zero_grad(model_);
            backward(loss);
            clip_grad_norm(model_, options_.clip);
            adam_.step(model_);
            values(final_state(y), carry);
            if (progress_.seconds() > saved_ + 60) save();
            report(loss.item(), window.inputs.layout().columns());
            if (done() >= 1 || examples::interrupted) return;
        }
    }
    void report(double nats, Index characters) {
        if (seen_ == 0)
            std::printf("first loss: %.4f nats per character (ln %td = %.4f)\n\n", nats, vocabulary_.size(),
                        std::log(static_cast<double>(vocabulary_.size())));
        seen_ += characters;
        ++steps_;
        loss_ += (nats - loss_) / static_cast<double>(std::min<Index>(steps_, 50));
        std::array<char, 120> figures{};
        std::snprintf(figures.data(), figures.size(), "loss %.3f nats (%.3f bits) per character   %.0f characters/s", loss_,
                      loss_ / std::numbers::ln2, static_cast<double>(seen_) / progress_.seconds());
        progress_.show(done(), figures.data());
    }
    double done() const {
        if (options_.epochs > 0) return static_cast<double>(steps_) / (options_.epochs * static_cast<double>(windows_.size()));
        return progress_.seconds() / options_.seconds;
    }
    void show_sample() {
        static constexpr std::array moments = {0.0, 0.01, 0.04, 0.15, 0.5};
        if (shown_ == moments.size() || done() < moments[shown_]) return;
        ++shown_;
        progress_.text(seen_ == 0 ? "at first" : "after " + std::to_string(seen_) + " characters", sample(200));
    }
    /// Goes on from the middle of the text.
    std::string sample(Index length) const {
        const auto prime = train_.subspan(train_.size() / 2, std::min<std::size_t>(100, train_.size() / 2));
        Rng rng(options_.seed);
        const auto written = bptt::sample(model_.read(prime), {.max_length = length}, rng, {.temperature = 0.8})[0];
        return examples::harmless(vocabulary_.decode(written.tokens));
    }
    void save() {
        saved_ = progress_.seconds();
        if (may_be_saved()) saver_([this](const auto& file) { save_to(file); });
    }
    void save_to(const std::filesystem::path& file) const { bptt::save(file, model_, setup_.metadata()); }
    /// Whether the model is better than one that has learned nothing, or replaces none.
    bool may_be_saved() {
        const double nothing = std::log(static_cast<double>(vocabulary_.size()));
        std::error_code vanished;  // with its folder: then saving says so
        if (loss_ <= nothing || !std::filesystem::exists(options_.save, vanished)) return true;
        progress_.end();
        std::fprintf(stderr, "not saved over %s: the loss is %.3f, and ln %td = %.3f where nothing was learned\n",
                     options_.save.c_str(), loss_, vocabulary_.size(), nothing);
        return false;
    }

    TrainOptions options_;
    Setup setup_;
    const Vocabulary& vocabulary_;
    std::span<const Index> train_, validation_;
    Windows windows_;
    Rng rng_;
    CharLm<Cell> model_;
    examples::Saver saver_{options_.save, 4 * parameter_count(model_) + 10'000};
    Adam<float> adam_{{.rate = options_.rate > 0 ? options_.rate : suitable_rate()}};
    Threads threads_;
    Tape<float> tape_{threads_};
    examples::Progress progress_;
    double saved_ = 0;  // seconds
    double loss_ = 0;   // smoothed
    Index seen_ = 0;    // characters
    Index steps_ = 0;   // windows
    std::size_t shown_ = 0;
};

inline void train(const TrainOptions& options) {
    examples::check_model_target(options.save, options.corpus);
    const Text text = load_text(options.corpus);
    const auto held_back = static_cast<Index>(text.indices.size()) / 20,
               rest = static_cast<Index>(text.indices.size()) - held_back;
    throw_unless(held_back > 1 && rest > options.batch, "the corpus has ", text.indices.size(), " characters, too few for ",
                 options.batch, " streams with 5 % held back");
    with_cell(options.cell, [&]<class Cell> { Training<Cell>(options, text).run(); });
}

}  // namespace char_lm
