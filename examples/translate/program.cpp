#include "program.hpp"

#include <string>

#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "train.hpp"
#include "use.hpp"

namespace translate {

int program(const Task& task, int argc, char** argv) {
    using examples::path, examples::whole;
    const auto count = whole(Index{1});
    TrainOptions t;
    UseOptions u;
    bool plain = false;
    std::string unit = task.unit, target_unit;

    CLI::App app(task.description, task.program);
    auto* train = app.add_subcommand("train", "learn from pairs (the default)");
    train
        ->add_option("--pairs", t.lesson.pairs,
                     "a file with a source, a tab and a target on each line; further columns are left out [" + task.made +
                         ", made on the fly]")
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

    auto* use = app.add_subcommand(task.answer, "answer each line of the input");
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
    evaluate
        ->add_option("--pairs", u.pairs, "a file of pairs [" + std::to_string(task.held_out) + " held-out " + task.made + "]")
        ->check(path());
    for (auto* each : {use, evaluate}) {
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(path());
        each->add_option("--beam", u.search.beam.width, "width of the beam; 1 is greedy")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        each->add_option("--length-penalty", u.search.beam.length_penalty, "above 0, long answers lose less (Wu et al. 2016)")
            ->check(CLI::Range(0.0, 100.0))
            ->capture_default_str();
    }
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        if (*use) return answer(task, u);
        if (*evaluate) return translate::evaluate(task, u);
        examples::complete(*train, t.run);
        t.attention = !plain;
        const auto unit_of = [](const std::string& name) { return name == "word" ? Unit::word : Unit::code_point; };
        t.lesson.unit = unit_of(unit);
        t.lesson.target_unit = unit_of(target_unit.empty() ? unit : target_unit);
        translate::train(task, t);
    });
}

}  // namespace translate
