// Sequences to sequences with attention: learns to translate pairs of texts. Run it with --help.
#include <string>
#include <vector>

#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "dates.hpp"
#include "train.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    using examples::path, examples::whole;
    const auto count = whole(bptt::Index{1});
    translate::TrainOptions t;
    translate::UseOptions u;
    bool plain = false;
    std::string unit = "character", target_unit;

    CLI::App app(
        "Learns to turn one text into another, with attention: dates as people write them into ISO dates, or your pairs.",
        "translate");
    auto* train = app.add_subcommand("train", "learn from pairs");
    train
        ->add_option(
            "--pairs", t.lesson.pairs,
            "a file with a source, a tab and a target on each line; further columns are left out [dates, made on the fly]")
        ->transform(examples::absolute_path());
    train->add_option("--unit", unit, "what is one symbol: character or word")
        ->check(CLI::IsMember({"character", "word"}))
        ->capture_default_str();
    train->add_option("--target-unit", target_unit, "of what it writes [that of --unit]")
        ->check(CLI::IsMember({"character", "word"}));
    train
        ->add_option("--min-count", t.lesson.min_count,
                     "symbols that come fewer times are unknown, and never written [1; words: 2]")
        ->check(count);
    train->add_option("--longest", t.lesson.longest, "symbols of a source or a target; longer pairs are left out")
        ->check(count)
        ->capture_default_str();
    train->add_flag("--no-attention", plain, "the last state of the encoder is all that the decoder gets");
    train->add_option("--features", t.features, "of a symbol's vector")->check(count)->capture_default_str();
    train->add_option("--units", t.units, "of the decoder, and of the encoder each way")->check(count)->capture_default_str();
    train->add_option("--threads", t.threads, "how many share the work; the result is the same [all cores]")->check(whole(1));
    examples::add_learning_options(*train, t.learning, "pairs", "it falls in the second half");
    examples::add_run_options(*train, t.run, "after each epoch");

    auto* use = app.add_subcommand("translate", "answer each line of the input");
    use->add_option("--heatmap", u.heatmap, "an SVG picture of where each symbol of the last answer came from")->check(path());
    use->add_option("--report", u.report,
                    "a page of HTML with the best answers to each of 100 lines, and such a picture of each")
        ->check(path());
    use->add_option("--n-best", u.n_best, "how many answers to each line, at most the width of the beam")
        ->check(count)
        ->capture_default_str();
    use->add_option("--length", u.search.longest, "longest answer, in symbols; one that is cut there ends in …")
        ->check(count)
        ->capture_default_str();
    auto* evaluate = app.add_subcommand("evaluate", "how many answers are exactly right: one of the targets of their source");
    evaluate->add_option("--pairs", u.pairs, "a file of pairs [2,000 held-out dates]")->check(path());
    for (auto* each : {use, evaluate}) {
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(path());
        each->add_option("--beam", u.search.beam.width, "width of the beam; 1 is greedy")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        each->add_option("--length-penalty", u.search.beam.length_penalty, "above 0, long answers lose less (Wu et al. 2016)")
            ->check(CLI::Range(0.0, 100.0))
            ->capture_default_str();
    }
    app.require_subcommand(1);

    return examples::run(app, {argv + 1, argv + argc}, [&] {
        if (*train) {
            examples::complete(*train, t.run);
            t.attention = !plain;
            const auto unit_of = [](const std::string& name) {
                return name == "word" ? bptt::Unit::word : bptt::Unit::code_point;
            };
            t.lesson.unit = unit_of(unit);
            t.lesson.target_unit = unit_of(target_unit.empty() ? unit : target_unit);
            translate::train(translate::date_task, t);
        } else if (*use)
            translate::translate(translate::date_task, u);
        else
            translate::evaluate(translate::date_task, u);
    });
}
