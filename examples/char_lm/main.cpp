// A character language model: learns to write from text. Run it with --help.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "hello.hpp"
#include "train.hpp"

int main(int argc, char** argv) {
    char_lm::TrainOptions o;
    o.corpus = {BPTT_EIGEN_HEADERS};
    std::uint64_t hello_seed = 1;

    const CLI::Validator positive(
        [](const std::string& text) {
            char* end = nullptr;
            const double x = std::strtod(text.c_str(), &end);
            return *end == 0 && x > 0 && std::isfinite(x) ? "" : text + " is not a positive number";
        },
        "POSITIVE");
    CLI::App app("A character language model: learns to write from text.", "char_lm");
    auto* train = app.add_subcommand("train", "learn from text and write (the default)");
    train->add_option("--corpus", o.corpus, "files or folders to learn from [the C++ headers of Eigen]");
    train->add_option("--cell", o.cell, "rnn, lstm or gru")
        ->check(CLI::IsMember({"rnn", "lstm", "gru"}))
        ->capture_default_str();
    train->add_option("--layers", o.layers, "layers on top of each other")
        ->check(CLI::Range(bptt::Index{1}, bptt::max_depth))
        ->capture_default_str();
    train->add_option("--hidden", o.hidden, "units of a layer")->check(positive)->capture_default_str();
    train->add_option("--batch", o.batch, "streams side by side")->check(positive)->capture_default_str();
    train->add_option("--steps", o.steps, "characters that gradients go back")->check(positive)->capture_default_str();
    auto* epochs = train->add_option("--epochs", o.epochs, "how often to go through the text")->check(positive);
    train->add_option("--seconds", o.seconds, "how long to train")->check(positive)->capture_default_str()->excludes(epochs);
    train->add_option("--rate", o.rate, "learning rate of Adam [5e-3, rnn: 2e-3]")->check(positive);
    train->add_option("--clip", o.clip, "largest norm of the gradient")->check(positive)->capture_default_str();
    train->add_option("--seed", o.seed, "of the weights and the samples")->capture_default_str();
    auto* hello = app.add_subcommand("hello", "the four-letter toy: which letter follows in \"hello\"?");
    hello->add_option("--seed", hello_seed, "of the weights")->capture_default_str();
    app.require_subcommand(0, 1);

    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool help = !arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h");
    if (arguments.empty() || (arguments[0].starts_with("-") && !help)) arguments.insert(arguments.begin(), "train");
    std::ranges::reverse(arguments);  // as CLI11 takes them
    try {
        app.parse(std::move(arguments));
        if (*hello)
            char_lm::hello(hello_seed);
        else
            char_lm::train(o);
        bptt::check(std::fflush(stdout) == 0 && !std::ferror(stdout), "cannot write to standard output");
    } catch (const CLI::Success&) {
        std::fputs(app.help("", CLI::AppFormatMode::All).c_str(), stdout);
    } catch (const std::bad_alloc&) {
        std::fprintf(stderr, "char_lm: there is not enough memory for this model\n");
        return 1;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "char_lm: %s\n", e.what());
        return 1;
    }
}
