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
#include "lesson.hpp"
#include "measure.hpp"

namespace translate {

struct TrainOptions {
    LessonOptions lesson;
    bool attention = true;
    Index features = 32, units = 64;
    int threads = Threads().count();
    examples::LearningOptions learning;
    examples::RunOptions run;
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
        std::puts(examples::interrupted ? "\nstopped; answering what is held out ..."
                                        : "\ntrained; answering what is held out ...");
        const Measures found = measure(setup_, model_, lesson_.held_out(), {.width = 1});
        std::printf("%.1f s. All %zu held-out sources, greedily: %.2f %% exact, %.2f %% of symbols wrong\n",
                    course_.progress().seconds(), lesson_.held_out().size(), 100 * found.exact, 100 * found.wrong);
        print_answers(setup_, lesson_.held_out(), found, 10);
        const examples::Curve losses = course_.end(loss(lesson_.held_out()));
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
        const double exact =
            measure(setup_, model_, few, {.width = 1}).exact;  // before saving: it throws where it has diverged
        course_.progress().end();
        course_.model()([this](const auto& file) { save_to(file); });
        std::printf("epoch %td: loss %.4f nats per pair, held out %.4f; %.1f %% of %zu held-out sources exact\n", epoch,
                    course_.loss(), loss(few), 100 * exact, few.size());
    }
    void step(const PairBatch& batch) {
        adam_.options.rate =
            o_.learning.rate * std::min(1.0, 2 * std::max(0.0, 1 - course_.done()) + 0.02);  // falls in the second half
        tape_.clear();
        const auto loss = loss_of(tape_, batch, Reduction::per_sequence);
        course_.step(batch.sources.layout().batch, loss, model_, adam_, o_.learning.clip,
                     [this] { return this->loss(first(2 * static_cast<std::size_t>(o_.learning.batch))); });
    }
    void save_to(const std::filesystem::path& file) const { save(file, model_, setup_.metadata()); }
    void write_report(const std::filesystem::path& file, const examples::Curve& losses) const {
        Report report(setup_.task->program + ": what it learned");
        losses.add_to(report);
        for (const Question& question : first(5)) {
            const auto longest = 10 + 2 * static_cast<Index>(question.targets[0].size());
            const SearchOptions search{.longest = longest, .beam = {.width = 4}};
            add_answers(report, setup_, question.source, best_answers(setup_, model_, question.source, search, 4));
        }
        examples::write_page(report, file);
    }
    /// Of what is held out; the loss of two batches takes 1 % of the time of the steps between.
    std::vector<Question> first(std::size_t count) const {
        const auto& all = lesson_.held_out();
        return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), count))};
    }
    /// Unknown symbols of targets are not learned, as they are never written.
    Var<float> loss_of(Tape<float>& tape, const PairBatch& batch, Reduction reduction) const {
        return cross_entropy(model_(tape, batch.sources, batch.inputs), batch.targets,
                             {.reduction = reduction, .ignored = setup_.target.unk()});
    }
    /// Mean loss in nats per pair.
    double loss(const std::vector<Question>& questions) const {
        const std::vector<Pair> pairs = pairs_of(questions);
        Tape<float> tape;
        const Tape<float>::Pause pause(tape);
        double total = 0, done = 0;
        examples::LongTask task("validated");
        for (const PairBatch& batch : make_batches(pairs)) {
            tape.clear();
            total += static_cast<double>(loss_of(tape, batch, Reduction::sum).item());
            done += static_cast<double>(batch.sources.layout().batch);
            task.show(done / static_cast<double>(pairs.size()));
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
    Threads threads_{o_.threads};
    Tape<float> tape_{threads_};
};

inline void train(const Task& task, const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, {o.lesson.pairs});
    Rng rng(o.learning.seed);
    Lesson lesson(task, o.lesson, rng);
    const Setup setup{&task, lesson.sources(), lesson.targets(), o.features, o.units, o.attention, lesson.made()};
    with_model(setup, rng, [&](auto& model) {
        lesson.describe();
        std::printf("%td and %td symbols; %s attention, %td units, %td parameters\n\n", setup.source.size(),
                    setup.target.size(), setup.attention ? "with" : "without", setup.units, parameter_count(model));
        Trainer(o, setup, lesson, model, rng).run();
    });
}

}  // namespace translate
