#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/progress.hpp"
#include "../support/target.hpp"
#include "model.hpp"

namespace translate {

struct TrainOptions {
    std::filesystem::path pairs, save;  // no pairs: dates; no save: the model is lost
    Unit unit = Unit::code_point;
    bool attention = true;
    Index features = 32, units = 64, batch = 64;
    double epochs = 0, seconds = 60;  // epochs, where positive, come before seconds
    double rate = 5e-3;
    double clip = 1;
    std::uint64_t seed = 42;
};

/// The pairs to learn from, new ones for each epoch where they are dates, and those that are held out.
class Lesson {
public:
    Lesson(const TrainOptions& o, Rng& rng) : dates_(o.pairs.empty()) {
        if (dates_) {
            pairs_ = dates(per_epoch, false, rng);
            held_out_ = dates(2000, true, rng);
            return;
        }
        pairs_ = load_pairs(o.pairs);
        throw_unless(pairs_.size() > 1, o.pairs.string(), " holds one pair; some are held out, so it takes at least two");
        shuffle(pairs_, rng);
        const auto learned = static_cast<std::ptrdiff_t>(pairs_.size() - std::max<std::size_t>(1, pairs_.size() / 20));
        held_out_.assign(pairs_.begin() + learned, pairs_.end());
        pairs_.resize(static_cast<std::size_t>(learned));
    }
    const std::vector<Pair>& pairs() const { return pairs_; }
    const std::vector<Pair>& held_out() const { return held_out_; }
    void next_epoch(Rng& rng) {
        if (dates_) pairs_ = dates(per_epoch, false, rng);
    }

    Setup setup(const TrainOptions& o) const {
        std::vector<std::string> sources, targets;
        for (const Pair& pair : pairs_) sources.push_back(pair.source), targets.push_back(pair.target);
        return {Vocabulary(sources, {.unit = o.unit, .unk = true}),
                Vocabulary(targets, {.unit = o.unit, .unk = true, .bos = true, .eos = true}),
                o.features,
                o.units,
                o.attention,
                dates_};
    }

private:
    static constexpr std::size_t per_epoch = 20'000;
    bool dates_;
    std::vector<Pair> pairs_, held_out_;
};

template <class Model> class Trainer {
public:
    Trainer(const TrainOptions& o, const Setup& setup, Lesson& lesson, Model& model, Rng& rng)
        : o_(o), setup_(setup), lesson_(lesson), model_(model), rng_(rng) {}

    void run() {
        examples::watch_interrupt();
        for (Index epoch = 1; done() < 1 && !examples::interrupted; ++epoch) {
            auto batches = pair_batches(lesson_.pairs(), setup_.source, setup_.target, {.batch = o_.batch});
            batches.shuffle(rng_);
            for (const PairBatch& batch : batches) {
                step(batch, batches.size());
                if (done() >= 1 || examples::interrupted) break;
            }
            lesson_.next_epoch(rng_);
            const auto& all = lesson_.held_out();
            const std::vector<Pair> few(all.begin(), all.begin() + std::min<std::ptrdiff_t>(std::ssize(all), 200));
            const double exact = exact_match(setup_, model_, few, 1, 0);  // before saving: a model that has diverged throws
            progress_.end();
            saver_([this](const auto& file) { save(file, model_, setup_.metadata()); });
            std::printf("epoch %td: loss %.4f nats per pair, %.1f %% of %zu held-out pairs exact\n", epoch, loss_, 100 * exact,
                        few.size());
        }
        std::printf("\n%.1f s. All %zu held-out pairs, greedily: ", progress_.seconds(), lesson_.held_out().size());
        std::fflush(stdout);
        std::printf("%.2f %% exact\n", 100 * exact_match(setup_, model_, lesson_.held_out(), 1, 0));
        saver_.last([this](const auto& file) { save(file, model_, setup_.metadata()); });
    }

private:
    void step(const PairBatch& batch, Index batches) {
        adam_.options.rate = o_.rate * std::min(1.0, 2 * std::max(0.0, 1 - done()) + 0.02);  // falls in the second half
        tape_.clear();
        const auto loss =
            cross_entropy(model_(tape_, batch.sources, batch.inputs), batch.targets, {.reduction = Reduction::per_sequence});
        throw_unless(std::isfinite(loss.item()), "the loss is not finite: training has diverged; try a --rate below ", o_.rate);
        zero_grad(model_);
        backward(loss);
        clip_grad_norm(model_, o_.clip);
        adam_.step(model_);
        epochs_ = static_cast<double>(++steps_) / static_cast<double>(batches);
        loss_ += (loss.item() - loss_) / static_cast<double>(std::min<Index>(steps_, 50));
        seen_ += batch.sources.layout().batch;
        progress_.show(done(), "loss " + std::to_string(loss_) + " nats per pair   " +
                                   std::to_string(static_cast<Index>(static_cast<double>(seen_) / progress_.seconds())) +
                                   " pairs/s");
    }
    double done() const { return o_.epochs > 0 ? epochs_ / o_.epochs : progress_.seconds() / o_.seconds; }

    const TrainOptions& o_;
    const Setup& setup_;
    Lesson& lesson_;
    Model& model_;
    Rng& rng_;
    examples::Saver saver_{o_.save, 4 * parameter_count(model_) + 10'000};
    Adam<float> adam_;
    Tape<float> tape_;
    examples::Progress progress_;
    double epochs_ = 0, loss_ = 0;  // the loss is smoothed
    Index steps_ = 0, seen_ = 0;
};

inline void train(const TrainOptions& o) {
    examples::check_model_target(o.save, {o.pairs});
    Rng rng(o.seed);
    Lesson lesson(o, rng);
    const Setup setup = lesson.setup(o);
    with_model(setup, rng, [&](auto& model) {
        std::printf("%zu pairs to learn from%s, %zu held out; %td and %td symbols; %s attention, %td units, %td parameters\n\n",
                    lesson.pairs().size(), setup.dates ? " (new ones each epoch)" : "", lesson.held_out().size(),
                    setup.source.size(), setup.target.size(), setup.attention ? "with" : "without", setup.units,
                    parameter_count(model));
        Trainer(o, setup, lesson, model, rng).run();
    });
}

}  // namespace translate
