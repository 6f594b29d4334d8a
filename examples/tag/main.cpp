// Tells what each character of C++ source is: code, comment, string, number or preprocessor. Run it with --help.
#include <string>
#include <vector>

#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "train.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    const auto count = examples::whole<bptt::Index>(1);
    tag::TrainOptions o;
    o.sources = {BPTT_EIGEN_HEADERS};
    tag::UseRun u;
    u.sources = o.sources;
    bool one_way = false;

    CLI::App app("Tells what each character of C++ source is: code, comment, string, number or preprocessor.", "tag");
    auto* train = app.add_subcommand("train", "learn from source and say how good it is (the default)");
    train->add_option("--source", o.sources, "files or folders of C++ [the headers of Eigen]")
        ->transform(examples::absolute_path());
    train->add_flag("--one-way", one_way, "read from the beginning alone [both ways]");
    train->add_option("--layers", o.setup.layers, "layers on top of each other")
        ->check(CLI::Range(bptt::Index{1}, bptt::max_depth))
        ->capture_default_str();
    train->add_option("--units", o.setup.units, "units of a layer, each way")->check(count)->capture_default_str();
    examples::add_learning_options(*train, o.learning, "windows", "it falls to the end");
    examples::add_run_options(*train, o.run, "at the end");
    auto* evaluate = app.add_subcommand("evaluate", "how good a saved model is on source that it has not learned from");
    evaluate->add_option("--source", u.sources, "files or folders of C++ [the headers of Eigen]")->check(examples::path());
    auto* color = app.add_subcommand("color", "show a file in the colours of what its characters are");
    color->add_option("FILE", u.file, "a text; of C++ source it shows what is wrong, too")->required()->check(examples::path());
    color->add_option("--svg", u.svg, "a picture of it, instead")->check(examples::path());
    color->add_option("--html", u.html, "a page of HTML with it, instead")->check(examples::path());
    for (auto* each : {evaluate, color})
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(examples::path());
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        if (*evaluate)
            tag::evaluate(u);
        else if (*color)
            tag::color(u);
        else {
            examples::complete(*train, o.run);
            o.setup.both_ways = !one_way;
            tag::train(o);
        }
    });
}
