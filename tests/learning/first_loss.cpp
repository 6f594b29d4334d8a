// Who knows nothing yet should foretell each of V characters with 1/V: a loss of ln V.
#include <cmath>

#include "train.hpp"

namespace learning {
namespace {

template <class Cell> double excess(std::uint64_t seed, Index hidden) {
    constexpr Index V = 65, batch = 50, steps = 50;
    Rng rng(seed);
    Model<Stacked<Cell>> model{{V, hidden, 2, rng}, {hidden, V, rng}};
    Tape<float> tape;
    std::vector<Index> text(static_cast<std::size_t>(batch * steps + batch));
    for (Index& c : text) c = rng.below(V);
    const auto window = *windows(text, {.batch = batch, .steps = steps}).begin();
    const auto loss = cross_entropy(outputs(model, one_hot(tape, window.inputs, V)), window.targets);
    return 100 * std::abs(static_cast<double>(loss.item()) / std::log(V) - 1);
}

template <class Cell> Task task(const std::string& name, Index hidden, int quick_seeds) {
    return {"first loss, " + name,
            "2×" + std::to_string(hidden) + ", V = 65, batch 50, 50 steps",
            "ln V within 1 %",
            "",
            5,
            quick_seeds,
            [hidden](int seeds) {
                const auto all = for_seeds(seeds, [hidden](auto seed) { return excess<Cell>(seed, hidden); });
                return Outcome{"worst " + figure(std::ranges::max(all), 2) + " %", std::ranges::max(all) < 1};
            }};
}

}  // namespace

std::vector<Task> first_loss() {
    return {task<Lstm<float>>("LSTM", 128, 1), task<Gru<float>>("GRU", 149, 1), task<Rnn<float>>("tanh RNN", 262, 0)};
}

}  // namespace learning
