// Sequence to sequence: one network reads a word to its end, another starts from the state that is left and writes a word of
// any length, until it writes the end. Here it learns to write words backwards. EncoderDecoder has all of this ready made.
#include <algorithm>
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

struct Model {
    Embedding<float> embed_source, embed_target;
    Gru<float> encoder, decoder;
    Linear<float> head;
    BPTT_PARAMS(embed_source, embed_target, encoder, decoder, head)

    HiddenState<Var<float>> read(Tape<float>& tape, const Tokens& words) const {
        return final_state(unroll(encoder, embed_source(tape, words)));  // each word's own last step
    }
    /// Teacher forcing: at each step the decoder gets the right letter before, whatever it would have written.
    Sequence<float> logits(Tape<float>& tape, const Tokens& words, const Tokens& before) const {
        return head(unroll(decoder, embed_target(tape, before), read(tape, words)).h);
    }
};

/// Free running: each letter that is written is the next step's input. greedy(), sample() and beam_search() ask a Writer for
/// the state that it starts from, and for a step: the logits of what follows these letters, and the state after them.
struct BackwardsWriter {
    const Model& model;
    HiddenState<Mat<float>> read;

    HiddenState<Mat<float>> start() const { return read; }
    Mat<float> step(std::span<const Index> letters, std::span<const Index>, HiddenState<Mat<float>>& s) const {
        Tape<float> tape;
        const Tape<float>::Pause pause(tape);  // values only
        const Tokens before(letters, std::ssize(letters));
        const auto next = model.decoder.step(model.embed_target(tape, before).all, lift(tape, s));
        s = values(next);
        return model.head(next).value();
    }
};

int main() {
    const std::string letters = "abcdefgh";
    const Vocabulary source(letters), target(letters, {.bos = true, .eos = true});
    Rng rng(1);
    Model model{{source.size(), 16, rng}, {target.size(), 16, rng}, {16, 64, rng}, {16, 64, rng}, {64, target.size(), rng}};
    Adam<float> adam;
    Tape<float> tape;

    constexpr int steps = 2000;
    for (int k = 0; k <= steps; ++k) {
        adam.options.rate = 5e-3 * (steps - k) / steps;  // smaller and smaller: it comes to rest at the end
        std::vector<Pair> pairs(32);
        for (auto& [word, backwards] : pairs) {
            for (Index n = 1 + rng.below(5); n > 0; --n) word += letters[static_cast<std::size_t>(rng.below(8))];
            backwards.assign(word.rbegin(), word.rend());
        }
        for (const PairBatch& batch : pair_batches(pairs, source, target)) {  // inputs: BOS, c, b, a; targets: c, b, a, EOS
            tape.clear();
            const auto logits = model.logits(tape, batch.sources, batch.inputs);
            const auto loss = cross_entropy(logits, batch.targets, {.reduction = Reduction::per_sequence});
            zero_grad(model);
            backward(loss);
            clip_grad_norm(model, 1);
            adam.step(model);
            if (k % 400 == 0) std::cout << "step " << k << ": " << loss.item() << " nats per word\n";
        }
    }
    tape.clear();
    const std::vector<std::string> words = {"bead", "a", "hagbe", "face"};
    const BackwardsWriter writer{model, values(model.read(tape, source.batch(words)))};
    bool right = true;
    for (std::size_t k = 0; const auto& w : greedy(writer, {.bos = target.bos(), .eos = target.eos(), .max_length = 20})) {
        const std::string written = target.decode(w.tokens), &word = words[k++];
        std::cout << word << " backwards: " << written << "\n";
        right &= std::equal(word.rbegin(), word.rend(), written.begin(), written.end());
    }
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
