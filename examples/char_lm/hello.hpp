#pragma once

#include <cstdio>

#include "model.hpp"

namespace char_lm {

/// Learns "hello" by teacher forcing: after h, e, l, l come e, l, l, o. Which of two l's it is, only the state knows.
inline void hello(std::uint64_t seed) {
    const std::string inputs = "hell", targets = "ello";
    const Vocabulary vocabulary("helo");
    const Tokens x(vocabulary.encode(inputs), 1), next(vocabulary.encode(targets), 1);
    Rng rng(seed);
    auto model = Setup{.layers = 1, .units = 8, .vocabulary = vocabulary}.model<Lstm<float>>(rng);
    Adam<float> adam({.rate = 0.05});
    Tape<float> tape;
    const auto logits = [&] {
        tape.clear();
        return model.head(model(tape, x));
    };
    for (int k = 0; k < 200; ++k) {
        const auto loss = cross_entropy(logits(), next);
        zero_grad(model);
        backward(loss);
        adam.step(model);
    }
    const Var<float> p = softmax(logits().all);
    std::printf("      ");
    for (Index c = 0; c < vocabulary.size(); ++c) std::printf("  P(%s)", vocabulary[c].c_str());
    for (Index t = 0; t < p.cols(); ++t) {
        std::printf("\n%.*s%*s", static_cast<int>(t + 1), inputs.c_str(), static_cast<int>(5 - t), "");
        for (Index c = 0; c < p.rows(); ++c) std::printf("  %.2f", static_cast<double>(p.value()(c, t)));
        std::printf("   next: %c", targets[static_cast<std::size_t>(t)]);
    }
    std::printf("\n");
}

}  // namespace char_lm
