#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "../support/course.hpp"
#include "../support/page.hpp"
#include "corpus.hpp"
#include "counts.hpp"
#include "inspect.hpp"
#include "model.hpp"

namespace char_lm {

struct TrainOptions {
    std::vector<std::filesystem::path> corpus;
    std::optional<Unit> unit;  // none: what suits the text
    Index min_count = 0;       // 0: what suits the unit
    std::string cell = "lstm";
    Index layers = 2, units = 128, batch = 50, steps = 50;
    double rate = 0;  // 0: what suits the cell
    double clip = 5;
    std::uint64_t seed = 42;
    int threads = Threads().count();
    examples::RunOptions run = {.seconds = 120};
};

template <class Cell> class Training {
public:
    Training(const TrainOptions& options, const Corpus& corpus)
        : options_(options),
          corpus_(corpus),
          setup_{options.cell, options.layers, options.units, corpus.vocabulary},
          vocabulary_(setup_.vocabulary),
          unit_(vocabulary_.unit()),
          train_(corpus.learned),
          validation_(corpus.held_back),
          windows_(windows(train_, {.batch = options.batch, .steps = options.steps})),
          course_(options_.run, windows_.size(), name_of(unit_), std::string("nats per ") + name_of(unit_), checksum(corpus)),
          rng_(options.seed),
          model_(setup_.template model<Cell>(rng_)),
          carry_(zero_state(model_.layer, options.batch)),
          threads_(options.threads) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("model", m.model_), f("adam", m.adam_), f("carry", m.carry_);
        f("samples", m.samples_), f("sampled_after", m.sampled_after_);
    }

    void run() {
        std::printf("%zu %ss to learn from, %zu held back, %td different; %s %tdx%td, %td parameters\n", train_.size(),
                    name_of(unit_), validation_.size(), vocabulary_.size() - vocabulary_.has_unk(), options_.cell.c_str(),
                    options_.layers, options_.units, parameter_count(model_));
        if (vocabulary_.has_unk())
            std::printf("others are one, <unk>: %.3g %% of those to learn from, %.3g %% of those held back\n",
                        corpus_.unknown(corpus_.learned), corpus_.unknown(corpus_.held_back));
        std::puts("");
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) epoch();
        course_.stop(*this, [this] {
            if (may_be_saved()) course_.model().last([this](const auto& file) { save_to(file); });
        });
        std::puts(examples::interrupted ? "stopped; validating ..." : "trained; validating ...");
        const double nats = evaluate(model_, validation_);
        const std::string last = text_of(sample(500));
        const Counts counts(train_, vocabulary_.size());
        std::printf("validation: %s\n", loss_text(nats, unit_).c_str());
        std::printf("beside it, bigrams: %s\n", loss_text(counts.bigrams(validation_), unit_).c_str());
        std::printf("and unigrams: %s\n\n%s\n", loss_text(counts.unigrams(validation_), unit_).c_str(),
                    examples::shown(last).c_str());
        const examples::Curve losses = course_.end(nats);
        course_.report().last([&](const auto& file) { write_report(file, losses, last); });
    }

