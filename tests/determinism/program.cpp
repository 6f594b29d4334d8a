// Trains networks, lets one write, and prints a hash of all that came of it: the same for the same seed, in every process.
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "bptt/bptt.hpp"

using namespace bptt;

namespace {

/// FNV-1a of the bits of all numbers given.
class Hash {
public:
    template <class T> void add(const T& x) {
        static_assert(std::is_arithmetic_v<T>);
        for (const auto byte : std::bit_cast<std::array<unsigned char, sizeof x>>(x)) hash_ = (hash_ ^ byte) * 0x100000001b3;
    }
    void add_model(const auto& model) {
        for_each_param(model, [&](std::string_view, const auto& p) {
            for (const auto x : p.value.reshaped()) add(x);
            for (const auto x : p.grad.reshaped()) add(x);
        });
    }
    std::uint64_t value() const { return hash_; }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

template <class T> struct LanguageModel {
    Embedding<T> embed;
    Stacked<Bidirectional<Lstm<T, Peephole::current>>> rnn;
    Linear<T> head;
    explicit LanguageModel(Rng& rng) : embed(11, 7, rng), rnn(7, 9, 2, rng, {.dropout = 0.2}), head(18, 11, rng) {}
    static void params(auto& m, auto&& f) { f("embed", m.embed), f("rnn", m.rnn), f("head", m.head); }
};

Tokens random_tokens(Rng& rng) {
    std::vector<std::vector<Index>> all(5);
    for (auto& one : all)
        for (Index n = rng.below(9) + 1; n > 0; --n) one.push_back(rng.below(9) + 2);
    return Tokens::of(all);
}

/// A stack with dropout, and batches of unequal lengths.
template <class T, class Optimizer> void train_stack(Hash& hash, Optimizer optimizer) {
    Rng rng(1);
    LanguageModel<T> model(rng);
    InitialState start(model.rnn);
    Optimizer optimizer_of_start = optimizer;
    Tape<T> tape;
    for (int k = 0; k < 30; ++k) {
        const Tokens tokens = random_tokens(rng);
        tape.clear();
        const auto y = unroll(model.rnn, model.embed(tape, tokens), start(tape, tokens.layout().batch), Training{rng});
        const auto loss = cross_entropy(model.head(y.h), tokens);
        zero_grad(model), zero_grad(start), backward(loss);
        hash.add(clip_grad_norm(model, 1));
        clip_grad_value(start, 0.1);
        optimizer.step(model), optimizer_of_start.step(start);
        hash.add(loss.item());
    }
    hash.add_model(model), hash.add_model(start);
}

/// An encoder-decoder with attention on batches of pairs, and what it writes in three ways.
template <class T> void train_translator(Hash& hash) {
    Rng rng(2);
    AttentionEncoderDecoder<Gru<T>> model({.sources = 11, .targets = 11, .features = 6, .units = 40}, rng);
    Adam<T> adam;
    Tape<T> tape;
    for (int k = 0; k < 20; ++k) {
        const Tokens sources = random_tokens(rng), words = random_tokens(rng);
        tape.clear();
        const auto loss = cross_entropy(model(tape, sources, words), words, {.reduction = Reduction::per_sequence});
        zero_grad(model), backward(loss), clip_grad_norm(model, 1), adam.step(model);
        hash.add(loss.item());
    }
    hash.add_model(model);
    const auto writer = model.read(random_tokens(rng));
    const WriteOptions options{.bos = 1, .eos = 0, .max_length = 8};
    for (const auto& all : {greedy(writer, options), sample(writer, options, rng), beam_search(writer, options)})
        for (const auto& w : all) {
            hash.add(w.log_probability);
            for (const Index token : w.tokens) hash.add(token);
            for (const T weight : w.alignment.reshaped()) hash.add(weight);
        }
}

template <class T> struct CharModel {
    Stacked<Lstm<T>> rnn;
    Linear<T> head;
    static void params(auto& m, auto&& f) { f("rnn", m.rnn), f("head", m.head); }
};

/// 200 steps of a character model, with two threads.
template <class T> void train_with_threads(Hash& hash) {
    Rng rng(3);
    CharModel<T> model{{11, 33, 2, rng}, {33, 11, rng}};
    Adam<T> adam;
    const Threads threads(2);
    Tape<T> tape(threads);
    auto carry = zero_state(model.rnn, 13);
    for (int k = 0; k < 200; ++k) {
        std::vector<Index> ids(13 * 8);
        for (Index& id : ids) id = rng.below(11);
        const Tokens tokens(ids, 13);
        tape.clear();
        const auto y = unroll(model.rnn, one_hot(tape, tokens, 11), carry);
        const auto loss = cross_entropy(model.head(y.h), tokens);
        zero_grad(model), backward(loss), clip_grad_norm(model, 1), adam.step(model);
        values(final_state(y), carry);
        hash.add(loss.item());
    }
    hash.add_model(model);
}

template <class T> std::uint64_t hash_of_all() {
    Hash hash;
    train_with_threads<T>(hash);
    train_stack<T>(hash, Sgd<T>({.rate = T(0.1), .momentum = T(0.9), .nesterov = true}));
    train_stack<T>(hash, Adagrad<T>());
    train_stack<T>(hash, RmsProp<T>());
    train_stack<T>(hash, Adam<T>());
    train_translator<T>(hash);
    return hash.value();
}

}  // namespace

int main() {
    const int on_stack = 0;
    const auto on_heap = std::make_unique<int>();
    std::printf("float %016llx, double %016llx\n", static_cast<unsigned long long>(hash_of_all<float>()),
                static_cast<unsigned long long>(hash_of_all<double>()));
    std::fprintf(stderr, "%p %p\n", static_cast<const void*>(&on_stack), static_cast<const void*>(on_heap.get()));
}
