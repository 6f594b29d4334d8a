// Attention: the decoder looks at all of the source before each step, instead of carrying it along in one vector. Two models
// learn to write words of 1 to 10 letters backwards; then both are asked for longer ones. Which letter the attentive one looks
// at is its alignment: for a word backwards, the anti-diagonal. Writes 08_attention.svg.
#include <algorithm>
#include <bptt/bptt.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace bptt;

const std::string letters = "abcdefghijklmnopqrstuvwxyz";
const Vocabulary source(letters), target(letters, {.bos = true, .eos = true});

std::vector<Pair> words(Index n, Index shortest, Index longest, Rng& rng) {
    std::vector<Pair> pairs(static_cast<std::size_t>(n));
    for (auto& [word, backwards] : pairs) {
        for (Index k = shortest + rng.below(longest - shortest + 1); k > 0; --k)
            word += letters[static_cast<std::size_t>(rng.below(26))];
        backwards.assign(word.rbegin(), word.rend());
    }
    return pairs;
}

template <class Model> Model learn(double rate) {
    constexpr int steps = 4000;
    Rng rng(1);
    Model model({.sources = source.size(), .targets = target.size(), .features = 16, .units = 64}, rng);
    Adam<float> adam({.rate = rate});
    Tape<float> tape;
    for (int k = 0; k < steps; ++k) {
        if (k == steps * 2 / 3) adam.options.rate = rate / 5;
        for (const PairBatch& batch : pair_batches(words(32, 1, 10, rng), source, target)) {
            tape.clear();
            const auto logits = model(tape, batch.sources, batch.inputs);
            const auto loss = cross_entropy(logits, batch.targets, {.reduction = Reduction::per_sequence});
            zero_grad(model);
            backward(loss);
            clip_grad_norm(model, 1);
            adam.step(model);
            if (k % (steps / 5) == 0) std::printf("step %d: %.3f nats per word\n", k, static_cast<double>(loss.item()));
        }
    }
    return model;
}

auto write(const auto& model, const std::vector<std::string>& sources) {
    return greedy(model.read(source.batch(sources)), {.bos = target.bos(), .eos = target.eos(), .max_length = 30});
}

struct Score {
    double exact = 0, diagonal = 0;  // shares: of words right in full; of letters that were looked for in the right place
};
template <class Model> Score test(const Model& model, Index length) {
    constexpr Index n = 500;
    Rng rng(99);
    const auto pairs = words(n, length, length, rng);
    std::vector<std::string> sources;
    for (const Pair& pair : pairs) sources.push_back(pair.source);
    Score score;
    double looks = 0;
    for (std::size_t k = 0; const auto& w : write(model, sources)) {
        score.exact += (target.decode(w.tokens) == pairs[k++].target) / static_cast<double>(n);
        for (Index t = 0; t < std::min(w.alignment.cols(), w.alignment.rows()); ++t) {
            Index most = 0;
            w.alignment.col(t).maxCoeff(&most);
            score.diagonal += most == length - 1 - t;
            ++looks;
        }
    }
    score.diagonal /= std::max(1.0, looks);
    return score;
}

int main() {
    std::puts("with attention:");
    const auto attentive = learn<AttentionEncoderDecoder<Gru<float>>>(2e-3);  // the best for each of 2e-3, 5e-3, 1e-2
    std::puts("without:");
    const auto plain = learn<EncoderDecoder<Gru<float>>>(1e-2);

    std::puts("\n          with attention           without\nletters   exact   anti-diagonal    exact");
    for (Index length = 5; length <= 20; ++length) {
        const Score with = test(attentive, length), without = test(plain, length);
        std::printf("%5td   %5.1f %%         %5.1f %%   %5.1f %%\n", length, 100 * with.exact, 100 * with.diagonal,
                    100 * without.exact);
    }

    const auto picture = write(attentive, {"attention"})[0];
    std::vector<std::string> written;
    for (const Index letter : picture.tokens) written.push_back(target[letter]);
    std::ofstream("08_attention.svg") << heatmap(picture.alignment.transpose(), written,
                                                 {"a", "t", "t", "e", "n", "t", "i", "o", "n"});
    const Score ten = test(attentive, 10);
    return ten.exact >= 0.98 && ten.diagonal >= 0.95 ? EXIT_SUCCESS : EXIT_FAILURE;
}