private:
    double suitable_rate() const { return options_.cell == "rnn" ? 2e-3 : 5e-3; }
    static bptt::detail::Checksum checksum(const Corpus& corpus) {
        bptt::detail::Checksum sum;
        const std::string symbols = corpus.vocabulary.serialize();
        sum.add(symbols.data(), symbols.size());
        for (const auto* ids : {&corpus.learned, &corpus.held_back}) sum.add(ids->data(), ids->size() * sizeof(Index));
        return sum;
    }
    void epoch() {
        for (const auto& window : windows_.from(course_.place())) {
            show_sample();
            if (window.first) carry_ = zero_state(model_.layer, options_.batch);
            tape_.clear();
            const auto y = model_(tape_, window.inputs, carry_);
            const auto loss = cross_entropy(model_.head(y), window.targets);
            if (course_.steps() == 0)
                std::printf("first loss: %.4f nats per %s (ln %td = %.4f)\n\n", static_cast<double>(loss.item()),
                            name_of(unit_), vocabulary_.size(), std::log(static_cast<double>(vocabulary_.size())));
            course_.step(window.inputs.layout().columns(), loss, model_, adam_, options_.clip, [this] { return validated(); });
            values(final_state(y), carry_);
            if (since_saved_.seconds() > 60) save();
            course_.keep(*this);
            if (!course_.goes_on()) return;
        }
    }
    /// The loss of so much of what is held back as two steps learn from, in streams of about 500: it takes 1 % of the time.
    double validated() const {
        const auto size = std::min(validation_.size(), static_cast<std::size_t>(2 * options_.batch * options_.steps));
        return evaluate(model_, validation_.first(size), std::max<Index>(1, static_cast<Index>(size) / 500), [](Index) {});
    }
    void show_sample() {
        static constexpr std::array moments = {0.0, 0.01, 0.04, 0.15, 0.5};
        const std::size_t shown = sampled_after_.size();
        if (shown == moments.size() || course_.done() < moments[shown]) return;
        const auto tokens = sample(sample_length);
        samples_.insert(samples_.end(), tokens.begin(), tokens.end());
        sampled_after_.push_back(course_.tokens());
        course_.progress().text(when(shown), text_of(tokens));
    }
    std::string when(std::size_t sample) const {
        const Index after = sampled_after_[sample];
        return after == 0 ? "at first" : "after " + std::to_string(after) + ' ' + name_of(unit_) + 's';
    }
    std::string text_of(const std::vector<Index>& tokens) const { return vocabulary_.decode(tokens); }
    /// Goes on from the middle of the text.
    std::vector<Index> sample(Index length) const {
        const auto prime = train_.subspan(train_.size() / 2, std::min<std::size_t>(100, train_.size() / 2));
        Rng rng(options_.seed);
        return bptt::sample(model_.read(prime), write_options(vocabulary_, length), rng, {.temperature = 0.8})[0].tokens;
    }
    /// From noise to words: all samples, the losses, and what the model does while it reads what was held back.
    void write_report(const std::filesystem::path& file, const examples::Curve& losses, const std::string& last) const {
        Report report("char_lm: " + options_.cell + ' ' + std::to_string(options_.layers) + 'x' +
                      std::to_string(options_.units));
        for (std::size_t k = 0; k < sampled_after_.size(); ++k) {
            const auto first = samples_.begin() + static_cast<std::ptrdiff_t>(k) * sample_length;
            report.sample("Written " + when(k), text_of({first, first + sample_length}));
        }
        report.sample("Written at the end, after " + std::to_string(course_.tokens()) + ' ' + name_of(unit_) + 's', last);
        losses.add_to(report);
        constexpr std::size_t longest = 5000;
        add_reading(report, "Held back: what its units follow", model_, vocabulary_,
                    validation_.first(std::min(longest, validation_.size())));
        examples::write_page(report, file);
    }
    void save() {
        since_saved_ = {};
        if (may_be_saved()) course_.model()([this](const auto& file) { save_to(file); });
    }
    void save_to(const std::filesystem::path& file) const { bptt::save(file, model_, setup_.metadata()); }
    /// Whether the model is better than one that has learned nothing, or replaces none.
    bool may_be_saved() {
        const double nothing = std::log(static_cast<double>(vocabulary_.size()));
        std::error_code vanished;  // with its folder: then saving says so
        if (course_.loss() <= nothing || !std::filesystem::exists(options_.run.save, vanished)) return true;
        course_.progress().end();
        std::fprintf(stderr, "not saved over %s: the loss is %.3f, and ln %td = %.3f where nothing was learned\n",
                     examples::visible(options_.run.save.string()).c_str(), course_.loss(), vocabulary_.size(), nothing);
        return false;
    }

    const TrainOptions& options_;
    const Corpus& corpus_;
    Setup setup_;
    const Vocabulary& vocabulary_;
    Unit unit_;
    std::span<const Index> train_, validation_;
    Windows windows_;
    examples::Course course_;
    Rng rng_;
    CharLm<Cell> model_;
    StateOf<Stacked<Cell>, Mat<float>> carry_;
    Adam<float> adam_{{.rate = options_.rate > 0 ? options_.rate : suitable_rate()}};
    Threads threads_;
    Tape<float> tape_{threads_};
    examples::Stopwatch since_saved_;
    static constexpr Index sample_length = 200;
    std::vector<Index> samples_, sampled_after_;  // sample_length tokens each, and the symbols learned from before
};

inline void train(const TrainOptions& options) {
    examples::outlive_reader();
    examples::check_targets(options.run, options.corpus);
    const Corpus corpus = read_corpus(options.corpus, options.unit, options.min_count);
    throw_unless(corpus.held_back.size() > 1 && std::ssize(corpus.learned) > options.batch, "the corpus has ", corpus.count(),
                 ' ', name_of(corpus.vocabulary.unit()), "s, too few for ", options.batch, " streams with 5 % held back");
    with_cell(options.cell, [&]<class Cell> { Training<Cell>(options, corpus).run(); });
}

}  // namespace char_lm
