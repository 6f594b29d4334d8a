// Exploding gradients (Pascanu et al. 2013): a tanh RNN learns temporal order at a rate at which some steps leap, unless the
// gradient is clipped.
#include <cmath>

#include "order.hpp"

namespace learning {
namespace {

struct Run {
    double worst = 0, accuracy = 0;  // the largest loss after the first steps; the share of right answers at the end
};

Run train(std::uint64_t seed, double clip) {
    Rng rng(seed);
    Model<Rnn<float>> model{{8, 50, rng}, {50, 4, rng}};
    Sgd<float> sgd({.rate = 0.3});
    Tape<float> tape;
    Run run;
    for (int k = 0; k < 3000; ++k) {
        tape.clear();
        const Order order(20, 32, rng);
        const auto loss = cross_entropy(order.logits(model, tape), order.classes);
        if (!std::isfinite(loss.item())) return {INFINITY, 0};
        run.worst = std::max(run.worst, static_cast<double>(loss.item()));
        learn(loss, model, sgd, clip);
    }
    Rng test(1000);
    tape.clear();
    const Order order(20, 1000, test);
    run.accuracy = 100 * order.accuracy(order.logits(model, tape).value());
    return run;
}

}  // namespace

std::vector<Task> exploding() {
    return {{"exploding gradient, tanh RNN",
             "temporal order, T = 20, H = 50, SGD 0.3, batch 32, 3000 iterations, the same seeds",
             "clipped at 1 every seed > 95 %; unclipped none", "clipping helps (Pascanu et al. 2013)", 3, 1, [](int seeds) {
                 std::vector<double> clipped, free, leaps;
                 for (int seed = 1; seed <= seeds; ++seed) {
                     clipped.push_back(train(static_cast<std::uint64_t>(seed), 1).accuracy);
                     const Run run = train(static_cast<std::uint64_t>(seed), 0);
                     free.push_back(run.accuracy), leaps.push_back(run.worst);
                 }
                 return Outcome{"clipped worst " + figure(std::ranges::min(clipped), 1) + " %; unclipped best " +
                                    figure(std::ranges::max(free), 1) + " %, its loss leaps to " +
                                    figure(std::ranges::min(leaps), 1),
                                std::ranges::min(clipped) > 95 && std::ranges::max(free) < 95};
             }}};
}

}  // namespace learning
