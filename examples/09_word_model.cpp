// A language model of words: what follows each word of a line? It then writes lines of its own. Words that are too rare to
// learn are all one, <unk>, which it may not write.
#include <algorithm>
#include <bptt/bptt.hpp>
#include <cmath>
#include <cstdlib>
#include <iostream>

using namespace bptt;

int main() {
    const std::vector<std::string> known = {"the cat chases the mouse", "the dog guards the house", "the bird sings a song"};
    std::vector<std::string> lines;  // two of three begin with a name that never comes again
    for (std::size_t k = 0; k < 60; ++k)
        lines.push_back(k % 3 ? "farmer" + std::to_string(k) + " feeds the cat" : known[k / 3 % 3]);
    const Vocabulary words(lines, {.unit = Unit::word, .unk = true, .bos = true, .eos = true, .min_count = 2});
    std::vector<std::vector<Index>> before, after;  // BOS the cat chases the mouse, the cat chases the mouse EOS
    for (const std::string& line : lines) {
        after.push_back(words.encode(line));
        before.push_back(after.back());
        before.back().insert(before.back().begin(), words.bos());
        after.back().push_back(words.eos());
    }
    const Tokens inputs = Tokens::of(before), targets = Tokens::of(after);

    Rng rng(1);
    LanguageModel<Gru<float>> model(words.size(), {16, 32, rng}, rng);  // an embedding, this layer, a head
    Adam<float> adam({.rate = 1e-2});
    Tape<float> tape;
    for (int k = 0; k <= 200; ++k) {
        tape.clear();
        const auto loss = cross_entropy(model.head(model(tape, inputs)), targets);
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 5);
        adam.step(model);
        if (k % 50 == 0) std::cout << "step " << k << ": " << loss.item() << " nats per word\n";
    }

    const auto writer = model.read({words.bos()});  // what it goes on from
    std::cout << "likeliest: " << words.decode(greedy(writer, {.eos = words.eos()})[0].tokens) << "\n";
    bool right = true;
    for (const auto& line : n_best(writer, {.eos = words.eos(), .never = {words.unk()}}, 3)) {
        const std::string text = words.decode(line.tokens);
        std::cout << text << "   (P = " << std::exp(line.log_probability) << ")\n";
        right &= std::ranges::count(known, text) == 1;
    }
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
