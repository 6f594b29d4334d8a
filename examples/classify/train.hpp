#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "../support/course.hpp"
#include "../support/learning.hpp"
#include "../support/page.hpp"
#include "../support/questions.hpp"
#include "baseline.hpp"
#include "measure.hpp"

namespace classify {

struct TrainOptions {
    std::filesystem::path texts, images;  // neither: reviews
    Unit unit = Unit::word;
    Index min_count = 2;
    bool balance = false;
    double dropout = 0.2;
    Setup setup = {};
    examples::LearningOptions learning{.batch = 32, .rate = 3e-3};
    examples::RunOptions run{.seconds = 20};
};

template <class Model> class Trainer {
    static constexpr bool reads_texts = std::is_same_v<Model, TextModel>;
    static constexpr const char* item = reads_texts ? "text" : "image";
    using Data = std::conditional_t<reads_texts, Texts, Images>;

public:
    /// shown: the texts that are held out, or none.
    Trainer(const TrainOptions& o, const Setup& setup, const Data& learned, const Data& held_out,
            const std::vector<Pair>& shown, Rng& rng)
        : o_(o), setup_(setup), learned_(learned), held_out_(held_out), shown_(shown), rng_(rng) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("dropped", m.dropped_), f("model", m.model_), f("adam", m.adam_);
    }

    void run() {
        std::printf("%zu %ss to learn from, %zu held out; %zu classes; %td parameters\n\n", learned_.labels.size(), item,
                    held_out_.labels.size(), setup_.labels.size(), parameter_count(model_));
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) epoch();
        course_.stop(*this, [this] { course_.model().last([this](const auto& file) { save_to(file); }); });
        const Measured found = measure(setup_, model_, held_out_);
        std::printf("\n%.1f s. What is held out:\n\n", course_.progress().seconds());
        print(found);
        std::fflush(stdout);
        for (const auto& [name, accuracy] : baselines(learned_, held_out_, std::ssize(setup_.labels)))
            std::printf("%.2f %%: %s\n", 100 * accuracy, name.c_str());
        const examples::Curve losses = course_.end(found.loss);
        course_.report().last([&](const auto& file) { write_report(file, found, losses); });
    }

private:
    void epoch() {
        Rng drawn = rng_;
        batches_.shuffle(drawn);
        for (const auto& batch : batches_.from(course_.place())) {
            step(batch);
            if (course_.place() == 0) rng_ = drawn;
            course_.keep(*this);
            if (!course_.goes_on()) return;
        }
        course_.model()([this](const auto& file) { save_to(file); });
    }
    void step(const auto& batch) {
        adam_.options.rate = o_.learning.rate * std::max(0.02, 1 - course_.done());
        tape_.clear();
        const auto loss =
            cross_entropy(model_(tape_, batch.inputs, Training{dropped_}), batch.targets, {.class_weights = weights_});
        course_.step(std::ssize(batch.targets), loss, model_, adam_, o_.learning.clip,
                     [this] { return measure(setup_, model_, part_).loss; });
    }
    /// Inverse to how often a class is learned from.
    std::vector<double> weights() const {
        std::vector<double> all;
        for (Index k = 0; o_.balance && k < std::ssize(setup_.labels); ++k)
            all.push_back(1 / static_cast<double>(std::max<Index>(1, std::ranges::count(learned_.labels, k))));
        return all;
    }
    /// A part of what is held out: as much as two steps learn from.
    Data part() const {
        const auto size = std::min(std::ssize(held_out_.labels), 2 * o_.learning.batch);
        return {{held_out_.inputs.begin(), held_out_.inputs.begin() + size},
                {held_out_.labels.begin(), held_out_.labels.begin() + size}};
    }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        for (const auto& [name, text] : setup_.metadata()) sum.add(text.data(), text.size());
        for (const Data* data : {&learned_, &held_out_}) examples::add_labelled(sum, data->inputs, data->labels);
        return sum;
    }
    void save_to(const std::filesystem::path& file) const { save(file, model_, setup_.metadata()); }
    void write_report(const std::filesystem::path& file, const Measured& found, const examples::Curve& losses) const {
        Report report("classify: what it learned");
        report.picture("What it took for what", picture(found.confusion),
                       "Of each class at the left, held out, the share that was taken for the one on top.");
        losses.add_to(report);
        if constexpr (reads_texts)
            for (std::size_t k = 0; k < std::min<std::size_t>(shown_.size(), 10); ++k) {
                const auto reading = model_.read(Tokens::of({held_out_.inputs[k]}));
                const Weighed text = weighed(setup_, shown_[k].source, reading.weights);
                const Index label = greedy(reading.probabilities.col(0));
                report.picture(shown_[k].target + ", taken for " + setup_.labels[static_cast<std::size_t>(label)],
                               svg_text(text.symbols, text.values));
            }
        examples::write_page(report, file);
    }

    const TrainOptions& o_;
    const Setup& setup_;
    const Data &learned_, &held_out_;
    const std::vector<Pair>& shown_;
    Rng& rng_;  // as before this epoch's order is drawn
    Model model_ = made<Model>(setup_, o_.dropout, rng_);
    Rng dropped_{o_.learning.seed + 1};
    Data part_ = part();
    std::vector<double> weights_ = weights();
    decltype(batches(learned_.inputs, learned_.labels)) batches_ =
        batches(learned_.inputs, learned_.labels, {.batch = o_.learning.batch});
    examples::Course course_{o_.run, batches_.size(), item, std::string("nats per ") + item, checksum()};
    Adam<float> adam_;
    Tape<float> tape_;
};

inline void learn_texts(const TrainOptions& o, Setup setup, Rng& rng) {
    std::vector<Pair> learned, held_out;
    if (o.texts.empty()) {
        learned = reviews(6000, false, rng), held_out = held_out_reviews();
    } else {
        setup.data = "texts";
        auto all = examples::questions_of(read_texts(o.texts));
        throw_unless(all.size() > 1, o.texts.string(), " holds one text; some are held out, so it takes at least two");
        held_out = examples::pairs_of(examples::hold_out(all, 10, rng)), learned = examples::pairs_of(all);
    }
    std::set<std::string> labels;
    std::vector<std::string> texts;
    for (const Pair& pair : held_out) labels.insert(pair.target);
    for (const Pair& pair : learned) labels.insert(pair.target), texts.push_back(marks_apart(pair.source, o.unit));
    throw_unless(labels.size() > 1, o.texts.string(), " has one label, ", *labels.begin(), "; it takes at least two");
    setup.labels.assign(labels.begin(), labels.end());
    setup.vocabulary = Vocabulary(texts, {.unit = o.unit, .unk = true, .min_count = o.min_count});
    const Texts to_learn = setup.encode(learned), to_keep = setup.encode(held_out);
    Trainer<TextModel>(o, setup, to_learn, to_keep, held_out, rng).run();
}
inline void learn_images(const TrainOptions& o, Setup setup, Rng& rng) {
    setup.data = "images";
    setup.labels = examples::image_names(o.images);
    const Index classes = std::ssize(setup.labels);
    const Images learned = read_images(o.images, "train", classes), held_out = read_images(o.images, "t10k", classes);
    setup.features = learned.inputs[0].rows();
    check_width(setup, held_out, o.images);
    Trainer<ImageModel>(o, setup, learned, held_out, {}, rng).run();
}

inline void train(const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, {o.texts});
    Rng rng(o.learning.seed);
    if (o.images.empty())
        learn_texts(o, o.setup, rng);
    else
        learn_images(o, o.setup, rng);
}

}  // namespace classify
