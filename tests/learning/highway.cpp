// Highway layers against plain ones (Srivastava et al. 2015): networks of 30 layers with 50 units. Ten classes: each is a
// random sign pattern of 20 inputs, a quarter of whose signs are flipped.
#include "train.hpp"

namespace learning {
namespace {

constexpr Index depth = 30, width = 50, classes = 10, inputs = 20;

/// One hidden layer of the plain network: y = max(W x + b, 0).
struct Plain {
    Linear<float> linear;
    Plain(Index features, Rng& rng, HighwayOptions) : linear(features, features, rng) {}
    static void params(auto& m, auto&& f) { f("linear", m.linear); }
    Var<float> operator()(Var<float> x) const { return relu(linear(x)); }
};

template <class Hidden> struct Network {
    Linear<float> in, out;
    std::vector<Hidden> layers;

    explicit Network(Rng& rng) : in(inputs, width, rng), out(width, classes, rng) {
        for (Index k = 0; k < depth; ++k) layers.emplace_back(width, rng, HighwayOptions{.gate_bias = -2});
    }
    static void params(auto& m, auto&& f) {
        f("in", m.in), f("out", m.out);
        for (std::size_t k = 0; k < m.layers.size(); ++k) f(std::to_string(k), m.layers[k]);
    }
    Var<float> operator()(Var<float> x) const {
        x = in(x);
        for (const Hidden& layer : layers) x = layer(x);
        return out(x);
    }
};

/// Share of new patterns that are recognised.
template <class Hidden> double percent_right(std::uint64_t seed) {
    Rng rng(seed);
    const Mat<float> patterns = random_matrix<float>(inputs, classes, [&] { return rng.below(2) ? 1.0 : -1.0; });
    std::vector<Index> labels;
    const auto draw = [&](Index n) {
        Mat<float> x(inputs, n);
        labels.clear();
        for (Index k = 0; k < n; ++k) {
            labels.push_back(rng.below(classes));
            for (Index i = 0; i < inputs; ++i) x(i, k) = patterns(i, labels.back()) * (rng.uniform() < 0.1 ? -1.0f : 1.0f);
        }
        return x;
    };
    Network<Hidden> network(rng);
    Sgd<float> sgd({.rate = 0.02, .momentum = 0.9});
    Tape<float> tape;
    for (int k = 0; k < 2000; ++k) {
        tape.clear();
        const auto x = tape.constant(draw(64));
        learn(cross_entropy(network(x), labels), network, sgd, 0);
    }
    tape.clear();
    const Mat<float> logits = network(tape.constant(draw(2000))).value();
    double right = 0;
    for (Index k = 0; k < 2000; ++k) right += greedy(logits.col(k)) == labels[static_cast<std::size_t>(k)];
    return right / 20;
}

}  // namespace

std::vector<Task> highway() {
    const std::string setup = "30 layers of 50, gate bias −2, SGD 0.02 with momentum 0.9, batch 64, 2000 iterations";
    return {{"highway network", setup, "> 85 % of ten classes", "learns at any depth (Srivastava et al. 2015)", 3, 1,
             [](int seeds) {
                 const auto all = for_seeds(seeds, percent_right<Highway<float>>);
                 return Outcome{"worst " + figure(std::ranges::min(all), 1) + " %", std::ranges::min(all) > 85};
             }},
            {"plain network", setup, "near 10 % (< 30 %)", "does not", 3, 0, [](int seeds) {
                 const auto all = for_seeds(seeds, percent_right<Plain>);
                 return Outcome{"best " + figure(std::ranges::max(all), 1) + " %", std::ranges::max(all) < 30};
             }}};
}

}  // namespace learning
