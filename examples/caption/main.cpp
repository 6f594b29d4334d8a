// Says what is in a picture, in a sentence. Run it with --help.
#include <cstdint>

#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "train.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    const auto count = examples::whole<bptt::Index>(1);
    caption::TrainOptions o;
    caption::UseRun u;

    CLI::App app("Says what is in a picture: two shapes, or real things, and which is where.", "caption");
    auto* train = app.add_subcommand("train", "learn from pictures, and say how good it is (the default)");
    train
        ->add_option("--images", o.images,
                     "a folder with Fashion-MNIST, as classify's data.sh makes it, two of whose pictures make one [shapes]")
        ->transform(examples::absolute_path());
    train->add_flag("--attention", o.setup.attention, "look at a part of the picture before each word [at all of it, once]");
    train->add_option("--units", o.setup.units, "units of the decoder and of all layers")->check(count)->capture_default_str();
    examples::add_learning_options(*train, o.learning, "pictures", "it falls to the end");
    examples::add_run_options(*train, o.run, "at the end");
    auto* evaluate = app.add_subcommand("evaluate", "how good a saved model is");
    auto* show = app.add_subcommand("show", "pictures that no training has, and what a saved model says of them");
    show->add_option("--seed", u.seed, "of the pictures")->check(examples::whole<std::uint64_t>(0))->capture_default_str();
    show->add_option("--count", u.count, "how many pictures")->check(count)->capture_default_str();
    show->add_option("--heatmap", u.heatmap, "an SVG picture of where each word came from, of the last one")
        ->check(examples::path());
    for (auto* each : {evaluate, show}) {
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(examples::path());
        each->add_option("--images", u.images, "a folder as for train, if the model has learned from one; t10k is looked at")
            ->check(examples::path());
    }
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        if (*evaluate)
            caption::evaluate(u);
        else if (*show)
            caption::show(u);
        else {
            examples::complete(*train, o.run);
            caption::train(o);
        }
    });
}
