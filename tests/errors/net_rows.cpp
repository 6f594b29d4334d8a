#include "errors/table.hpp"

using namespace bptt;

namespace {

/// Zeros to start from.
auto start(World& w, const auto& layer, Index batch) { return lift(w.tape, zero_state(layer, batch)); }
constexpr const char* too_wide = "unroll: the input is 2x6, the cell reads 3 features";

/// A cell whose step() does not give what it should.
struct Shrinking {
    using Scalar = double;
    template <class V> using State = HiddenState<V>;
    static void params(auto&, auto&&) {}
    Index units() const { return 4; }
    State<Var<double>> step(Var<double>, State<Var<double>> s) const { return {rows(s.h, 0, 2)}; }
};

Stacked<Lstm<double>> moved_from() {
    Rng rng(2);
    Stacked<Lstm<double>> stack(3, 4, 2, rng);
    const auto taken = std::move(stack);
    return stack;
}

}  // namespace

Rows net_rows() {
    return {
        {"Linear", "inputs", "Linear: inputs is 0, outputs is 2; both must be positive",
         [](World& w) { Linear<double>(0, 2, w.rng); }},
        {"Linear", "outputs", "Linear: inputs is 3, outputs is -2", [](World& w) { Linear<double>(3, -2, w.rng); }},
        {"Linear::operator()", "y", "Linear: x is 4x2, W is 4x3",
         [](World& w) { w.layers.linear(HiddenState<Var<double>>{w.var(4, 2)}); }},
        {"Linear::operator()", "x", "Linear: x is 4x5, W is 4x3", [](World& w) { w.layers.linear(w.var(4, 5)); }},
        {"Linear::operator()", "x", "Linear: x is 2x6, W is 4x3", [](World& w) { w.layers.linear(w.sequence(2, 2, 3)); }},
        {"Linear::operator()", "x", no_layout, [](World& w) { w.layers.linear(Sequence<double>{w.var(3, 6)}); }},
        {"Linear::operator()", "x", "Linear: W is 2x3, b is 3x1",
         [](World& w) {
             Rng rng(2);
             Linear<double> misshapen(3, 2, rng);
             misshapen.b = Param<double>(3, 1);
             misshapen(w.var(3, 4));
         }},
        {"Highway", "features", "Highway: features is 0, not positive", [](World& w) { Highway<double>(0, w.rng); }},
        {"Highway::operator()", "x", "Highway: x is 4x5, Wh is 3x3", [](World& w) { w.layers.highway(w.var(4, 5)); }},
        {"Highway::operator()", "x", "Highway: x is 2x6, Wh is 3x3", [](World& w) { w.layers.highway(w.sequence(2, 2, 3)); }},
        {"LayerNorm", "features", "LayerNorm: features is 0, not positive", [](World&) { LayerNorm<double>(0); }},
        {"LayerNorm", "how", "LayerNorm: epsilon is -1, not finite and positive",
         [](World&) { LayerNorm<double>(3, {.epsilon = -1}); }},
        {"LayerNorm::operator()", "x", "LayerNorm: x is 4x5, g is 3x1",
         [](World& w) {
             const LayerNorm<double> layer(3);
             layer(w.var(4, 5));
         }},
        {"Embedding", "tokens", "Embedding: tokens is 0, features is 3; both must be positive",
         [](World& w) { Embedding<double>(0, 3, w.rng); }},
        {"Embedding", "features", "Embedding: tokens is 6, features is -1", [](World& w) { Embedding<double>(6, -1, w.rng); }},
        {"Embedding::operator()", "tokens", "Embedding: token 6 is outside 0..5 of 2 sequences of 1",
         [](World& w) {
             w.layers.embedding(w.tape, Tokens({5, 6}, 2));
         }},
        {"Embedding::operator()", "tokens", "Embedding: the tokens are a batch of no sequences",
         [](World& w) { w.layers.embedding(w.tape, Tokens()); }},
        {"Embedding::operator()", "tokens", "Embedding: token -1 is outside 0..5",
         [](World& w) { w.layers.embedding(w.tape, Tokens({-1}, 1)); }},
        {"one_hot", "tokens, classes", "one_hot: token 4 is outside 0..3 of 2 sequences of 3,1",
         [](World& w) { one_hot(w.tape, w.tokens, 4); }},
        {"one_hot", "classes", "one_hot: there are 0 classes", [](World& w) { one_hot(w.tape, w.tokens, 0); }},
        {"InitialState::operator()", "batch", "InitialState: batch is 0, not positive",
         [](World& w) { InitialState<Gru<double>>(w.layers.gru)(w.tape, 0); }},

        {"unroll", "xs", too_wide, [](World& w) { unroll(w.layers.gru, w.sequence(2, 2, 3), start(w, w.layers.gru, 2)); }},
        {"unroll", "xs, layer", "unroll: the input is 6x4, the cell reads 3 features",
         [](World& w) { unroll(w.layers.gru, one_hot(w.tape, w.tokens, 6)); }},
        {"unroll", "xs", "unroll: the input is 2x4, the cell reads 3 features",
         [](World& w) {
             Rng rng(2);
             const Embedding<double> narrow(6, 2, rng);
             unroll(w.layers.gru, narrow(w.tape, w.tokens));
         }},
        {"unroll", "xs, s0",
         "unroll: h of the state s0 is 4x3, the cell has 4 units, the input is 2 sequences of 3,1; columns(carry, ",
         [](World& w) { unroll(w.layers.gru, w.layers.embedding(w.tape, w.tokens), zero_state(w.layers.gru, 3)); }},
        {"unroll", "layer, s0", "unroll: h of the state s0 is 5x2, the cell has 4 units",
         [](World& w) { unroll(w.layers.gru, w.sequence(3, 2, 3), HiddenState<Mat<double>>{Mat<double>::Zero(5, 2)}); }},
        {"unroll", "s0", "unroll: h of the state s0 is empty",
         [](World& w) { unroll(w.layers.gru, w.sequence(3, 2, 3), HiddenState<Var<double>>()); }},
        {"unroll", "cell", "unroll: step() gave h as 2x2, not 4x2",
         [](World& w) { unroll(Shrinking(), w.sequence(3, 2, 3), {w.var(4, 2)}); }},
        {"unroll", "xs", no_layout, [](World& w) { unroll(w.layers.gru, {w.var(3, 6)}, start(w, w.layers.gru, 2)); }},
        {"unroll", "xs, s0", "unroll: h of the state s0 is 4x3, the cell has 4 units, the input is 2 sequences of 3",
         [](World& w) { unroll(w.layers.gru, w.sequence(3, 2, 3), start(w, w.layers.gru, 3)); }},
        {"unroll", "s0", "unroll: c of the state s0 is 3x2, the cell has 4 units, the input is 2 sequences of 3",
         [](World& w) {
             unroll(w.layers.lstm, w.sequence(3, 2, 3), {w.var(4, 2), w.var(3, 2)});
         }},
        {"unroll", "s0", "unroll: c of the state s0 is empty",
         [](World& w) {
             unroll(w.layers.lstm, w.sequence(3, 2, 3), {w.var(4, 2), w.empty});
         }},
        {"unroll", "s0", "unroll: c of the state s0 is on another tape than the input",
         [](World& w) {
             unroll(w.layers.lstm, w.sequence(3, 2, 3), {w.var(4, 2), w.elsewhere(4, 2)});
         }},
        {"unroll", "stack", "unroll: the stack has no layers",
         [](World& w) {
             const auto stack = moved_from();
             unroll(stack, w.sequence(3, 2, 3), start(w, w.layers.stacked, 2));
         }},
        {"unroll", "stack, s0", "unroll: s0 has 1 layers, the stack 2",
         [](World& w) {
             StateOf<Stacked<Lstm<double>>, Var<double>> s0;
             s0.push_back({w.var(4, 2), w.var(4, 2)});
             unroll(w.layers.stacked, w.sequence(3, 2, 3), s0);
         }},
        {"unroll", "xs", too_wide,
         [](World& w) { unroll(w.layers.stacked, w.sequence(2, 2, 3), start(w, w.layers.stacked, 2)); }},
        {"unroll", "xs", too_wide, [](World& w) { unroll(w.layers.both, w.sequence(2, 2, 3), start(w, w.layers.both, 2)); }},
        {"unroll", "both, s0", "unroll: h of the state s0 is 4x1, the cell has 4 units, the input is 2 sequences of 3",
         [](World& w) {
             unroll(w.layers.both, w.sequence(3, 2, 3), {{w.var(4, 2)}, {w.var(4, 1)}});
         }},
        {"unroll_steps", "xs", too_wide,
         [](World& w) { unroll_steps(w.layers.rnn, w.sequence(2, 2, 3), start(w, w.layers.rnn, 2)); }},
        {"unroll_steps", "s0", "unroll: h of the state s0 is 3x2, the cell has 4 units",
         [](World& w) { unroll_steps(w.layers.rnn, w.sequence(3, 2, 3), {w.var(3, 2)}); }},
        {"unroll_steps", "cell", "unroll: step() gave h as 2x2, not 4x2",
         [](World& w) { unroll_steps(Shrinking(), w.sequence(3, 2, 3), {w.var(4, 2)}); }},

        {"Stacked", "inputs", "Lstm: inputs is 0, units is 4", [](World& w) { Stacked<Lstm<double>>(0, 4, 2, w.rng); }},
        {"Stacked", "units", "Lstm: inputs is 3, units is -4", [](World& w) { Stacked<Lstm<double>>(3, -4, 2, w.rng); }},
        {"Stacked", "depth", "Stacked: depth is 17, outside 1..16", [](World& w) { Stacked<Lstm<double>>(3, 4, 17, w.rng); }},
        {"Stacked", "depth", "Stacked: depth is 0, outside 1..16", [](World& w) { Stacked<Lstm<double>>(3, 4, 0, w.rng); }},
        {"Stacked", "options", "Stacked: dropout is 1.5, outside 0..1",
         [](World& w) { Stacked<Lstm<double>>(3, 4, 2, w.rng, {.dropout = 1.5}); }},
        {"Stacked", "finished", "Stacked: layer 1 reads 3 features, the one below has 4",
         [](World& w) {
             Stacked<Lstm<double>>({w.layers.lstm, w.layers.lstm});
         }},
        {"Stacked", "finished", "Stacked: depth is 0, outside 1..16",
         [](World&) { Stacked<Lstm<double>>(std::vector<Lstm<double>>()); }},
        {"Stacked::inputs", "", "Stacked: it has no layers", [](World&) { moved_from().inputs(); }},
        {"Stacked::outputs", "", "Stacked: it has no layers", [](World&) { moved_from().outputs(); }},
        {"Stacked::zero_state", "batch", "zero_state: batch is -1", [](World& w) { w.layers.stacked.zero_state(-1); }},
        {"Bidirectional", "inputs", "Gru: inputs is 0, units is 4", [](World& w) { Bidirectional<Gru<double>>(0, 4, w.rng); }},
        {"Bidirectional", "units", "Gru: inputs is 3, units is 0", [](World& w) { Bidirectional<Gru<double>>(3, 0, w.rng); }},
        {"Bidirectional", "ahead, back", "Bidirectional: forward reads 3 features, backward 5",
         [](World& w) {
             Rng rng(2);
             Bidirectional<Gru<double>>(w.layers.gru, {5, 4, rng});
         }},
        {"Bidirectional::zero_state", "batch", "zero_state: batch is -1", [](World& w) { w.layers.both.zero_state(-1); }},
    };
}
