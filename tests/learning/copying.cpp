// Copy memory (Arjovsky et al. 2016): ten symbols of eight, T blanks, a mark, and then the ten symbols are to be written. Who
// forgets them has a loss of 10 ln 8 / (T + 20) a step.
#include <cmath>

#include "train.hpp"

namespace learning {
namespace {

constexpr Index blanks = 30, steps = blanks + 20, texts = 32, symbols = 10;  // 8: blank, 9: mark

template <class Cell> double train(const Cell& cell, double rate, int iterations, Rng& rng) {
    Rng test(1000);
    Model<Cell> model{cell, {64, symbols, rng}};
    Adam<float> adam({.rate = rate});
    Tape<float> tape;
    const auto loss = [&](Rng& r) {
        std::vector<Index> in(static_cast<std::size_t>(steps * texts), 8), out = in;
        for (Index b = 0; b < texts; ++b) {
            for (Index k = 0; k < 10; ++k)
                in[static_cast<std::size_t>(k * texts + b)] = out[static_cast<std::size_t>((blanks + 10 + k) * texts + b)] =
                    r.below(8);
            in[static_cast<std::size_t>((blanks + 9) * texts + b)] = 9;
        }
        tape.clear();
        return cross_entropy(outputs(model, one_hot(tape, Tokens(in, texts), symbols)), Tokens(out, texts));
    };
    for (int k = 0; k < iterations; ++k) learn(loss(rng), model, adam, 1);
    double total = 0;
    for (int k = 0; k < 20; ++k) total += static_cast<double>(loss(test).item()) / 20;
    return total;
}

Outcome outcome(const std::vector<double>& all) {
    return {summary(all), std::ranges::max(all) < 0.5 * 10 * std::log(8) / (blanks + 20)};
}

}  // namespace

std::vector<Task> copying() {
    const std::string setup = "T = 30, H = 64, batch 32, clip 1, Adam ", must = "below half of 10 ln 8 / (T + 20) = 0.208";
    return {{"copy memory, LSTM", setup + "5e-3, 12000 iterations, forget bias 3", must,
             "memoryless at T = 1000 (Arjovsky et al. 2016)", 3, 0,
             [](int seeds) {
                 return outcome(for_seeds(seeds, [](auto seed) {
                     Rng rng(seed);
                     const Lstm<float> cell(symbols, 64, rng, {.forget_bias = 3});
                     return train(cell, 5e-3, 12000, rng);
                 }));
             }},
            {"copy memory, GRU", setup + "1e-2, 6000 iterations", must, "the same", 3, 0, [](int seeds) {
                 return outcome(for_seeds(seeds, [](auto seed) {
                     Rng rng(seed);
                     const Gru<float> cell(symbols, 64, rng);
                     return train(cell, 1e-2f, 6000, rng);
                 }));
             }}};
}

}  // namespace learning
