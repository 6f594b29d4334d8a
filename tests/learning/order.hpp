#pragma once

#include "train.hpp"

namespace learning {

/// A batch of temporal order: T symbols of E, B, a, b, c, d, X, Y (0 to 7), E first and B last, distractors between; one of X,
/// Y in the second tenth, another in the fifth.
struct Order {
    Tokens symbols;
    std::vector<Index> classes;

    Order(Index T, Index batch, Rng& rng) {
        std::vector<Index> ids(static_cast<std::size_t>(T * batch));
        const auto at = [&](Index t, Index b) -> Index& { return ids[static_cast<std::size_t>(t * batch + b)]; };
        for (Index b = 0; b < batch; ++b) {
            for (Index t = 0; t < T; ++t) at(t, b) = 2 + rng.below(4);
            at(0, b) = 0, at(T - 1, b) = 1;
            const Index first = rng.below(2), second = rng.below(2), early = T / 10 + rng.below(T / 10);
            at(early, b) = 6 + first;
            at(4 * T / 10 + rng.below(T / 10), b) = 6 + second;
            classes.push_back(2 * first + second);
        }
        symbols = Tokens(ids, batch);
    }
    template <class Cell> Var<float> logits(const Model<Cell>& model, Tape<float>& tape) const {
        return last_output(model, one_hot(tape, symbols, 8));
    }
    double accuracy(const Mat<float>& logits) const {
        double right = 0;
        for (Index k = 0; const Index c : classes) right += greedy(logits.col(k++)) == c;
        return right / static_cast<double>(classes.size());
    }
};

}  // namespace learning
