// A class for each text, or image: learns from labelled ones. Run it with --help.
#include <string>

#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "train.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    using examples::path;
    const auto count = examples::whole<bptt::Index>(1);
    classify::TrainOptions t;
    classify::UseOptions u;
    std::string unit = "word";

    CLI::App app("Says of which class a text is, or an image: learns from labelled ones.", "classify");
    auto* train = app.add_subcommand("train", "learn, and say how good it is on what is held out (the default)");
    auto* texts =
        train->add_option("--texts", t.texts,
                          "a file with a label, a tab and a text on each line, of which a tenth is held out [reviews of "
                          "films that are made up; held out are templates]");
    auto* images = train->add_option("--images", t.images, "a folder with Fashion-MNIST, as data.sh makes it, read row by row");
    texts->transform(examples::absolute_path());
    images->transform(examples::absolute_path())->excludes(texts);
    const auto of_texts = [&](CLI::Option* option) { images->excludes(option->capture_default_str()); };
    of_texts(train->add_option("--unit", unit, "what is one symbol of a text: byte, character or word")
                 ->check(CLI::IsMember({"byte", "character", "word"})));
    of_texts(train->add_option("--min-count", t.min_count, "a symbol that comes fewer times is unknown; with 1, none is met")
                 ->check(count));
    of_texts(train->add_option("--length", t.setup.length, "longer texts are cut; in symbols")->check(count));
    of_texts(train->add_option("--features", t.setup.features, "of a symbol's vector")->check(count));
    train->add_flag("--balance", t.balance, "all of a rare class counts as much as all of a frequent one");
    train->add_option("--units", t.setup.units, "units of a layer, each way")->check(count)->capture_default_str();
    train->add_option("--layers", t.setup.layers, "layers on top of each other")
        ->check(CLI::Range(bptt::Index{1}, bptt::max_depth))
        ->capture_default_str();
    train->add_option("--dropout", t.dropout, "share of the outputs that is dropped while training")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    examples::add_learning_options(*train, t.learning, "items", "it falls to the end");
    examples::add_run_options(*train, t.run, "after each epoch");

    auto* evaluate = app.add_subcommand("evaluate", "how good a saved model is");
    auto* others = evaluate->add_option("--texts", u.texts, "a file as for train [reviews of templates that are held out]");
    others->check(path());
    evaluate->add_option("--images", u.images, "a folder as for train, of which the part t10k is used")
        ->check(path())
        ->excludes(others);
    evaluate->add_option("--svg", u.svg, "a picture of what was taken for what")->check(path());
    auto* use =
        app.add_subcommand("classify", "the likeliest classes of each line of the input, and in a terminal where it looked");
    use->add_option("--best", u.best, "so many classes")->check(count)->capture_default_str();
    for (auto* each : {evaluate, use})
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(path());
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        if (*evaluate)
            classify::evaluate(u);
        else if (*use)
            classify::classify(u);
        else {
            examples::complete(*train, t.run);
            t.unit = unit == "word" ? bptt::Unit::word : unit == "byte" ? bptt::Unit::byte : bptt::Unit::code_point;
            classify::train(t);
        }
    });
}
