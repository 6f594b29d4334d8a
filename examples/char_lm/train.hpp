#pragma once

#include <array>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "model.hpp"
#include "progress.hpp"

namespace char_lm {

struct TrainOptions {
    std::vector<std::filesystem::path> corpus;
    std::string cell = "lstm";
    Index layers = 2, hidden = 128, batch = 50, steps = 50;
    double epochs = 0, seconds = 120;  // epochs, where positive, come before seconds
    float rate = 0;                    // 0: what suits the cell
    double clip = 5;
    std::uint64_t seed = 42;
};

inline volatile std::sig_atomic_t interrupted = 0;

/// The first Ctrl-C ends training early, a second one the program.
inline void watch_interrupt() {
    std::signal(SIGINT, [](int) {
        interrupted = 1;
        std::signal(SIGINT, SIG_DFL);
    });
}

template <class Cell> class Training {
public:
    Training(const TrainOptions& options, const Text& text)
        : options_(options),
          vocabulary_(text.vocabulary),
          train_(std::span(text.indices).first(text.indices.size() - text.indices.size() / 20)),
          validation_(std::span(text.indices).subspan(train_.size())),
          windows_(windows(train_, {.batch = options.batch, .steps = options.steps})),
          rng_(options.seed),
          model_(vocabulary_.size(), options.hidden, options.layers, rng_) {}

    void run() {
        std::printf("%zu characters to learn from, %zu held back, %td different; %s %tdx%td, %td parameters\n\n", train_.size(),
                    validation_.size(), vocabulary_.size(), options_.cell.c_str(), options_.layers, options_.hidden,
                    parameter_count(model_));
        watch_interrupt();
        while (done() < 1 && !interrupted) epoch();
        progress_.end();
        std::puts(interrupted ? "stopped; validating ..." : "trained; validating ...");
        const double nats = evaluate(model_, validation_);
        std::printf("validation: %.4f nats per character (%.4f bits)\n\n%s\n", nats, nats / std::numbers::ln2,
                    sample(500).c_str());
    }

private:
    float suitable_rate() const { return options_.cell == "rnn" ? 2e-3f : 5e-3f; }
    void epoch() {
        auto carry = zero_state(model_.rnn, options_.batch);
        for (const auto& window : windows_) {
            show_sample();
            tape_.clear();
            const auto y = model_(one_hot(tape_, window.inputs, vocabulary_.size()), lift(tape_, carry));
            const auto loss = cross_entropy(model_.head(y.h), window.targets);
            zero_grad(model_);
            backward(loss);
            clip_grad_norm(model_, options_.clip);
            adam_.step(model_);
            values(final_state(y), carry);
            report(loss.item(), window.inputs.layout().columns());
            if (done() >= 1 || interrupted) return;
        }
    }
    void report(double nats, Index characters) {
        if (seen_ == 0)
            std::printf("first loss: %.4f nats per character (ln %td = %.4f)\n\n", nats, vocabulary_.size(),
                        std::log(static_cast<double>(vocabulary_.size())));
        seen_ += characters;
        ++steps_;
        loss_ += (nats - loss_) / static_cast<double>(std::min<Index>(steps_, 50));
        progress_.show(done(), loss_, static_cast<double>(seen_));
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
        std::string text = write(model_, vocabulary_, prime, length, Rng(options_.seed), 0.8);
        const auto control = [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r'; };
        std::ranges::replace_if(text, control, '?');  // a text may hold what would command the terminal
        return text;
    }

    TrainOptions options_;
    const Vocabulary& vocabulary_;
    std::span<const Index> train_, validation_;
    Windows windows_;
    Rng rng_;
    CharLm<Cell> model_;
    Adam<float> adam_{{.rate = options_.rate > 0 ? options_.rate : suitable_rate()}};
    Tape<float> tape_;
    Progress progress_;
    double loss_ = 0;  // smoothed
    Index seen_ = 0;   // characters
    Index steps_ = 0;  // windows
    std::size_t shown_ = 0;
};

inline void train(const TrainOptions& options) {
    const Text text = load_text(options.corpus);
    const auto held_back = static_cast<Index>(text.indices.size()) / 20,
               rest = static_cast<Index>(text.indices.size()) - held_back;
    check(held_back > 1 && rest > options.batch, "the corpus has ", text.indices.size(), " characters, too few for ",
          options.batch, " streams with 5 % held back");
    with_cell(options.cell, [&]<class Cell> { Training<Cell>(options, text).run(); });
}

}  // namespace char_lm
