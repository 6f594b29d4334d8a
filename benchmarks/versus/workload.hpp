#pragma once

#include <string>
#include <vector>

#include <bptt/bptt.hpp>

// What is measured: a step of a language model over 65 characters. Forward, loss, backward to all gradients; no optimiser.

namespace versus {

using namespace bptt;

inline constexpr Index vocabulary = 65;

enum class Kind { lstm, gru, rnn };

struct Workload {
    std::string name;
    Kind kind;
    Index layers, hidden, batch, steps;
    bool both_ways = false;  // and of unequal lengths: ⌈steps (i + 1) / batch⌉, mixed
    bool embedding = false;  // else one-hot characters

    Index gates() const { return kind == Kind::lstm ? 4 : kind == Kind::gru ? 3 : 1; }
    std::vector<Index> lengths() const {
        std::vector<Index> all;
        if (both_ways)
            for (Index i = 0; i < batch; ++i) all.push_back((steps * ((i * 13) % batch + 1) + batch - 1) / batch);
        return all;
    }
    Index columns() const {
        if (!both_ways) return batch * steps;
        Index total = 0;
        for (const Index n : lengths()) total += n;
        return total;
    }
    /// What no implementation can do without: the input is a gather; a product of the forward pass comes with two more.
    double useful_gflop() const {
        const Index directions = both_ways ? 2 : 1;
        const Index weights = directions * gates() * hidden * hidden * (2 * layers - 1) + directions * vocabulary * hidden;
        return 6e-9 * static_cast<double>(weights * columns());
    }
};

inline const std::vector<Workload> workloads{{"W1 LSTM 2×128, batch 50, steps 50", Kind::lstm, 2, 128, 50, 50},
                                             {"W1 with an embedding", Kind::lstm, 2, 128, 50, 50, false, true},
                                             {"W2 LSTM 512, batch 64, steps 64", Kind::lstm, 1, 512, 64, 64},
                                             {"W3 GRU 256, batch 32, steps 100", Kind::gru, 1, 256, 32, 100},
                                             {"W4 tanh RNN 256, batch 32, steps 100", Kind::rnn, 1, 256, 32, 100},
                                             {"W5 both ways LSTM 256, lengths 4–100", Kind::lstm, 1, 256, 32, 100, true},
                                             {"W6 LSTM 32, batch 1, steps 1000", Kind::lstm, 1, 32, 1, 1000}};

template <class L> struct Model {
    Embedding<float> embed;  // empty without one
    L rnn;
    Linear<float> head;

    Model(const Workload& w, Rng& rng)
        : embed(w.embedding ? vocabulary : 1, w.embedding ? vocabulary : 1, rng),
          rnn(make(w, rng)),
          head(rnn.outputs(), vocabulary, rng) {}
    BPTT_PARAMS(embed, rnn, head)

private:
    static L make(const Workload& w, Rng& rng) {
        if constexpr (requires { L(vocabulary, w.hidden, w.layers, rng); })
            return L(vocabulary, w.hidden, w.layers, rng);
        else
            return L(vocabulary, w.hidden, rng);
    }
};

/// A model, its data and its tape; step() is what is timed.
template <class L> class Ours {
    Rng rng_;

public:
    const Workload workload;
    Model<L> model;
    const std::vector<Index> ids;  // a rectangle, all of step 0, then all of step 1

    Ours(const Workload& w, const Threads& threads)
        : rng_(1),
          workload(w),
          model(w, rng_),
          ids(random_ids(rng_, w)),
          tokens_(ids, w.batch, w.lengths()),
          tape_(threads),
          start_(zero_state(model.rnn, w.batch)) {}

    void step() {
        tape_.clear();
        const auto x = workload.embedding ? model.embed(tape_, tokens_) : one_hot(tape_, tokens_, vocabulary);
        const auto y = unroll(model.rnn, x, start_);
        const auto loss = cross_entropy(model.head(y.h), tokens_);
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
        for (Index k = 0; k < w.batch * w.steps; ++k) ids.push_back(rng.below(vocabulary));
        return ids;
    }
    Tokens tokens_;
    Tape<float> tape_;
    decltype(zero_state(std::declval<L&>(), Index())) start_;
    float loss_ = 0;
    Sequence<float> h_;
};

}  // namespace versus
