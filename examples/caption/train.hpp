#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/course.hpp"
#include "../support/learning.hpp"
#include "../support/page.hpp"
#include "measure.hpp"
#include "picture.hpp"

namespace caption {

struct TrainOptions {
    Setup setup = {};
    std::filesystem::path images = {};
    examples::LearningOptions learning{};
    examples::RunOptions run = {.seconds = 150};
};

template <class Model> class Training {
public:
    /// rng: as it was when the model had been made.
    Training(const TrainOptions& o, const Setup& setup, const Source& source, Model& model, Rng& rng)
        : o_(o), setup_(setup), source_(source), model_(model), rng_(rng) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("model", m.model_), f("adam", m.adam_);
    }

    void run() {
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) {
            step();
            course_.keep(*this);
        }
        course_.stop(*this, [this] { course_.model().last([this](const auto& file) { save_to(file); }); });
        std::printf("%td pictures in %.1f s\n\n", course_.tokens(), course_.progress().seconds());
        print_measures(setup_, model_, source_);
        const examples::Curve losses = course_.end(loss(held_out_examples(source_, 1000)));
        course_.report().last([&](const auto& file) { write_report(file, losses); });
    }

private:
    static constexpr Index per_epoch = 20'000;

    void step() {
        adam_.options.rate = o_.learning.rate * std::max(0.02, 1 - course_.done());
        const Examples batch = draw_examples(source_, o_.learning.batch, Part::learned, rng_);
        tape_.clear();
        course_.step(o_.learning.batch, loss_of(tape_, batch), model_, adam_, o_.learning.clip,
                     [this] { return loss(held_out_examples(source_, 2 * o_.learning.batch)); });
    }
    Var<float> loss_of(Tape<float>& tape, const Examples& all) const {
        std::vector<std::vector<Index>> before, after;
        for (const std::string& caption : all.captions) {
            before.push_back(setup_.vocabulary.encode(caption));
            after.push_back(before.back());
            before.back().insert(before.back().begin(), setup_.vocabulary.bos());
            after.back().push_back(setup_.vocabulary.eos());
        }
        return cross_entropy(model_(tape, all.pictures, Tokens::of(before)), Tokens::of(after),
                             {.reduction = Reduction::per_sequence});
    }
    /// Mean loss in nats per picture.
    double loss(const Examples& all) const {
        Tape<float> tape;
        const Tape<float>::Pause pause(tape);
        return static_cast<double>(loss_of(tape, all).item());
    }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        if (!source_) return sum;
        for (const std::string& name : setup_.names) sum.add(name.c_str(), name.size() + 1);
        for (const Part part : {Part::learned, Part::held_out})
            examples::add_labelled(sum, source_->images(part).images, source_->images(part).labels);
        return sum;
    }
    void save_to(const std::filesystem::path& file) const { bptt::save(file, model_, setup_.metadata()); }
    void write_report(const std::filesystem::path& file, const examples::Curve& losses) const {
        Report report("caption: what it learned");
        losses.add_to(report);
        const Examples some = held_out_examples(source_, 5);
        const auto found = captions(setup_, model_, some.pictures);
        for (std::size_t k = 0; k < found.size(); ++k) {
            report.picture(text_of(setup_, found[k]), svg_picture(setup_.grid, some.pictures.col(static_cast<Index>(k))),
                           "It is " + some.captions[k] + '.');
            if (setup_.attention) report.picture("Where each word came from", attention_picture(setup_, found[k]));
        }
        examples::write_page(report, file);
    }

    const TrainOptions& o_;
    const Setup& setup_;
    const Source& source_;
    Model& model_;
    Rng& rng_;
    examples::Course course_{o_.run, std::max<Index>(1, per_epoch / o_.learning.batch), "picture", "nats per picture",
                             checksum()};
    Adam<float> adam_;
    Tape<float> tape_;
};

inline void train(const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, {});
    const Source source = source_in(o.images);
    const Setup setup = source ? Setup{o.setup.units, o.setup.attention, source->grid(), source->names()} : o.setup;
    if (source) std::printf("%zu real pictures, put together in pairs. ", source->images(Part::learned).images.size());
    Rng rng(o.learning.seed);
    with_model(setup, rng, [&](auto& model) {
        std::printf("New pictures each step; %s attention, %td units, %td parameters\n\n", setup.attention ? "with" : "without",
                    setup.units, parameter_count(model));
        Training(o, setup, source, model, rng).run();
    });
}

}  // namespace caption
