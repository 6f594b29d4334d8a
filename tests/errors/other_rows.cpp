#include "errors/table.hpp"

using namespace bptt;

namespace {

const Mat<double> x = Mat<double>::Ones(2, 3);

}  // namespace

Rows other_rows() {
    return {
        {"gradcheck", "f", "gradcheck: the function returns no variables",
         [](World&) { gradcheck([](Var<double>) { return std::tuple(); }, x); }},
        {"gradcheck", "f, inputs", "backward: the loss depends on no parameter and no variable",
         [](World&) { gradcheck([](Tape<double>& tape, Var<double>) { return tape.constant(x); }, x); }},
        {"gradcheck", "model, inputs", "Linear: x is 2x3, W is 4x3",
         [](World& w) {
             gradcheck(
                 w.layers, [&](Var<double> v) { return w.layers.linear(v); }, x);
         }},
        {"gradcheck", "layer, sizes", "unroll: the input is 5x6, the cell reads 3 features",
         [](World& w) { gradcheck(w.layers.gru, {.inputs = 5}); }},
        {"gradcheck", "sizes", "gradcheck: inputs is 0, batch is 2, steps is 3; all must be positive",
         [](World& w) { gradcheck(w.layers.gru, {.inputs = 0}); }},
        {"gradcheck", "sizes", "gradcheck: inputs is 3, batch is -1, steps is 3",
         [](World& w) { gradcheck(w.layers.gru, {.inputs = 3, .batch = -1}); }},
        {"gradcheck", "sizes", "gradcheck: inputs is 3, batch is 2, steps is 0",
         [](World& w) { gradcheck(w.layers.gru, {.inputs = 3, .steps = 0}); }},
        {"gradcheck", "sizes", "gradcheck: 3 lengths for a batch of 2",
         [](World& w) {
             gradcheck(w.layers.gru, {.inputs = 3, .lengths = {1, 2, 3}});
         }},
        {"gradcheck", "sizes", "gradcheck: the length of sequence 1 is 4, outside 0..3",
         [](World& w) {
             gradcheck(w.layers.gru, {.inputs = 3, .lengths = {1, 4}});
         }},
    };
}
