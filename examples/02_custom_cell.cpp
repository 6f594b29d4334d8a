// A cell of your own: write its equations, and it unrolls, trains and is checked like the built-in ones.
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

/// Minimal gated unit (Zhou et al. 2016):
///   f = σ(Wf x_t + Uf h_{t−1} + bf),  g = tanh(Wh x_t + Uh (f ⊙ h_{t−1}) + bh),  h_t = (1 − f) ⊙ h_{t−1} + f ⊙ g.
template <class T> struct Mgu {
    using Scalar = T;
    template <class V> using State = HiddenState<V>;  // one field, h

    Param<T> Wf, Uf, bf, Wh, Uh, bh;

    Mgu(Index inputs, Index units, Rng& rng) : bf(units, 1), bh(units, 1) {
        for (Param<T>* W : {&Wf, &Wh}) *W = glorot_uniform<T>(units, inputs, rng);
        for (Param<T>* U : {&Uf, &Uh}) *U = orthogonal<T>(units, rng);
    }
    BPTT_PARAMS(Wf, Uf, bf, Wh, Uh, bh)
    Index inputs() const { return Wf.cols(); }
    Index units() const { return Uf.rows(); }

    State<Var<T>> step(Var<T> x, State<Var<T>> s) const {
        const auto f = sigmoid(Wf * x + Uf * s.h + bf);
        const auto g = tanh(Wh * x + Uh * (f % s.h) + bh);
        return {(1 - f) % s.h + f % g};
    }
};
static_assert(Cell<Mgu<float>>);

int main() {
    Rng rng(1);
    Stacked<Bidirectional<Mgu<double>>> stack(3, 4, 2, rng);  // 3 inputs, 4 units each way, 2 layers
    const GradcheckResult result = gradcheck(stack, {.inputs = 3, .batch = 3, .steps = 5, .lengths = {2, 5, 3}});
    std::cout << parameter_count(stack) << " parameters; worst gradient: " << result << "\n";
    return result ? EXIT_SUCCESS : EXIT_FAILURE;
}
