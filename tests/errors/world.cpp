#include "errors/world.hpp"

#include "bptt/ops/reduce.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

Layers::Layers(Rng& rng)
    : matrix(2, 3),
      linear(3, 4, rng),
      highway(3, rng),
      embedding(6, 3, rng),
      rnn(3, 4, rng),
      gru(3, 4, rng),
      lstm(3, 4, rng),
      layer_norm_lstm(3, 4, rng),
      stacked(3, 4, 2, rng),
      both(3, 4, rng),
      attention(4, 5, 2, rng),
      decoder(3, 5, 4, 2, rng),
      plain({6, 5, 3, 4}, rng),
      attentive({6, 5, 3, 4}, rng),
      language(5, {3, 4, rng}, rng) {}

World::World() : tokens({1, 2, 3, 0, 4, 0}, 2, {3, 1}) {
    for_each_param(layers, [&](std::string_view, auto& p) {
        p.grad = random_matrix<double>(p.rows(), p.cols(), [&] { return rng.normal(); });
    });
    loss = sum(layers.linear(tape.constant(Mat<double>::Ones(3, 2))));
}

Var<double> World::var(Index rows, Index cols) { return tape.variable(Mat<double>::Ones(rows, cols)); }
Var<double> World::elsewhere(Index rows, Index cols) { return other.variable(Mat<double>::Ones(rows, cols)); }
Sequence<double> World::sequence(Index rows, Index batch, Index steps) {
    return bptt::sequence(var(rows, batch * steps), batch);
}

std::string World::finished() {
    std::string all = bits(layers);
    backward(loss);
    adam.step(layers);
    all += bits(layers) + std::to_string(rng.next());
    for (const Index id : tokens.ids()) all += ' ' + std::to_string(id);
    std::ostringstream layout;
    layout << tokens.layout() << " on " << tape.generation();
    return all + layout.str();
}
