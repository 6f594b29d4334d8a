// A language model of characters, bytes or words: learns to write from text. Run it with --help.
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "../support/command_line.hpp"
#include "../support/run_options.hpp"
#include "export.hpp"
#include "hello.hpp"
#include "inspect.hpp"
#include "train.hpp"
#include "use.hpp"

int main(int argc, char** argv) {
    using examples::path, examples::positive, examples::whole;
    const auto count = whole(bptt::Index{1});
    const auto seed = whole(std::uint64_t{0});
    char_lm::TrainOptions o;
    o.corpus = {BPTT_EIGEN_HEADERS};
    char_lm::SampleRun w;
    char_lm::InspectRun look;
    char_lm::EvaluateRun e;
    std::filesystem::path onnx_load, onnx_file;
    std::uint64_t hello_seed = 1;
    std::string unit_name;

    CLI::App app("A language model of characters, bytes or words: learns to write from text.", "char_lm");
    auto* train = app.add_subcommand("train", "learn from text and write (the default)");
    train->add_option("--corpus", o.corpus, "files or folders to learn from [the C++ headers of Eigen]")
        ->transform(examples::absolute_path());
    train
        ->add_option("--unit", unit_name,
                     "what is one symbol: byte, character or word [character, byte where the text is no UTF-8]")
        ->check(CLI::IsMember({"byte", "character", "word"}));
    train
        ->add_option("--min-count", o.min_count,
                     "a symbol that comes less often in what is learned from is <unk>, as all unknown ones [2, of bytes 1]")
        ->check(count);
    train->add_option("--cell", o.cell, "rnn, lstm or gru")
        ->check(CLI::IsMember({"rnn", "lstm", "gru"}))
        ->capture_default_str();
    train->add_option("--layers", o.layers, "layers on top of each other")
        ->check(CLI::Range(bptt::Index{1}, bptt::max_depth))
        ->capture_default_str();
    train->add_option("--units", o.units, "units of a layer")->check(count)->capture_default_str();
    train->add_option("--batch", o.batch, "streams side by side")->check(count)->capture_default_str();
    train->add_option("--steps", o.steps, "symbols that gradients go back")->check(count)->capture_default_str();
    train->add_option("--rate", o.rate, "learning rate of Adam [5e-3, rnn: 2e-3]")->check(positive<float>());
    train->add_option("--clip", o.clip, "largest norm of the gradient")->check(positive<float>())->capture_default_str();
    train->add_option("--seed", o.seed, "of the weights and the samples")->check(seed)->capture_default_str();
    train->add_option("--threads", o.threads, "how many share the work; the result is the same [all cores]")->check(whole(1));
    examples::add_run_options(*train, o.run, "every minute and at the end");
    auto* sample = app.add_subcommand("sample", "let a saved model write");
    auto* prime = sample->add_option("--prime", w.prime,
                                     "what it goes on from, after a new line; \\n, \\t, \\\\ and \\xHH stand for bytes");
    sample->add_option("--prime-file", w.prime_file, "a file that has it, as it is")->check(path())->excludes(prime);
    sample->add_option("--count", w.count, "how many texts, each but the first after a line of ---")
        ->check(count)
        ->capture_default_str();
    sample->add_option("--temperature", w.how.temperature, "below 1 safer, above 1 wilder; 0: always the likeliest")
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    sample->add_option("--top-k", w.how.top_k, "only the k likeliest; 0: all")
        ->check(whole(bptt::Index{0}))
        ->capture_default_str();
    sample->add_option("--top-p", w.how.top_p, "only the likeliest that add up to p")
        ->check(CLI::Range(1e-9, 1.0))
        ->capture_default_str();
    sample->add_option("--length", w.length, "in symbols: bytes, characters or words, as the model has them")
        ->check(count)
        ->capture_default_str();
    sample->add_option("--seed", w.seed, "of the draws")->check(seed)->capture_default_str();
    auto* evaluate = app.add_subcommand("evaluate", "the loss of a saved model on a text");
    evaluate->add_option("--corpus", e.corpus, "files or folders")->required()->check(path());
    examples::add_storage_option(*evaluate, e.storage);
    auto* exporting = app.add_subcommand("export", "write a saved model as an ONNX file");
    exporting->add_option("--onnx", onnx_file, "where it goes")->required()->check(path());
    auto* inspect = app.add_subcommand("inspect", "what the units of a saved model follow in a text");
    inspect->add_option("--text", look.texts, "files or folders")->required()->check(path());
    inspect->add_option("--length", look.length, "only so many symbols of it")->check(count)->capture_default_str();
    auto* unit = inspect->add_option("--unit", look.unit, "LAYER/UNIT: the text coloured by this unit, red -1, blue 1");
    inspect->add_option("--field", look.field, "of the unit: h, c, or a gate as f [c, or h where there is none]")->needs(unit);
    inspect->add_option("--from", look.from, "the first symbol that is shown so")
        ->needs(unit)
        ->check(CLI::Range(bptt::Index{0}, bptt::Index{1'000'000'000}))
        ->capture_default_str();
    inspect->add_option("--svg", look.svg, "a picture of it, instead")->needs(unit)->check(path());
    inspect->add_option("--report", look.report, "a page of HTML with all of it")->check(path());
    for (auto [command, load] :
         {std::pair(sample, &w.load), {evaluate, &e.load}, {exporting, &onnx_load}, {inspect, &look.load}})
        command->add_option("--load", *load, "a model that train has saved")->required()->check(path());
    for (auto [command, skip] : {std::pair(evaluate, &e.skip_unknown), {inspect, &look.skip_unknown}})
        command->add_flag("--skip-unknown", *skip, "leave out symbols that the model does not know, and count them");
    auto* hello = app.add_subcommand("hello", "the four-letter toy: which letter follows in \"hello\"?");
    hello->add_option("--seed", hello_seed, "of the weights")->check(seed)->capture_default_str();
    app.require_subcommand(0, 1);

    return examples::run(app, examples::arguments_or("train", argc, argv), [&] {
        if (*hello)
            char_lm::hello(hello_seed);
        else if (*sample)
            char_lm::write(w);
        else if (*exporting)
            char_lm::export_onnx(onnx_load, onnx_file);
        else if (*inspect)
            char_lm::inspect(look);
        else if (*evaluate)
            char_lm::evaluate(e);
        else {
            examples::complete(*train, o.run);
            if (!unit_name.empty()) o.unit = char_lm::unit_of(unit_name);
            char_lm::train(o);
        }
    });
}
