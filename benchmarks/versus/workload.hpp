#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include <bptt/bptt.hpp>

// What is measured: a training step. Forward, loss, backward to all gradients; no optimiser.

namespace versus {

using namespace bptt;

enum class Kind { lstm, gru, rnn };
/// What the layer reads: one-hot columns of classes, an embedding of them, or plain numbers. Classes: a language model, with a
/// loss at each step. Numbers: a forecast, whose loss is that of one number, made of the last state alone.
enum class Input { one_hot, embedding, numbers };

struct Workload {
    std::string name;
    Kind kind;
    Index layers, hidden, batch, steps;
    Input input = Input::one_hot;
    Index classes = 65;
    Index width = classes;   // of the layer's input
    bool both_ways = false;  // and of unequal lengths: ⌈steps (i + 1) / batch⌉, mixed

    bool forecast() const { return input == Input::numbers; }
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
    /// What no implementation can do without: a product of the forward pass comes with two more, but with one where its input
    /// needs no gradient. That of fewer classes than columns is a gather.
    double useful_gflop() const {
        const Index directions = both_ways ? 2 : 1;
        const Index recurrent = directions * gates() * hidden * hidden * (2 * layers - 1);
        const Index first = classes < columns() && !forecast() ? 0 : directions * gates() * hidden * width;
        const Index head = forecast() ? 0 : directions * classes * hidden;
        const Index products = 3 * (recurrent + head) + (forecast() ? 2 : 3) * first;
        return 2e-9 * static_cast<double>(products * columns());
    }
};

inline const std::vector<Workload> workloads{
    {"W1 LSTM 2×128, batch 50, steps 50", Kind::lstm, 2, 128, 50, 50},
    {"W1 with an embedding", Kind::lstm, 2, 128, 50, 50, Input::embedding},
    {"W2 LSTM 512, batch 64, steps 64", Kind::lstm, 1, 512, 64, 64},
    {"W3 GRU 256, batch 32, steps 100", Kind::gru, 1, 256, 32, 100},
    {"W4 tanh RNN 256, batch 32, steps 100", Kind::rnn, 1, 256, 32, 100},
    {"W5 both ways LSTM 256, lengths 4–100", Kind::lstm, 1, 256, 32, 100, Input::one_hot, 65, 65, true},
    {"W6 LSTM 32, batch 1, steps 1000", Kind::lstm, 1, 32, 1, 1000},
    {"W7 words: LSTM 256, 10,000 classes, batch 32, steps 35", Kind::lstm, 1, 256, 32, 35, Input::embedding, 10'000, 256},
    {"W8 forecast: GRU 64, 8 features, batch 64, steps 100", Kind::gru, 1, 64, 64, 100, Input::numbers, 65, 8}};

/// Calls f(type_identity) with the layer that the workload is made of.
void with_layer(const Workload& w, const auto& f) {
    if (w.kind == Kind::gru)
        f(std::type_identity<Gru<float, Reset::after>>());
    else if (w.kind == Kind::rnn)
        f(std::type_identity<Rnn<float>>());
    else if (w.both_ways)
        f(std::type_identity<Bidirectional<Lstm<float>>>());
    else if (w.layers > 1)
        f(std::type_identity<Stacked<Lstm<float>>>());
    else
        f(std::type_identity<Lstm<float>>());
}

}  // namespace versus
