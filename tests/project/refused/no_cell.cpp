// a Cell has step
#include "bptt/bptt.hpp"

/// Its step() gives plain matrices.
struct NoCell {
    using Scalar = double;
    template <class V> using State = bptt::HiddenState<V>;
    bptt::Param<double> w;
    BPTT_PARAMS(w)
    bptt::Index units() const { return 1; }
    State<bptt::Mat<double>> step(bptt::Var<double> x, State<bptt::Var<double>>) const { return {x.value()}; }
};

void run(const NoCell& cell, const bptt::Sequence<double>& xs) { unroll(cell, xs); }
