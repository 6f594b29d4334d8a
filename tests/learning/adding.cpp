// The adding problem (Hochreiter and Schmidhuber 1997, experiment 4, its answer not scaled: Le et al. 2015): of T values two
// are marked, one in each half; the answer is their sum. The mean squared error of who foretells 0 is 2/3, of who knows one,
// 1/3.
#include "train.hpp"

namespace learning {
namespace {

constexpr Index T = 100, batch = 32;

struct Problem {
    Mat<float> x{2, T*batch}, y{1, batch};  // value and mark, time-major; the answer

    explicit Problem(Rng& rng) {
        for (Index k = 0; k < x.cols(); ++k) {
            x(0, k) = static_cast<float>(rng.uniform(-1, 1));
            x(1, k) = 0;
        }
        for (Index b = 0; b < batch; ++b) {
            const Index first = rng.below(T / 2), second = T / 2 + rng.below(T / 2);
            x(1, first * batch + b) = x(1, second * batch + b) = 1;
            y(0, b) = x(0, first * batch + b) + x(0, second * batch + b);
        }
    }
};

/// Mean squared error on 1,600 new problems.
template <class Cell> double train(const Cell& cell, Rng& rng) {
    Rng test(1000);
    Model<Cell> model{cell, {8, 1, rng}};
    Adam<float> adam({.rate = 5e-3});
    Tape<float> tape;
    const auto error = [&](Rng& r) {
        tape.clear();
        const Problem problem(r);
        return mse(last_output(model, sequence(tape.constant(problem.x), batch)), tape.constant(problem.y));
    };
    for (int k = 1; k <= 8000; ++k) {
        learn(error(rng), model, adam, 1);
        if (k % 1500 == 0) adam.options.rate /= 2;
    }
    double total = 0;
    for (int k = 0; k < 50; ++k) total += static_cast<double>(error(test).item()) / 50;
    return total;
}

}  // namespace

std::vector<Task> adding() {
    const std::string setup = "T = 100, H = 8, Adam 5e-3 halved each 1500, batch 32, clip 1, 8000 iterations";
    return {{"adding problem, LSTM", setup, "median MSE <= 0.005, each < 0.04",
             "0.04 and below (Hochreiter and Schmidhuber 1997)", 5, 0,
             [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) {
                     Rng rng(seed);
                     const Lstm<float> cell(2, 8, rng);
                     return train(cell, rng);
                 });
                 return Outcome{summary(all), median(all) <= 0.005 && std::ranges::max(all) < 0.04};
             }},
            {"adding problem, tanh RNN", setup, "stays > 0.04", "cannot", 5, 0, [](int seeds) {
                 const auto all = for_seeds(seeds, [](auto seed) {
                     Rng rng(seed);
                     const Rnn<float> cell(2, 8, rng);
                     return train(cell, rng);
                 });
                 return Outcome{"median " + figure(median(all)) + ", best " + figure(std::ranges::min(all)),
                                std::ranges::min(all) > 0.04};
             }}};
}

}  // namespace learning
