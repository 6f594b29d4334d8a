#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/course.hpp"
#include "../support/learning.hpp"
#include "answer.hpp"
#include "questions.hpp"

namespace translate {

struct TrainOptions {
    std::filesystem::path pairs;  // none: dates
    Unit unit = Unit::code_point;
    bool attention = true;
    Index features = 32, units = 64;
    examples::LearningOptions learning;
    examples::RunOptions run;
};

/// The pairs to learn from, new ones for each epoch where they are dates, and those that are held out: all of some sources.
class Lesson {
public:
    Lesson(const TrainOptions& o, Rng& rng) : dates_(o.pairs.empty()) {
        if (dates_) {
            pairs_ = dates(per_epoch, false, rng);
            held_out_ = questions_of(dates(2000, true, rng));
            return;
        }
        std::vector<Question> questions = questions_of(read_pairs(o.pairs));
        sources_ = questions.size();
        throw_unless(sources_ > 1, o.pairs.string(), " holds one source; some are held out, so it takes at least two");
        held_out_ = hold_out(questions, rng);
        pairs_ = pairs_of(questions);
    }
    const std::vector<Pair>& pairs() const { return pairs_; }
    const std::vector<Question>& held_out() const { return held_out_; }
    /// How many sources there are on both sides, where the pairs are those of a file.
    std::size_t sources() const { return sources_; }
    void next_epoch(Rng& rng) {
        if (dates_) pairs_ = dates(per_epoch, false, rng);
    }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        for (const auto& all : {pairs_, pairs_of(held_out_)})
            for (const Pair& pair : all) {
                const std::string line = pair.source + '\t' + pair.target + '\n';
                sum.add(line.data(), line.size());
            }
        return sum;
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
    std::size_t sources_ = 0;
    std::vector<Pair> pairs_;
    std::vector<Question> held_out_;
};

template <class Model> class Trainer {
public:
    /// rng: as it was when the lesson and the model had been made.
    Trainer(const TrainOptions& o, const Setup& setup, Lesson& lesson, Model& model, Rng& rng)
        : o_(o), setup_(setup), lesson_(lesson), model_(model), rng_(rng) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("model", m.model_), f("adam", m.adam_);
    }

    void run() {
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) epoch();
        course_.stop(*this, [this] { course_.model().last([this](const auto& file) { save_to(file); }); });
        std::printf("\n%.1f s. All %zu held-out sources, greedily: ", course_.progress().seconds(), lesson_.held_out().size());
        std::fflush(stdout);
        std::printf("%.2f %% exact\n", 100 * exact_match(setup_, model_, lesson_.held_out(), 1, 0));
        const examples::Curve losses = course_.end(loss(pairs_of(lesson_.held_out())));
        course_.report().last([&](const auto& file) { write_report(file, losses); });
    }

private:
    void epoch() {
        const Index epoch = 1 + course_.steps() / batches_.size();
        Rng drawn = rng_;
        if (epoch > 1) {
            lesson_.next_epoch(drawn);
            batches_ = make_batches(lesson_.pairs());
        }
        batches_.shuffle(drawn);
        for (const PairBatch& batch : batches_.from(course_.place())) {
            step(batch);
            if (course_.place() == 0) rng_ = drawn;
            course_.keep(*this);
            if (!course_.goes_on()) break;
        }
        const auto few = first(200);
        const double exact = exact_match(setup_, model_, few, 1, 0);  // before saving: a model that has diverged throws
        course_.progress().end();
        course_.model()([this](const auto& file) { save_to(file); });
        std::printf("epoch %td: loss %.4f nats per pair, %.1f %% of %zu held-out sources exact\n", epoch, course_.loss(),
                    100 * exact, few.size());
    }
    void step(const PairBatch& batch) {
        adam_.options.rate =
            o_.learning.rate * std::min(1.0, 2 * std::max(0.0, 1 - course_.done()) + 0.02);  // falls in the second half
        tape_.clear();
        const auto loss =
            cross_entropy(model_(tape_, batch.sources, batch.inputs), batch.targets, {.reduction = Reduction::per_sequence});
        course_.step(batch.sources.layout().batch, loss, model_, adam_, o_.learning.clip,
                     [this] { return this->loss(pairs_of(first(2 * static_cast<std::size_t>(o_.learning.batch)))); });
    }
    void save_to(const std::filesystem::path& file) const { save(file, model_, setup_.metadata()); }
    void write_report(const std::filesystem::path& file, const examples::Curve& losses) const {
        Report report("translate: what it learned");
        losses.add_to(report);
        for (const Question& question : first(5))
            add_answers(report, setup_, model_, question.source, 4, 10 + 2 * static_cast<Index>(question.targets[0].size()));
        examples::write_page(report, file);
    }
    /// Of what is held out; the loss of two batches takes 1 % of the time of the steps between.
    std::vector<Question> first(std::size_t count) const {
        const auto& all = lesson_.held_out();
        return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), count))};
    }
    /// Mean loss in nats per pair.
    double loss(const std::vector<Pair>& pairs) const {
        Tape<float> tape;
        const Tape<float>::Pause pause(tape);
        double total = 0;
        for (const PairBatch& batch : make_batches(pairs)) {
            tape.clear();
            const auto logits = model_(tape, batch.sources, batch.inputs);
            total += static_cast<double>(cross_entropy(logits, batch.targets, {.reduction = Reduction::sum}).item());
        }
        return total / static_cast<double>(pairs.size());
    }
    PairBatches make_batches(const std::vector<Pair>& pairs) const {
        return pair_batches(pairs, setup_.source, setup_.target, {.batch = o_.learning.batch});
    }

    const TrainOptions& o_;
    const Setup& setup_;
    Lesson& lesson_;
    Model& model_;
    Rng& rng_;  // as before this epoch's pairs are made, but for the first, and shuffled
    PairBatches batches_ = make_batches(lesson_.pairs());
    examples::Course course_{o_.run, batches_.size(), "pair", "nats per pair", lesson_.checksum()};
    Adam<float> adam_;
    Tape<float> tape_;
};

inline void train(const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, {o.pairs});
    Rng rng(o.learning.seed);
    Lesson lesson(o, rng);
    const Setup setup = lesson.setup(o);
    with_model(setup, rng, [&](auto& model) {
        const std::size_t held_out = pairs_of(lesson.held_out()).size(), all = lesson.pairs().size() + held_out;
        if (!setup.dates)
            std::printf(
                "%zu pairs of %zu sources, %zu repeat one. All pairs of a source are learned from, or all are held out,\n"
                "and each of its targets is an exact answer.\n",
                all, lesson.sources(), all - lesson.sources());
        std::printf("%zu pairs to learn from%s, %zu held out; %td and %td symbols; %s attention, %td units, %td parameters\n\n",
                    lesson.pairs().size(), setup.dates ? " (new ones each epoch)" : "", held_out, setup.source.size(),
                    setup.target.size(), setup.attention ? "with" : "without", setup.units, parameter_count(model));
        Trainer(o, setup, lesson, model, rng).run();
    });
}

}  // namespace translate
