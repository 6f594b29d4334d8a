// Peepholes: gates that see the memory. The language a^n b^n asks for counting: after n letters a come n letters b, then the
// end. Told which letters may follow, for n = 1 to 10, how far do two memory cells count on (Gers and Schmidhuber 2001)?
#include <algorithm>
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

template <Peephole P> struct Model {
    Lstm<float, P> lstm;
    Linear<float> head;
    BPTT_PARAMS(lstm, head)
};

const Vocabulary vocabulary(".ab");  // the dot begins and ends a word

std::string word(Index n) {
    std::string text = ".";
    text.append(static_cast<std::size_t>(n), 'a');
    return text.append(static_cast<std::size_t>(n), 'b');
}

/// What may follow at each step: 3 × (2n + 1) ones and zeros.
Mat<float> legal(Index n) {
    Mat<float> may = Mat<float>::Zero(3, 2 * n + 1);
    may.row(vocabulary['a']).leftCols(n + 1).setOnes();  // after the dot, and after each a
    may.row(vocabulary['b']).middleCols(1, 2 * n - 1).setOnes();
    may(vocabulary['.'], 2 * n) = 1;
    return may;
}

/// Logits of what may follow.
template <Peephole P> Sequence<float> predict(const Model<P>& model, Tape<float>& tape, const Tokens& words) {
    return model.head(unroll(model.lstm, one_hot(tape, words, 3)).h);
}

/// Trains on n = 1 to 10; gives the largest n, up to 200, to which all words are foretold without a mistake.
template <Peephole P> Index train(std::uint64_t seed) {
    std::vector<std::string> texts;
    std::vector<Index> lengths;
    Mat<float> targets = Mat<float>::Zero(3, 21 * 10);  // a rectangle, time-major: step t of word k is column 10 t + k
    for (Index k = 0; k < 10; ++k) {
        texts.push_back(word(k + 1));
        lengths.push_back(2 * k + 3);
        targets(Eigen::indexing::all, Eigen::seqN(k, 2 * k + 3, 10)) = legal(k + 1);
    }
    const Tokens words = vocabulary.batch(texts);

    Rng rng(seed);
    Model<P> model{{3, 2, rng, {.input_bias = -1}}, {2, 3, rng}};
    Adam<float> adam({.rate = 0.03});
    Tape<float> tape;
    for (int k = 0; k < 3000; ++k) {
        tape.clear();
        const auto may_follow = sequence(tape.constant(targets), 10, lengths);  // what lies beyond a length is dropped
        const auto loss = binary_cross_entropy_with_logits(predict(model, tape, words), may_follow);
        zero_grad(model);
        backward(loss);
        clip_grad_norm(model, 1);
        adam.step(model);
    }

    const Tape<float>::Pause pause(tape);
    for (Index n = 1; n <= 200; ++n) {
        tape.clear();
        const Mat<float> logits = predict(model, tape, vocabulary.batch({word(n)})).all.value();
        if (((logits.array() > 0) != (legal(n).array() > 0)).any()) return n - 1;
    }
    return 200;
}

template <Peephole P> Index show(const char* name) {
    Index best = 0;
    std::cout << name;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Index n = train<P>(seed);
        best = std::max(best, n);
        std::cout << "  " << n << std::flush;
    }
    std::cout << "\n";
    return best;
}

int main() {
    std::cout << "peepholes: right up to n, for three seeds (200 is where the test ends)\n";
    const Index worst = std::min({show<Peephole::none>("none      "), show<Peephole::previous>("previous  "),
                                  show<Peephole::current>("current   "), show<Peephole::full>("full      ")});
    return worst >= 10 ? EXIT_SUCCESS : EXIT_FAILURE;
}
