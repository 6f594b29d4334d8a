#include <cmath>

#include "errors/table.hpp"

using namespace bptt;

Rows live_rows() {
    return {
        {"stream", "layer", "stream: Wh: row 2, column 1 is nan, not a number below 1e37",
         [](World& w) {
             Gru<double> broken = w.layers.gru;
             broken.Wh.value(2, 1) = std::nan("");
             stream(broken);
         }},
        {"stream", "layer", "stream: the layer has 3 inputs and 4 units, not 3 and 5",
         [](World& w) { stream<3, 5>(w.layers.lstm); }},
        {"stream", "heads", "stream: head 0 has W 4x3 and b 4x1; below it are 4 numbers",
         [](World& w) { stream(w.layers.lstm, w.layers.linear); }},
        {"stream", "heads", "stream: W of head 0: row 0, column 0 is inf, not a number below 1e37",
         [](World& w) {
             Rng rng(2);
             Linear<double> head(4, 1, rng);
             head.W.value(0, 0) = INFINITY;
             stream(w.layers.lstm, Activated{head, Activation::tanh});
         }},
        {"stream", "voices", "stream: there are -1 voices, not one or more",
         [](World& w) { stream(Voices{-1}, w.layers.layer_norm_lstm); }},
        {"stream", "model", "SequenceClassifier: with attention it reads the whole sequence, and there is no stream of it",
         [](World&) {
             Rng rng(1);
             stream(SequenceClassifier<Gru<double>, Features<double>>({}, {3, 4, rng}, rng, {.classes = 2, .attention = 3}));
         }},
        {"TokenStream::set_state", "s", "Stream: h of the state is 4x2, not 4 rows and 1 columns",
         [](World& w) {
             auto live = stream(w.layers.language);
             live.set_state(zero_state(w.layers.language.layer, 2));
         }},
        {"Swappable", "first", "Stream: it was moved from",
         [](World& w) {
             auto gone = stream(w.layers.lstm);
             const auto taken = std::move(gone);
             Swappable live(std::move(gone));
         }},
        {"Swappable::prepare", "next", "Swappable::prepare: the stream has 5 units, not 4",
         [](World& w) {
             Rng rng(1);
             Swappable live(stream(w.layers.lstm, Linear<double>(4, 1, rng)));
             live.prepare(stream(Lstm<double>(3, 5, rng), Linear<double>(5, 1, rng)));
         }},
        {"Stream::set_state", "s", "Stream: c of the state is 4x2, not 4 rows and 1 columns",
         [](World& w) {
             auto live = stream(w.layers.lstm);
             auto s = live.state();
             s.c = Mat<double>::Zero(4, 2);
             live.set_state(s);
         }},
        {"Stream::set_state", "s", "for_each_field: the state has 1 layers, the other 2",
         [](World& w) {
             auto live = stream(w.layers.stacked);
             auto s = live.state();
             s.count = 1;
             live.set_state(s);
         }},
        {"TokenStream::step", "tokens", "TokenStream: token 5 is outside 0..4",
         [](World& w) {
             auto live = stream(w.layers.language);
             auto s = zero_state(w.layers.language.layer, 1);
             const std::vector<Index> tokens{5};
             live.step(tokens, s);
         }},
        {"TokenStream::step", "s", "TokenStream: h of the state is 4x1, and there are 2 tokens",
         [](World& w) {
             auto live = stream(w.layers.language);
             auto s = zero_state(w.layers.language.layer, 1);
             const std::vector<Index> tokens{1, 2};
             live.step(tokens, s);
         }},
    };
}
