#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>
#include <vector>

#include "../support/course.hpp"
#include "../support/learning.hpp"
#include "../support/page.hpp"
#include "../support/questions.hpp"
#include "measure.hpp"

namespace tag {

struct TrainOptions {
    std::vector<std::filesystem::path> sources;
    Setup setup = {};
    examples::LearningOptions learning{.batch = 16, .rate = 1e-2};
    examples::RunOptions run = {.seconds = 120};
};

/// Sources to learn from, and a tenth of them, drawn at random, that is held out.
struct Lesson {
    std::vector<Source> learned, held_out;

    Lesson(const TrainOptions& o, Rng& rng) : learned(read_sources(o.sources)) {
        throw_unless(learned.size() > 1, "there is one file of source; some are held out, so it takes at least two");
        held_out = examples::hold_out(learned, 10, rng);
    }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        for (const auto* all : {&learned, &held_out})
            for (const Source& source : *all) sum.add(source.text.data(), source.text.size());
        return sum;
    }
};

template <class Model> class Training {
public:
    /// rng: as it was when the model had been made.
    Training(const TrainOptions& o, const Setup& setup, const Lesson& lesson, Model& model, Rng& rng)
        : o_(o), setup_(setup), lesson_(lesson), model_(model), rng_(rng) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("model", m.model_), f("adam", m.adam_);
    }

    void run() {
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) epoch();
        course_.stop(*this, [this] { course_.model().last([this](const auto& file) { save_to(file); }); });
        std::printf("%td characters in %.1f s. Held out are ", course_.tokens(), course_.progress().seconds());
        const Measures measures = print_measures(setup_, model_, lesson_.held_out);
        const examples::Curve losses = course_.end(loss(held_out_));
        course_.report().last([&](const auto& file) { write_report(file, losses, measures); });
    }

private:
    static constexpr std::size_t window = 200, around = 50;  // characters

    void epoch() {
        Rng drawn = rng_;
        auto order = windows_;
        shuffle(order, drawn);
        for (auto k = static_cast<std::size_t>(course_.place()) * batch_; k + batch_ <= order.size(); k += batch_) {
            step(std::span<const Window>(order).subspan(k, batch_));
            if (course_.place() == 0) rng_ = drawn;
            course_.keep(*this);
            if (!course_.goes_on()) return;
        }
    }
    void step(std::span<const Window> windows) {
        adam_.options.rate = o_.learning.rate * std::max(0.02, 1 - course_.done());
        Index judged = 0;
        for (const Window& w : windows) judged += static_cast<Index>(w.last - w.first);
        const Batch batch(windows);
        tape_.clear();
        const auto loss = cross_entropy(model_(tape_, batch.characters), batch.kinds, {.ignored = not_judged});
        course_.step(judged, loss, model_, adam_, o_.learning.clip,
                     [this] { return this->loss(std::span(held_out_).first(std::min(2 * batch_, held_out_.size()))); });
    }
    /// Mean loss in nats per character.
    double loss(std::span<const Window> windows) const {
        Tape<float> tape;
        const Tape<float>::Pause pause(tape);
        double total = 0, judged = 0;
        examples::LongTask task("validated");
        for (std::size_t k = 0; k < windows.size(); k += batch_) {
            task.show(k, windows.size());
            const auto some = windows.subspan(k, std::min(batch_, windows.size() - k));
            const Batch batch(some);
            tape.clear();
            const auto logits = model_(tape, batch.characters);
            total += static_cast<double>(
                cross_entropy(logits, batch.kinds, {.reduction = Reduction::sum, .ignored = not_judged}).item());
            for (const Window& w : some) judged += static_cast<double>(w.last - w.first);
        }
        return total / judged;
    }
    void save_to(const std::filesystem::path& file) const { bptt::save(file, model_, setup_.metadata()); }
    void write_report(const std::filesystem::path& file, const examples::Curve& losses, const Measures& measures) const {
        Report report("tag: what it learned");
        report.table("Held-out files", {"", "accuracy in %", "macro-F1 in %"}, measures.rows(setup_));
        report.picture("What each kind was taken for",
                       heatmap(measures.model.shares(), measures.model.names(), measures.model.names()),
                       "A row is what characters are, a column what they were taken for; dark blue: all of them.");
        losses.add_to(report);
        examples::write_page(report, file);
    }

    const TrainOptions& o_;
    const Setup& setup_;
    const Lesson& lesson_;
    Model& model_;
    Rng& rng_;
    std::vector<Window> windows_ = windows_of(lesson_.learned, window, around),
                        held_out_ = windows_of(lesson_.held_out, window, around);
    std::size_t batch_ = std::min(static_cast<std::size_t>(o_.learning.batch), windows_.size());
    examples::Course course_{o_.run, std::ssize(windows_) / static_cast<Index>(batch_), "character", "nats per character",
                             lesson_.checksum()};
    Adam<float> adam_;
    Tape<float> tape_;
};

inline void train(const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, o.sources);
    Rng rng(o.learning.seed);
    const Lesson lesson(o, rng);
    Setup setup = o.setup;
    setup.usual = usual_kinds(lesson.learned);
    for (const Source& source : lesson.learned) setup.learned.insert(source.checksum);
    with_model(setup, rng, [&](auto& model) {
        std::printf("To learn from: %s\n%td layers of %td units that read %s, %td parameters\n\n",
                    counts_of(lesson.learned).c_str(), setup.layers, setup.units, setup.both_ways ? "both ways" : "one way",
                    parameter_count(model));
        Training(o, setup, lesson, model, rng).run();
    });
}

}  // namespace tag
