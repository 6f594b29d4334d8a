#include "errors/table.hpp"

using namespace bptt;

namespace {

Sequence<double> bare(World& w) { return {w.var(3, 6)}; }
/// One step less than its layout says.
Sequence<double> short_of(World& w) {
    auto x = w.sequence(3, 2, 3);
    x.all = cols(x.all, 0, 4);
    return x;
}
Sequence<double> rising(World& w) { return sequence(w.var(3, 6), 2, {1, 3}); }
/// What unroll() gives.
HiddenState<Sequence<double>> trajectory(World& w) {
    return unroll(w.layers.gru, w.sequence(3, 2, 3), zero_state(w.layers.gru, 2));
}
using Stack = StateArray<HiddenState<Mat<double>>>;
Stack layers(Index n) {
    Stack s;
    while (s.count < n) s.push_back({Mat<double>::Ones(2, 2)});
    return s;
}

}  // namespace

Rows sequence_rows() {
    return {
        {"sequence", "x", "Var: this variable is empty", [](World& w) { sequence(w.empty, 2); }},
        {"sequence", "batch", "sequence: batch is 0, not positive", [](World& w) { sequence(w.var(3, 6), 0); }},
        {"sequence", "x, batch", "sequence: 6 columns do not divide into a batch of 4",
         [](World& w) { sequence(w.var(3, 6), 4); }},
        {"sequence", "lengths", "sequence: 3 lengths for a batch of 2",
         [](World& w) {
             sequence(w.var(3, 6), 2, {1, 2, 3});
         }},
        {"sequence", "lengths", "sequence: the length of sequence 1 is 4, outside 0..3",
         [](World& w) {
             sequence(w.var(3, 6), 2, {3, 4});
         }},
        {"Sequence::of", "sequences", "Sequence::of: batch is 0, not positive",
         [](World& w) { Sequence<double>::of(w.tape, {}); }},
        {"Sequence::of", "sequences", "Sequence::of: sequence 0 is 3x2, sequence 1 is 2x4; each is features x its own steps",
         [](World& w) {
             Sequence<double>::of(w.tape, {Mat<double>::Ones(3, 2), Mat<double>::Ones(2, 4)});
         }},
        {"layout_of", "x", no_layout, [](World& w) { layout_of(bare(w)); }},
        {"layout_of", "x", "Sequence: all is 3x4, the layout is 2 sequences of 3", [](World& w) { layout_of(short_of(w)); }},
        {"detach", "x", no_layout, [](World& w) { detach(bare(w)); }},
        {"detach", "x", "Sequence: all is 3x4, the layout is 2 sequences of 3", [](World& w) { detach(short_of(w)); }},
        {"padded", "x", "Sequence: all is 3x4, the layout is 2 sequences of 3", [](World& w) { padded(short_of(w)); }},
        {"reversed", "x", "Sequence: all is 3x4, the layout is 2 sequences of 3", [](World& w) { reversed(short_of(w)); }},
        {"Sequence::steps", "", no_layout, [](World& w) { bare(w).steps(); }},
        {"Sequence::batch", "", no_layout, [](World& w) { bare(w).batch(); }},
        {"Sequence::operator[]", "t", "Sequence: step 3 of 2 sequences of 3", [](World& w) { w.sequence(3, 2, 3)[3]; }},
        {"Sequence::operator[]", "t", "Sequence: step -1 of 2 sequences of 3", [](World& w) { w.sequence(3, 2, 3)[-1]; }},
        {"Sequence::operator[]", "t", "Sequence: step 0 of 2 sequences of 1,3 is not in your order",
         [](World& w) { rising(w)[0]; }},
        {"Sequence::with", "features", "Sequence::with: features are 4x5 for 2 sequences of 3, 6 columns",
         [](World& w) { w.sequence(3, 2, 3).with(w.var(4, 5)); }},
        {"Sequence::with", "features", "Sequence::with: 2 sequences of 1,3 against 2 sequences of 3,1; sequence 0 has 1 steps",
         [](World& w) {
             rising(w).with(sequence(w.var(3, 6), 2, {3, 1}).all);
         }},
        {"Sequence::with", "features", "Sequence::with: features are on another tape",
         [](World& w) { w.sequence(3, 2, 3).with(w.elsewhere(4, 6)); }},

        {"StateArray::operator[]", "k", "StateArray: layer 2 is outside 0..1", [](World&) { layers(2)[2]; }},
        {"StateArray::operator[]", "k", "StateArray: layer -1 is outside 0..1", [](World&) { layers(2)[-1]; }},
        {"StateArray::back", "", "StateArray: layer -1 is outside 0..-1", [](World&) { layers(0).back(); }},
        {"StateArray::push_back", "s", "StateArray: there is no room for more than 16", [](World&) { layers(17); }},
        {"for_each_field", "s, other", "for_each_field: the state has 2 layers, the other 3",
         [](World&) {
             auto a = layers(2), b = layers(3);
             for_each_field(a, b, [](auto&, auto&) {});
         }},
        {"values", "s, carry", "for_each_field: the state has 2 layers, the other 1",
         [](World& w) {
             auto carry = layers(1);
             values(lift(w.tape, layers(2)), carry);
         }},
        {"values", "s, carry",
         "values: h of the state is 4x2, that of the carry 4x3; columns(carry, first, count) cuts a carry",
         [](World& w) {
             HiddenState<Mat<double>> carry{Mat<double>::Ones(4, 3)};
             values(HiddenState<Var<double>>{w.var(4, 2)}, carry);
         }},
        {"columns", "carry, first, count", "columns: 2 columns from 1 on, h of the carry is 2x2",
         [](World&) { columns(layers(1)[0], 1, 2); }},
        {"columns", "first", "columns: 1 columns from -1 on, h of the carry is 2x2",
         [](World&) { columns(layers(1)[0], -1, 1); }},
        {"columns", "count", "columns: -1 columns from 0 on, field 0.h of the carry",
         [](World&) { columns(layers(1), 0, -1); }},
        {"values", "s", "Var: this variable is empty", [](World& w) { values(HiddenState<Var<double>>{w.empty}); }},
        {"state_at", "k", "state_at: k is 4, outside 0..3 of 2 sequences of 3", [](World& w) { state_at(trajectory(w), 4); }},
        {"state_at", "k", "state_at: k is -1, outside 0..3", [](World& w) { state_at(trajectory(w).h, -1); }},
        {"state_at", "x", "state_at: nothing stands before the first step of 2 sequences of 3",
         [](World& w) { state_at(w.sequence(3, 2, 3), 1); }},
        {"state_at", "x", no_layout, [](World& w) { state_at(bare(w), 1); }},
        {"state_at", "x", "state_at: initial is 2x2, the sequence 4x6, 2 sequences of 3",
         [](World& w) {
             auto h = trajectory(w).h;
             h.initial = w.var(2, 2);
             state_at(h, 1);
         }},
        {"state_at", "y", "state_at: nothing stands before the first step",
         [](World& w) { state_at(HiddenState<Sequence<double>>{w.sequence(3, 2, 3)}, 0); }},
        {"final_state", "x", "final_state: nothing stands before the first step of 2 sequences of 3",
         [](World& w) { final_state(w.sequence(3, 2, 3)); }},
        {"final_state", "y", "final_state: nothing stands before the first step of 2 sequences of 3",
         [](World& w) { final_state(HiddenState<Sequence<double>>{w.sequence(3, 2, 3)}); }},
    };
}
