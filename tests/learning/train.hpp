#pragma once

#include "task.hpp"

namespace learning {

/// A cell, and a linear head on its states.
template <class Cell> struct Model {
    Cell cell;
    Linear<float> head;
    static void params(auto& m, auto&& f) { f("cell", m.cell), f("head", m.head); }
};

/// The head's output at each step.
template <class Cell> Sequence<float> outputs(const Model<Cell>& m, const Sequence<float>& x) {
    return m.head(unroll(m.cell, x).h);
}
/// The head's output after the last step, a column for each sequence.
template <class Cell> Var<float> last_output(const Model<Cell>& m, const Sequence<float>& x) {
    return m.head(final_state(unroll(m.cell, x)).h);
}

/// One step down the gradient of `loss`. clip: largest norm; 0: any.
template <class M, class Optimizer> void learn(const M& loss, auto& model, Optimizer& optimizer, double clip) {
    zero_grad(model);
    backward(loss);
    if (clip > 0) clip_grad_norm(model, clip);
    optimizer.step(model);
}

}  // namespace learning
