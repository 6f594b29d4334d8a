// Both directions: which brackets of a text have a partner? An opening one must know what follows, a closing one what came
// before, so a network that reads from left to right only has to guess at half of them.
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

template <class L> struct Tagger {
    Embedding<float> embed;
    L rnn;
    Linear<float> head;
    BPTT_PARAMS(embed, rnn, head)
};

std::string draw_text(Rng& rng) {
    std::string text;
    for (Index left = 1 + rng.below(12); left > 0; --left) text += rng.below(2) ? '(' : ')';
    return text;
}

/// '+' where a bracket has a partner, '-' where it has none.
std::string partners(const std::string& text) {
    std::string marks(text.size(), '-');
    std::vector<std::size_t> open;
    for (std::size_t k = 0; k < text.size(); ++k) {
        if (text[k] == '(') {
            open.push_back(k);
        } else if (!open.empty()) {
            marks[open.back()] = marks[k] = '+';
            open.pop_back();
        }
    }
    return marks;
}

/// Trains on random texts; gives the share of right marks on new ones.
template <class L> double train(const char* name, L layer, Rng& rng) {
    const Vocabulary brackets("()"), marks("+-");
    const Index outputs = layer.outputs();
    Tagger<L> model{{2, 4, rng}, std::move(layer), {outputs, 2, rng}};
    Adam<float> adam({.rate = 0.01});
    Tape<float> tape;
    const auto run = [&](const Tokens& inputs) {
        tape.clear();
        return model.head(unroll(model.rnn, model.embed(tape, inputs)).h);
    };
    std::vector<std::string> texts(32), answers(32);
    const auto draw = [&] {
        for (std::size_t k = 0; k < texts.size(); ++k) answers[k] = partners(texts[k] = draw_text(rng));
    };
    for (int k = 0; k < 1500; ++k) {
        draw();
        const auto loss = cross_entropy(run(brackets.batch(texts)), marks.batch(answers));  // a mark for each bracket
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 1);
        adam.step(model);
    }
    double right = 0, count = 0;
    for (int k = 0; k < 20; ++k) {
        draw();
        const auto logits = run(brackets.batch(texts));
        const Tokens truth = marks.batch(answers);  // in the same columns as the logits
        for (Index column = 0; const Index mark : truth.ids())
            right += greedy(logits.all.value().col(column++)) == mark, ++count;
    }
    const std::string text = "(()))((()";
    const auto logits = run(brackets.batch({text}));
    std::string written;
    for (Index t = 0; t < logits.steps(); ++t) written += marks[greedy(logits[t].value())];
    std::cout << name << ": " << 100 * right / count << " % right\n    " << text << "\n    " << written << "\n";
    return right / count;
}

int main() {
    Rng rng(1);
    const double one_way = train("left to right only", Lstm<float>(4, 16, rng), rng);
    const double both = train("both directions   ", Bidirectional<Lstm<float>>(4, 16, rng), rng);
    return both > 0.97 && one_way < 0.9 ? EXIT_SUCCESS : EXIT_FAILURE;
}
