#include "reber.hpp"

namespace learning {
namespace {

const Vocabulary alphabet("BTPSXVE");

/// The n likeliest letters are the n that may follow, everywhere in all strings.
bool all_right(const Model<Lstm<float>>& model, Tape<float>& tape, const std::vector<ReberString>& strings) {
    const typename Tape<float>::Pause pause(tape);
    tape.clear();
    std::vector<std::string> texts;
    for (const auto& s : strings) texts.push_back(s.letters.substr(0, s.letters.size() - 1));
    const Tokens tokens = alphabet.batch(texts);
    const Layout l = tokens.layout();
    const Mat<float> logits = outputs(model, one_hot(tape, tokens, 7)).all.value();
    bool right = true;
    l.for_each_column([&](Index column, Index t, Index b) {
        const std::string& legal = strings[static_cast<std::size_t>(b)].follows[static_cast<std::size_t>(t)];
        float least = INFINITY, most_of_others = -INFINITY;
        for (Index k = 0; k < 7; ++k) {
            const float x = logits(k, column);
            if (legal.find(alphabet[k]) != legal.npos)
                least = std::min(least, x);
            else
                most_of_others = std::max(most_of_others, x);
        }
        right &= least > most_of_others;
    });
    return right;
}

/// Sequences learned from, one at a time, until all of 256 others are foretold; -1: never in 30,000.
double sequences_until_learned(std::uint64_t seed) {
    Rng rng(seed);
    std::vector<ReberString> test;
    for (int k = 0; k < 256; ++k) test.emplace_back(rng);
    Model<Lstm<float>> model{{7, 8, rng, {.input_bias = -1, .output_bias = -1}}, {8, 7, rng}};
    Adam<float> adam({.rate = 0.01f});
    Tape<float> tape;
    for (int k = 1; k <= 30'000; ++k) {
        const ReberString s(rng);
        tape.clear();
        const Tokens in(alphabet.encode(s.letters.substr(0, s.letters.size() - 1)), 1),
            next(alphabet.encode(s.letters.substr(1)), 1);
        learn(cross_entropy(outputs(model, one_hot(tape, in, 7)), next), model, adam, 5);
        if (k % 100 == 0 && all_right(model, tape, test)) return k;
    }
    return -1;
}

/// An endless stream of strings, one after the other; where the second T or P is, is known.
class Stream {
public:
    explicit Stream(std::uint64_t seed) : rng_(seed) { refill(); }
    /// The next letter, and whether the one after it is the second T or P of a string.
    std::pair<Index, bool> next() {
        if (at_ == text_.size()) refill();
        const bool asked = at_ + 3 == text_.size();  // E; then T or P, and E
        return {alphabet[text_[at_++]], asked};
    }

private:
    void refill() {
        text_ = ReberString(rng_).letters;
        at_ = 0;
    }
    Rng rng_;
    std::string text_;
    std::size_t at_ = 0;
};

/// Share of right answers, T or P, in a new stream; no state is ever reset, gradients go 50 steps back.
double continual(std::uint64_t seed, double forget_bias, int windows) {
    constexpr Index batch = 16, steps = 50;
    Rng rng(seed);
    Model<Lstm<float>> model{{7, 12, rng, {.input_bias = -1, .forget_bias = forget_bias, .output_bias = -1}}, {12, 7, rng}};
    Adam<float> adam({.rate = 0.01f});
    Tape<float> tape;
    auto carry = zero_state(model.cell, batch);
    std::vector<Stream> streams;
    for (Index b = 0; b < batch; ++b) streams.emplace_back(rng.next());
    std::vector<Index> now;  // the letter that each stream is at
    std::vector<char> asked(batch);
    for (auto& s : streams) now.push_back(s.next().first);
    double right = 0, questions = 0;
    for (int k = 0; k < windows; ++k) {
        std::vector<Index> in, next;
        std::vector<char> question;
        for (Index t = 0; t < steps; ++t)
            for (std::size_t b = 0; b < static_cast<std::size_t>(batch); ++b) {
                in.push_back(now[b]);
                question.push_back(asked[b]);
                const auto [letter, asks] = streams[b].next();
                next.push_back(now[b] = letter);
                asked[b] = asks;
            }
        tape.clear();
        const auto y = unroll(model.cell, one_hot(tape, Tokens(in, batch), 7), lift(tape, carry));
        const auto logits = model.head(y.h);
        if (10 * k >= 9 * windows) {  // the last tenth is the test: what comes is new anyway
            for (std::size_t c = 0; c < in.size(); ++c)
                if (question[c]) {
                    right += greedy(logits.all.value().col(static_cast<Index>(c))) == next[c];
                    ++questions;
                }
        }
        learn(cross_entropy(logits, Tokens(next, batch)), model, adam, 5);
        values(final_state(y), carry);
    }
    return 100 * right / questions;
}

}  // namespace

std::vector<Task> reber() {
    const std::string setup = "H = 12, Adam 0.01, batch 16, truncated BPTT of 50 with carried state, 4000 windows";
    return {{"embedded Reber grammar", "H = 8, Adam 0.01, online, gate biases −1, clip 5", "every seed, mean <= 8440 sequences",
             "8440 (Hochreiter and Schmidhuber 1997)", 10, 2,
             [](int seeds) {
                 const auto all = for_seeds(seeds, sequences_until_learned);
                 double mean = 0;
                 for (const double n : all) mean += n / static_cast<double>(all.size());
                 return Outcome{"mean " + figure(mean, 0) + ", worst " + figure(std::ranges::max(all), 0),
                                std::ranges::min(all) > 0 && mean <= 8440};
             }},
            {"continual Reber, forget gate", setup, "> 95 % of second T or P", "solved (Gers et al. 2000)", 3, 0,
             [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) { return continual(seed, 1, 4000); });
                 return Outcome{"worst " + figure(std::ranges::min(all), 1) + " %", std::ranges::min(all) > 95};
             }},
            {"continual Reber, no forget gate", setup + ", forget bias 1000", "near 50 % (< 65 %)", "fails (Gers et al. 2000)",
             3, 0, [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) { return continual(seed, 1000, 4000); });
                 return Outcome{"best " + figure(std::ranges::max(all), 1) + " %", std::ranges::max(all) < 65};
             }}};
}

}  // namespace learning
