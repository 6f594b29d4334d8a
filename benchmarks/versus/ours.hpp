#pragma once

#include <vector>

#include "workload.hpp"

namespace versus {

template <class L> struct Model {
    Embedding<float> embed;  // empty without one
    L rnn;
    Linear<float> head;

    Model(const Workload& w, Rng& rng)
        : embed(w.input == Input::embedding ? w.classes : 1, w.input == Input::embedding ? w.width : 1, rng),
          rnn(make(w, rng)),
          head(rnn.outputs(), w.forecast() ? 1 : w.classes, rng) {}
    BPTT_PARAMS(embed, rnn, head)

private:
    static L make(const Workload& w, Rng& rng) {
        if constexpr (requires { L(w.width, w.hidden, w.layers, rng); })
            return L(w.width, w.hidden, w.layers, rng);
        else
            return L(w.width, w.hidden, rng);
    }
};

/// A model, its data and its tape; step() is what is timed.
template <class L> class Ours {
    Rng rng_;

public:
    const Workload workload;
    Model<L> model;
    const std::vector<Index> ids;        // a rectangle, all of step 0, then all of step 1
    const Mat<float> features, targets;  // of a forecast: width × columns and 1 × batch

    Ours(const Workload& w, const Threads& threads)
        : rng_(1),
          workload(w),
          model(w, rng_),
          ids(random_ids(rng_, w)),
          features(random(w.forecast() ? w.width : 0, w.columns())),
          targets(random(w.forecast() ? 1 : 0, w.batch)),
          tokens_(ids, w.batch, w.lengths()),
          tape_(threads),
          start_(zero_state(model.rnn, w.batch)) {}

    void step() {
        tape_.clear();
        const auto y = unroll(model.rnn, input(), start_);
        const auto loss =
            workload.forecast() ? mse(model.head(final_state(y.h)), targets) : cross_entropy(model.head(y.h), tokens_);
        zero_grad(model);
        backward(loss);
        loss_ = loss.item();
        h_ = y.h;
    }
    float loss() const { return loss_; }
    /// h of all steps, and its gradient, after step().
    auto h() const { return h_.all.value(); }
    auto dh() const { return h_.all.grad(); }

private:
    static std::vector<Index> random_ids(Rng& rng, const Workload& w) {
        std::vector<Index> ids;
        for (Index k = 0; k < w.batch * w.steps; ++k) ids.push_back(rng.below(w.classes));
        return ids;
    }
    Mat<float> random(Index rows, Index columns) {
        return random_matrix<float>(rows, columns, [this] { return rng_.uniform(-1, 1); });
    }
    Sequence<float> input() {
        switch (workload.input) {
            case Input::one_hot:
                return one_hot(tape_, tokens_, workload.classes);
            case Input::embedding:
                return model.embed(tape_, tokens_);
            case Input::numbers:
                return sequence(tape_.constant(features), workload.batch);
        }
        return {};
    }
    Tokens tokens_;
    Tape<float> tape_;
    decltype(zero_state(std::declval<L&>(), Index())) start_;
    float loss_ = 0;
    Sequence<float> h_;
};

}  // namespace versus
