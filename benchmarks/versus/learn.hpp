#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "../peak.hpp"
#include "libtorch.hpp"

namespace versus {

/// A text as the loops below need it: 95 % to learn from, 5 % to validate on.
struct Corpus {
    Text text;
    std::span<const Index> train, validation;

    Corpus(const std::string& file, Index classes) : text(load_text(file)) {
        const std::span<const Index> all(text.indices);
        throw_unless(text.vocabulary.size() == classes, "versus: ", file, " has ", text.vocabulary.size(), " characters, not ",
                     classes);
        train = all.first(all.size() - all.size() / 20);
        validation = all.subspan(train.size());
    }
    /// window(w) for all windows of an epoch, start() before each.
    void epochs(int count, Index batch, Index steps, const std::function<void()>& start, const auto& window) const {
        const auto all = windows(train, {.batch = batch, .steps = steps});
        for (int k = 0; k < count; ++k) {
            start();
            for (const auto& w : all) window(w);
        }
    }
    /// Mean nats per character of the validation text as one stream; sum(window) gives those of a part.
    double validate(const auto& sum) const {
        double total = 0;
        for (const auto& w : windows(validation, {.batch = 1, .steps = 256})) total += sum(w);
        return total / static_cast<double>(validation.size() - 1);
    }
};

struct LearnOptions {
    std::string corpus;
    int epochs = 5, threads = 1;
    double rate = 1e-2, clip = 5;
};

/// The two layers of char_lm, trained by both from the same start, in the same order, with Adam and clipping.
inline void learn(const LearnOptions& o) {
    const Workload& w = workloads.front();
    const Corpus corpus(o.corpus, w.classes);
    const Threads pool(o.threads);
    Ours<Stacked<Lstm<float>>> ours(w, pool);
    Libtorch theirs(ours);
    auto& model = ours.model;
    const auto say = [](const char* name, double seconds, double nats) {
        std::printf("%-8s  %6.1f s   validation %.4f nats per character\n", name, seconds, nats);
    };

    Tape<float> tape(pool);
    Adam<float> adam({.rate = o.rate});
    auto carry = zero_state(model.rnn, w.batch);
    const double seconds = seconds_of([&] {
        corpus.epochs(
            o.epochs, w.batch, w.steps, [&] { carry = zero_state(model.rnn, w.batch); },
            [&](const Window& window) {
                tape.clear();
                const auto y = unroll(model.rnn, one_hot(tape, window.inputs, w.classes), carry);
                const auto loss = cross_entropy(model.head(y.h), window.targets);
                zero_grad(model), backward(loss), clip_grad_norm(model, o.clip), adam.step(model);
                values(final_state(y), carry);
            });
    });
    carry = zero_state(model.rnn, 1);
    say("bptt", seconds, corpus.validate([&](const Window& window) {
        tape.clear();
        const Tape<float>::Pause pause(tape);
        const auto y = unroll(model.rnn, one_hot(tape, window.inputs, w.classes), carry);
        values(final_state(y), carry);
        return static_cast<double>(cross_entropy(model.head(y.h), window.targets, {.reduction = Reduction::sum}).item());
    }));

    torch::set_num_threads(o.threads);
    const auto params = theirs.trained();
    torch::optim::Adam optimizer(params, torch::optim::AdamOptions(o.rate));
    Libtorch::State state;
    const double their_seconds = seconds_of([&] {
        corpus.epochs(
            o.epochs, w.batch, w.steps, [&] { state.reset(); },
            [&](const Window& window) {
                const auto loss = theirs.loss(window.inputs, window.targets, state);
                optimizer.zero_grad();
                loss.backward();
                torch::nn::utils::clip_grad_norm_(params, o.clip);
                optimizer.step();
            });
    });
    state.reset();
    const torch::NoGradGuard guard;
    say("libtorch", their_seconds, corpus.validate([&](const Window& window) {
        const auto nats = theirs.loss(window.inputs, window.targets, state).template item<double>();
        return nats * static_cast<double>(window.targets.ids().size());
    }));
}

}  // namespace versus
