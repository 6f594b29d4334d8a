// Sequences of unequal length: binary numbers in, and for each what is left when three divides it. No padding, no masks, no
// sorting: texts become Tokens in one call, and answers come back in the order of the texts.
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

struct Model {
    Embedding<float> embed;
    Gru<float> rnn;
    Linear<float> head;
    BPTT_PARAMS(embed, rnn, head)
};

struct Batch {
    std::vector<std::string> texts;
    std::vector<Index> remainders;
};

/// Numbers of `shortest` to `longest` digits.
Batch draw(Index count, Index shortest, Index longest, Rng& rng) {
    Batch batch;
    for (Index k = 0; k < count; ++k) {
        std::string digits;
        Index remainder = 0;
        for (Index left = shortest + rng.below(longest - shortest + 1); left > 0; --left) {
            const Index bit = rng.below(2);
            digits += bit ? '1' : '0';
            remainder = (2 * remainder + bit) % 3;
        }
        batch.texts.push_back(digits);
        batch.remainders.push_back(remainder);
    }
    return batch;
}

/// 3 × (one column a text)
Var<float> answer(const Model& model, Tape<float>& tape, const Vocabulary& vocabulary, const std::vector<std::string>& texts) {
    const Tokens tokens = vocabulary.batch(texts);
    const auto y = unroll(model.rnn, model.embed(tape, tokens));
    return model.head(final_state(y).h);  // of each sequence, after its own last step
}

/// The share of right answers on 500 numbers.
double accuracy(const Model& model, const Vocabulary& vocabulary, Index shortest, Index longest, Rng& rng) {
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);  // values only
    const Batch test = draw(500, shortest, longest, rng);
    const auto logits = answer(model, tape, vocabulary, test.texts);
    Index right = 0;
    for (Index k = 0; const Index remainder : test.remainders) right += greedy(logits.value().col(k++)) == remainder;
    return static_cast<double>(right) / 500;
}

int main() {
    const Vocabulary vocabulary("01");
    Rng rng(1);
    Model model{{2, 4, rng}, {4, 16, rng}, {16, 3, rng}};
    Adam<float> adam({.rate = 0.01});
    Tape<float> tape;
    for (int k = 0; k <= 1000; ++k) {
        const Batch batch = draw(32, 1, 12, rng);
        tape.clear();
        const auto loss = cross_entropy(answer(model, tape, vocabulary, batch.texts), batch.remainders);
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 1);
        adam.step(model);
        if (k % 200 == 0) std::cout << "step " << k << ": " << loss.item() << " nats a number\n";
    }
    std::cout << "right answers: " << 100 * accuracy(model, vocabulary, 1, 12, rng) << " % up to 12 digits, as trained; ";
    const double longer = accuracy(model, vocabulary, 30, 40, rng);
    std::cout << 100 * longer << " % of 30 to 40 digits\n";
    return longer > 0.9 ? EXIT_SUCCESS : EXIT_FAILURE;
}
