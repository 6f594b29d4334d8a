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
    Adam<float> adam({.rate = 0.01});
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

/// Percent of right answers, T or P, in 1,200 strings after 12,000 that were learned from, six at a time. All stand one after
/// the other, and no state is ever reset.
double continual(std::uint64_t seed, double forget_bias) {
    Rng rng(seed);
    Model<Lstm<float>> model{{7, 12, rng, {.input_bias = -1, .forget_bias = forget_bias, .output_bias = -1}}, {12, 7, rng}};
    Adam<float> adam({.rate = 0.01});
    Tape<float> tape;
    auto carry = zero_state(model.cell, 1);
    double right = 0;
    for (int window = 0; window < 2200; ++window) {
        std::string text;
        std::vector<std::size_t> questions;  // after which letters the second T or P comes
        for (int k = 0; k < 6; ++k) {
            text += ReberString(rng).letters;
            questions.push_back(text.size() - 3);
        }
        const Tokens in(alphabet.encode(text), 1), next(alphabet.encode(text.substr(1) + 'B'), 1);
        tape.clear();
        const auto y = unroll(model.cell, one_hot(tape, in, 7), carry);
        const auto logits = model.head(y.h);
        if (window < 2000)
            learn(cross_entropy(logits, next), model, adam, 5);
        else
            for (const std::size_t t : questions)
                right += greedy(logits.all.value().col(static_cast<Index>(t))) == next.ids()[t];
        values(final_state(y), carry);
    }
    return right / 12;
}

}  // namespace

std::vector<Task> reber() {
    const std::string setup =
        "H = 12, Adam 0.01, gate biases −1, clip 5, one stream, 2000 windows of 6 strings with carried state";
    return {{"embedded Reber grammar", "H = 8, Adam 0.01, online, gate biases −1, clip 5", "every seed, mean <= 8440 sequences",
             "8440 (Hochreiter and Schmidhuber 1997)", 10, 2,
             [](int seeds) {
                 const auto all = for_seeds(seeds, sequences_until_learned);
                 double mean = 0;
                 for (const double n : all) mean += n / static_cast<double>(all.size());
                 return Outcome{"mean " + figure(mean, 0) + ", worst " + figure(std::ranges::max(all), 0),
                                std::ranges::min(all) > 0 && mean <= 8440};
             }},
            {"continual Reber, forget gate", setup, "> 95 % of second T or P", "solved (Gers et al. 2000)", 5, 0,
             [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) { return continual(seed, 1); });
                 return Outcome{"worst " + figure(std::ranges::min(all), 1) + " %", std::ranges::min(all) > 95};
             }},
            {"continual Reber, no forget gate", setup + ", forget bias 1000", "near 50 % (< 65 %)", "fails (Gers et al. 2000)",
             5, 0, [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) { return continual(seed, 1000); });
                 return Outcome{"best " + figure(std::ranges::max(all), 1) + " %", std::ranges::max(all) < 65};
             }}};
}

}  // namespace learning
