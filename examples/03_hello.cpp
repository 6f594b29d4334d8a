// The smallest language model: after h, e, l, l come e, l, l, o. The letter l is followed by l once and by o once, so
// the next letter depends on what came before: that is what the state is for.
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

struct Model {
    Embedding<float> embed;
    Rnn<float> rnn;
    Linear<float> head;
    BPTT_PARAMS(embed, rnn, head)
};

int main() {
    const Vocabulary vocabulary("helo");
    const Tokens inputs(vocabulary.encode("hell"), 1);  // one sequence of four steps
    const Tokens targets(vocabulary.encode("ello"), 1);

    Rng rng(1);
    Model model{{4, 4, rng}, {4, 8, rng}, {8, 4, rng}};  // (in, out, rng)
    Adam<float> adam({.rate = 0.05});
    Tape<float> tape;

    for (int k = 0; k <= 100; ++k) {
        tape.clear();                                                 // forget the last graph
        const auto y = unroll(model.rnn, model.embed(tape, inputs));  // y.h: every step, from zeros on
        const auto loss = cross_entropy(model.head(y.h), targets);    // nats per letter
        zero_grad(model);
        backward(loss);
        adam.step(model);
        if (k % 20 == 0) std::cout << "step " << k << ": " << loss.item() << " nats per letter\n";
    }

    tape.clear();
    const auto logits = model.head(unroll(model.rnn, model.embed(tape, inputs)).h);
    std::string written = "h";
    for (Index t = 0; t < logits.steps(); ++t) written += vocabulary[greedy(logits[t].value())];
    std::cout << written << "\n";
    return written == "hello" ? EXIT_SUCCESS : EXIT_FAILURE;
}
