#pragma once

#include <string>

#include "bptt/bptt.hpp"

/// One of each layer, all small and of sizes that differ: 3 inputs, 4 units, 6 tokens.
struct Layers {
    bptt::Param<double> matrix;         // 2×3
    bptt::Linear<double> linear;        // 3 → 4
    bptt::Highway<double> highway;      // 3 → 3
    bptt::Embedding<double> embedding;  // 6 tokens → 3
    bptt::Rnn<double> rnn;              // 3 → 4, as the other cells
    bptt::Gru<double> gru;
    bptt::Lstm<double> lstm;
    bptt::LayerNormLstm<double> layer_norm_lstm;
    bptt::Stacked<bptt::Lstm<double>> stacked;  // 2 layers
    bptt::Bidirectional<bptt::Gru<double>> both;
    bptt::BahdanauAttention<double> attention;          // query 4, key 5, attention 2
    bptt::AttentionDecoder<bptt::Gru<double>> decoder;  // features 3, key 5, units 4, attention 2
    bptt::EncoderDecoder<bptt::Gru<double>> plain;      // 6 sources, 5 targets, features 3, units 4
    bptt::AttentionEncoderDecoder<bptt::Gru<double>> attentive;
    bptt::LanguageModel<bptt::Gru<double>> language;  // 5 tokens

    explicit Layers(bptt::Rng& rng);
    static void params(auto& m, auto&& f) {
        f("matrix", m.matrix), f("linear", m.linear), f("highway", m.highway), f("embedding", m.embedding), f("rnn", m.rnn);
        f("gru", m.gru), f("lstm", m.lstm), f("layer_norm_lstm", m.layer_norm_lstm), f("stacked", m.stacked), f("both", m.both),
            f("attention", m.attention);
        f("decoder", m.decoder), f("plain", m.plain), f("attentive", m.attentive), f("language", m.language);
    }
};

/// All that a call with wrong arguments might change, in the middle of a training step.
struct World {
    bptt::Rng rng{1};
    Layers layers{rng};
    bptt::Adam<double> adam;
    bptt::Tape<double> tape, other;
    bptt::Var<double> loss;  // 1×1, of layers.linear
    bptt::Tokens tokens;     // 2 sequences of 3,1
    bptt::Var<double> empty;

    World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    bptt::Var<double> var(bptt::Index rows, bptt::Index cols);
    /// On the other tape.
    bptt::Var<double> elsewhere(bptt::Index rows, bptt::Index cols);
    /// All lengths equal.
    bptt::Sequence<double> sequence(bptt::Index rows, bptt::Index batch, bptt::Index steps);

    /// Finishes the step, and gives the bits of all that there is then.
    std::string finished();
};
