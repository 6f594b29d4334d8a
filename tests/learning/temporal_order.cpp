// Temporal order (Hochreiter and Schmidhuber 1997, experiment 6a): among distractors stand two symbols that are X or Y; which
// came first and which second, four classes, is asked at the end.
#include "order.hpp"

namespace learning {
namespace {

constexpr int iterations = 3000;

template <class Cell> double accuracy_after(const Cell& cell, Rng& rng) {
    Model<Cell> model{cell, {cell.units(), 4, rng}};
    Adam<float> adam({.rate = 0.02});
    Tape<float> tape;
    for (int k = 0; k < iterations; ++k) {
        tape.clear();
        const Order order(50, 32, rng);
        learn(cross_entropy(order.logits(model, tape), order.classes), model, adam, 1);
    }
    Rng test(1000);
    tape.clear();
    const Order order(50, 1000, test);
    return order.accuracy(order.logits(model, tape).value());
}

}  // namespace

std::vector<Task> temporal_order() {
    const std::string setup = "T = 50, 8 symbols, H = 4, Adam 0.02, batch 32, clip 1, 3000 iterations";
    return {{"temporal order, LSTM", setup + ", input-gate bias −1, forget bias 3", "every seed 100 %",
             "solved (Hochreiter and Schmidhuber 1997)", 5, 1,
             [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) {
                     Rng rng(seed);
                     const Lstm<float> cell(8, 4, rng, {.input_bias = -1, .forget_bias = 3});
                     return 100 * accuracy_after(cell, rng);
                 });
                 return Outcome{"worst " + figure(std::ranges::min(all), 1) + " %", std::ranges::min(all) == 100};
             }},
            {"temporal order, tanh RNN", setup, "near 25 % (< 60 %)", "cannot", 3, 0, [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) {
                     Rng rng(seed);
                     const Rnn<float> cell(8, 4, rng);
                     return 100 * accuracy_after(cell, rng);
                 });
                 return Outcome{"best " + figure(std::ranges::max(all), 1) + " %", std::ranges::max(all) < 60};
             }}};
}

}  // namespace learning
