// What is no cell because its step() gives plain matrices, and no other layer either: the compiler is to say what is missing.
#include "bptt/bptt.hpp"

struct NoCell {
    using Scalar = double;
    template <class V> using State = bptt::HiddenState<V>;
    bptt::Param<double> w;
    BPTT_PARAMS(w)
    bptt::Index units() const { return 1; }
    State<bptt::Mat<double>> step(bptt::Var<double> x, State<bptt::Var<double>>) const { return {x.value()}; }
};

void run(const NoCell& cell, const bptt::Sequence<double>& xs) { unroll(cell, xs); }
