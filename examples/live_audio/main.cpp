// Learns what an effect makes of a sound, and plays it in real time. Run it with --help.
#include "../support/command_line.hpp"
#include "../support/learning.hpp"
#include "../support/run_options.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    const auto count = examples::whole<bptt::Index>(1);
    live_audio::TrainOptions o;
    live_audio::UseRun u;

    CLI::App app("Learns what an effect makes of a sound, such as an amplifier, and plays it in real time.", "live_audio");
    auto* train = app.add_subcommand("train", "learn from a pair of sounds and say how close it comes (the default)");
    train->add_option("--input", o.files.input, "a sound, a WAV file of one channel [a guitar that is made up]")
        ->transform(examples::absolute_path());
    train->add_option("--target", o.files.target, "what the effect has made of it, sample for sample [a distortion]")
        ->transform(examples::absolute_path());
    train->add_option("--units", o.units, "units of the LSTM")->check(count)->capture_default_str();
    train->add_option("--window", o.window, "samples that gradients go back")
        ->check(examples::whole<bptt::Index>(2))
        ->capture_default_str();
    examples::add_learning_options(*train, o.learning, "streams", "it falls to the end");
    train->get_option("--seed")->description("of the weights");
    examples::add_run_options(*train, o.run, "the best one, at the end");
    auto* evaluate = app.add_subcommand("evaluate", "how close a saved model comes on the last 15 % of a pair");
    auto* process = app.add_subcommand("process", "what a saved model makes of a sound, block by block");
    for (auto* each : {evaluate, process})
        each->add_option("--load", u.load, "a model that train has saved")->required()->check(examples::path());
    evaluate->add_option("--input", u.files.input, "as for train")->check(examples::path());
    evaluate->add_option("--target", u.files.target, "as for train")->check(examples::path());
    evaluate->add_option("--svg", u.svg, "a picture of it")->check(examples::path());
    process->add_option("--input", u.files.input, "a sound")->required()->check(examples::path());
    process->add_option("--output", u.output, "where what it becomes goes, a WAV file with samples of the same kind")
        ->required()
        ->check(examples::path());
    process->add_option("--block", u.block, "samples that are asked for at once")->check(count)->capture_default_str();
    auto* make = app.add_subcommand("make", "write the pair that is made up as WAV files");
    make->add_option("--input", u.files.input, "where the guitar goes")->required()->check(examples::path());
    make->add_option("--target", u.files.target, "where the distortion goes")->required()->check(examples::path());
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        if (*evaluate)
            live_audio::evaluate(u);
        else if (*process)
            live_audio::process(u);
        else if (*make)
            live_audio::make(u);
        else {
            examples::complete(*train, o.run);
            live_audio::train(o);
        }
    });
}
