#include "errors/table.hpp"

using namespace bptt;

namespace {

using Attention = BahdanauAttention<double>;
using Decoder = AttentionDecoder<Gru<double>>;

/// Of 2 sources of 3 steps.
Attention::Memory memory(World& w) { return w.layers.attention.memory(w.sequence(5, 2, 3)); }
Decoder::Bound bound(World& w) { return w.layers.decoder.over(w.layers.decoder.attention.memory(w.sequence(5, 2, 3))); }
constexpr Index third[] = {0, 2}, negative[] = {-1};

}  // namespace

Rows attention_rows() {
    return {
        {"BahdanauAttention", "query", "BahdanauAttention: query is 0, key is 5, attention is 2; all must be positive",
         [](World& w) { Attention(0, 5, 2, w.rng); }},
        {"BahdanauAttention", "key", "BahdanauAttention: query is 4, key is -5, attention is 2",
         [](World& w) { Attention(4, -5, 2, w.rng); }},
        {"BahdanauAttention", "attention", "BahdanauAttention: query is 4, key is 5, attention is 0",
         [](World& w) { Attention(4, 5, 0, w.rng); }},
        {"BahdanauAttention::memory", "keys", "BahdanauAttention: keys are 4x6, U is 2x5",
         [](World& w) { w.layers.attention.memory(w.sequence(4, 2, 3)); }},
        {"BahdanauAttention::memory", "keys", no_layout, [](World& w) { w.layers.attention.memory({w.var(5, 6)}); }},
        {"BahdanauAttention::memory", "keys, queries",
         "BahdanauAttention: keys are 2 sequences of 3, queries are 3 sequences of 2",
         [](World& w) {
             w.layers.attention.memory(w.sequence(5, 2, 3), Layout{3, 2});
         }},
        {"BahdanauAttention::operator()", "query", "BahdanauAttention: the query is 3x2, W is 2x4, there are 2 sources",
         [](World& w) { w.layers.attention(w.var(3, 2), memory(w)); }},
        {"BahdanauAttention::operator()", "query, m", "BahdanauAttention: the query is 4x3, W is 2x4, there are 2 sources",
         [](World& w) { w.layers.attention(w.var(4, 3), memory(w)); }},
        {"BahdanauAttention::recall", "stored, sources", "BahdanauAttention: source 2 of 2",
         [](World& w) { w.layers.attention.recall(w.tape, w.layers.attention.store(memory(w)), third); }},
        {"BahdanauAttention::recall", "sources", "BahdanauAttention: source -1 of 2",
         [](World& w) { w.layers.attention.recall(w.tape, w.layers.attention.store(memory(w)), negative); }},
        {"BahdanauAttention::store", "m", "Var: this variable is empty", [](World& w) { w.layers.attention.store({}); }},

        {"AttentionDecoder", "features", "AttentionDecoder: features is 0, key is 5, units is 4, attention_units is 2",
         [](World& w) { Decoder(0, 5, 4, 2, w.rng); }},
        {"AttentionDecoder", "key", "AttentionDecoder: features is 3, key is -1, units is 4, attention_units is 2",
         [](World& w) { Decoder(3, -1, 4, 2, w.rng); }},
        {"AttentionDecoder", "units", "AttentionDecoder: features is 3, key is 5, units is 0, attention_units is 2",
         [](World& w) { Decoder(3, 5, 0, 2, w.rng); }},
        {"AttentionDecoder", "attention_units", "AttentionDecoder: features is 3, key is 5, units is 4, attention_units is 0",
         [](World& w) { Decoder(3, 5, 4, 0, w.rng); }},
        {"AttentionDecoder::Bound::zero_state", "batch", "zero_state: batch is -1, not 0 or more",
         [](World& w) { bound(w).zero_state(-1); }},
        {"AttentionDecoder::Bound::start", "s", "Var: this variable is empty",
         [](World& w) { bound(w).start(hidden(w.empty)); }},
        {"unroll", "layer, xs",
         "BahdanauAttention: the memory's 2 sources are not in the order of the input, 2 sequences of 1,3",
         [](World& w) {
             unroll(bound(w), sequence(w.var(3, 6), 2, {1, 3}));
         }},
        {"AttentionDecoder::Bound::step", "y, s", "AttentionDecoder: y is 3x1, h of the state is 4x2",
         [](World& w) { bound(w).step(w.var(3, 1), bound(w).start(hidden(w.var(4, 2)))); }},
        {"AttentionDecoder::Bound::step", "y", "Gru: x is 7x2, Wx is 12x8",
         [](World& w) { bound(w).step(w.var(2, 2), bound(w).start(hidden(w.var(4, 2)))); }},
        {"AttentionDecoder::Bound::step", "s", "BahdanauAttention: the query is 3x2, W is 2x4, there are 2 sources",
         [](World& w) { bound(w).step(w.var(3, 2), bound(w).start(hidden(w.var(3, 2)))); }},

        {"unroll", "decoder, ys, keys", "unroll: the input is 3 sequences of 2, the keys are 2 sequences of 3",
         [](World& w) { unroll(w.layers.decoder, w.sequence(3, 3, 2), hidden(w.var(4, 3)), w.sequence(5, 2, 3)); }},
        {"unroll", "ys", "unroll: the input is 2x6, the cell reads 3 features",
         [](World& w) { unroll(w.layers.decoder, w.sequence(2, 2, 3), hidden(w.var(4, 2)), w.sequence(5, 2, 3)); }},
        {"unroll", "ys", no_layout,
         [](World& w) { unroll(w.layers.decoder, {w.var(3, 6)}, hidden(w.var(4, 2)), w.sequence(5, 2, 3)); }},
        {"unroll", "keys", "BahdanauAttention: keys are 4x6, U is 2x5",
         [](World& w) { unroll(w.layers.decoder, w.sequence(3, 2, 3), hidden(w.var(4, 2)), w.sequence(4, 2, 3)); }},
        {"unroll", "keys", "unroll: the keys are on another tape than the input",
         [](World& w) { unroll(w.layers.decoder, w.sequence(3, 2, 3), hidden(w.var(4, 2)), sequence(w.elsewhere(5, 6), 2)); }},
        {"unroll", "ys, s0", "unroll: h of the state s0 is 4x3, the cell has 4 units, the input is 2 sequences of 3",
         [](World& w) { unroll(w.layers.decoder, w.sequence(3, 2, 3), hidden(w.var(4, 3)), w.sequence(5, 2, 3)); }},
        {"unroll", "s0", "unroll: h of the state s0 is on another tape than the input",
         [](World& w) { unroll(w.layers.decoder, w.sequence(3, 2, 3), hidden(w.elsewhere(4, 2)), w.sequence(5, 2, 3)); }},
    };
}
