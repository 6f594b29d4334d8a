// Foresees numbers: learns from a series, such as a column of a CSV file. Run it with --help.
#include <string>
#include <vector>

#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    const auto count = examples::whole<bptt::Index>(1);
    forecast::TrainOptions o;
    forecast::UseRun u;
    std::string missing;

    CLI::App app("Foresees numbers: learns from a series, such as a column of a CSV file.", "forecast");
    auto* train = app.add_subcommand("train", "learn from a series and say how good it is (the default)");
    train->add_option("--csv", o.csv, "a file of numbers below a header [a series with two seasons that is made up]")
        ->transform(examples::absolute_path());
    train->add_option("--target", o.targets, "columns that are foreseen");
    train->add_option("--feature", o.features, "further columns that it reads");
    train->add_option("--window", o.setup.window, "steps that it reads")->check(count)->capture_default_str();
    train->add_option("--horizon", o.setup.horizon, "steps that it foresees")->check(count)->capture_default_str();
    train->add_option("--season", o.setup.season, "steps after which it is much the same again; 1: none")
        ->check(count)
        ->capture_default_str();
    train->add_flag("--recursive", o.setup.recursive, "foresee a step, and the next from it [all at once]");
    train->add_option("--layers", o.setup.layers, "layers on top of each other")
        ->check(CLI::Range(bptt::Index{1}, bptt::max_depth))
        ->capture_default_str();
    train->add_option("--units", o.setup.units, "units of a layer")->check(count)->capture_default_str();
    examples::add_learning_options(*train, o.learning, "windows", "it falls to the end");
    train->add_option("--missing", missing, "forward: a missing number is that of the row before")
        ->check(CLI::IsMember({"forward"}));
    examples::add_run_options(*train, o.run, "the best one, at the end");
    auto* evaluate = app.add_subcommand("evaluate", "how good a saved model is on the last 15 % of a series");
    auto* predict = app.add_subcommand("predict", "what comes after the end of a series");
    for (auto* each : {evaluate, predict}) {
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(examples::path());
        each->add_option("--csv", u.csv, "a file with the same columns [the series that is made up]")->check(examples::path());
        each->add_option("--missing", missing, "as for train, which the model remembers")->check(CLI::IsMember({"forward"}));
    }
    examples::add_storage_option(*evaluate, u.storage);
    predict->add_option("--svg", u.svg, "a picture of it")->check(examples::path());
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        u.carry_forward = !missing.empty();
        if (*evaluate)
            forecast::evaluate(u);
        else if (*predict)
            forecast::predict(u);
        else {
            examples::complete(*train, o.run);
            o.setup.carry_forward = !missing.empty();
            forecast::train(o);
        }
    });
}
