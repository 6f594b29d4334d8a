#include "errors/table.hpp"

using namespace bptt;

Rows cell_rows() {
    return {
        {"Rnn", "inputs", "Rnn: inputs is 0, units is 4; both must be positive", [](World& w) { Rnn<double>(0, 4, w.rng); }},
        {"Rnn", "units", "Rnn: inputs is 3, units is -1", [](World& w) { Rnn<double>(3, -1, w.rng); }},
        {"Gru", "inputs", "Gru: inputs is -3, units is 4", [](World& w) { Gru<double>(-3, 4, w.rng); }},
        {"Gru", "units", "Gru: inputs is 3, units is 0", [](World& w) { Gru<double>(3, 0, w.rng); }},
        {"Lstm", "inputs", "Lstm: inputs is 0, units is 4", [](World& w) { Lstm<double>(0, 4, w.rng); }},
        {"Lstm", "units", "Lstm: inputs is 3, units is 0", [](World& w) { Lstm<double>(3, 0, w.rng); }},
        {"LayerNormLstm", "inputs", "LayerNormLstm: inputs is 0, units is 4",
         [](World& w) { LayerNormLstm<double>(0, 4, w.rng); }},
        {"LayerNormLstm", "units", "LayerNormLstm: inputs is 3, units is 0",
         [](World& w) { LayerNormLstm<double>(3, 0, w.rng); }},
        {"LayerNormLstm::step", "x", "LayerNormLstm: x is 5x2, Wx is 16x3",
         [](World& w) {
             w.layers.layer_norm_lstm.step(w.var(5, 2), {w.var(4, 2), w.var(4, 2)});
         }},
        {"LayerNormLstm::step", "s", "LayerNormLstm: c of the state is 4x3, not 4x2; x is 3x2",
         [](World& w) {
             w.layers.layer_norm_lstm.step(w.var(3, 2), {w.var(4, 2), w.var(4, 3)});
         }},
        {"LayerNormLstm::gates", "x", "LayerNormLstm: x is 4x2, Wx is 16x3",
         [](World& w) {
             w.layers.layer_norm_lstm.gates(w.var(4, 2), {w.var(4, 2), w.var(4, 2)});
         }},
        {"LayerNormLstm::gates", "s", "LayerNormLstm: h of the state is 3x2, not 4x2; x is 3x2",
         [](World& w) {
             w.layers.layer_norm_lstm.gates(w.var(3, 2), {w.var(3, 2), w.var(4, 2)});
         }},
        {"LayerNormLstm::update", "gate", "a % b: a is 3x2, b is 4x2",
         [](World& w) {
             w.layers.layer_norm_lstm.update({w.var(4, 2), w.var(3, 2), w.var(4, 2), w.var(4, 2)}, {w.var(4, 2), w.var(4, 2)});
         }},
        {"LayerNormLstm::update", "s", "a % b: a is 4x2, b is 3x2",
         [](World& w) {
             w.layers.layer_norm_lstm.update({w.var(4, 2), w.var(4, 2), w.var(4, 2), w.var(4, 2)}, {w.var(4, 2), w.var(3, 2)});
         }},

        {"Rnn::step", "x", "Rnn: x is 2x5, Wx is 4x3", [](World& w) { w.layers.rnn.step(w.var(2, 5), hidden(w.var(4, 5))); }},
        {"Rnn::step", "s", "Rnn: h of the state is 3x5, not 4x5; x is 3x5",
         [](World& w) { w.layers.rnn.step(w.var(3, 5), hidden(w.var(3, 5))); }},
        {"Rnn::step", "x, s", "Rnn: h of the state is 4x2, not 4x5; x is 3x5",
         [](World& w) { w.layers.rnn.step(w.var(3, 5), hidden(w.var(4, 2))); }},
        {"Rnn::step", "x, s", "Rnn: h of the state is on another tape than x",
         [](World& w) { w.layers.rnn.step(w.var(3, 5), hidden(w.elsewhere(4, 5))); }},
        {"Gru::step", "x", "Gru: x is 2x5, Wx is 12x3", [](World& w) { w.layers.gru.step(w.var(2, 5), hidden(w.var(4, 5))); }},
        {"Gru::step", "s", "Gru: h of the state is 4x1, not 4x5; x is 3x5",
         [](World& w) { w.layers.gru.step(w.var(3, 5), hidden(w.var(4, 1))); }},
        {"Gru::gates", "x", "Gru: x is 4x5, Wx is 12x3",
         [](World& w) { w.layers.gru.gates(w.var(4, 5), hidden(w.var(4, 5))); }},
        {"Gru::gates", "s", "Gru: h of the state is 5x5, not 4x5; x is 3x5",
         [](World& w) { w.layers.gru.gates(w.var(3, 5), hidden(w.var(5, 5))); }},
        {"Lstm::step", "x", "Lstm: x is 5x2, Wx is 16x3",
         [](World& w) {
             w.layers.lstm.step(w.var(5, 2), {w.var(4, 2), w.var(4, 2)});
         }},
        {"Lstm::step", "s", "Lstm: h of the state is 5x2, not 4x2; x is 3x2",
         [](World& w) {
             w.layers.lstm.step(w.var(3, 2), {w.var(5, 2), w.var(4, 2)});
         }},
        {"Lstm::step", "s", "Lstm: c of the state is 4x3, not 4x2; x is 3x2",
         [](World& w) {
             w.layers.lstm.step(w.var(3, 2), {w.var(4, 2), w.var(4, 3)});
         }},
        {"Lstm::step", "s", "Lstm: c of the state is on another tape than x",
         [](World& w) {
             w.layers.lstm.step(w.var(3, 2), {w.var(4, 2), w.elsewhere(4, 2)});
         }},
        {"Lstm::gates", "x", "Lstm: x is 4x2, Wx is 16x3",
         [](World& w) {
             w.layers.lstm.gates(w.var(4, 2), {w.var(4, 2), w.var(4, 2)});
         }},
        {"Lstm::gates", "s", "Lstm: c of the state is 3x2, not 4x2; x is 3x2",
         [](World& w) {
             w.layers.lstm.gates(w.var(3, 2), {w.var(4, 2), w.var(3, 2)});
         }},
        {"Gru::update", "gate", "a % b: a is 4x5, b is 3x5",
         [](World& w) {
             w.layers.gru.update({w.var(4, 5), w.var(4, 5), w.var(3, 5)}, hidden(w.var(4, 5)));
         }},
        {"Gru::update", "gate, s", "a % b: a is 4x5, b is 3x5",
         [](World& w) {
             w.layers.gru.update({w.var(4, 5), w.var(4, 5), w.var(4, 5)}, hidden(w.var(3, 5)));
         }},
        {"Lstm::update", "gate", "a % b: a is 3x2, b is 4x2",
         [](World& w) {
             const auto x = w.var(4, 2);
             w.layers.lstm.update({x, x, x, w.var(3, 2), x}, {x, x});
         }},
        {"zero_state", "batch", "zero_state: batch is -1, not 0 or more", [](World& w) { zero_state(w.layers.gru, -1); }},
        {"zero_state", "batch", "zero_state: batch is -2, not 0 or more", [](World& w) { zero_state(w.layers.stacked, -2); }},
    };
}
