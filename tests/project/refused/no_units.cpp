// a cell needs a member Index units
#include "bptt/bptt.hpp"

/// It does not say how many rows its state has.
struct NoUnits {
    using Scalar = double;
    template <class V> using State = bptt::HiddenState<V>;
    bptt::Param<double> w;
    BPTT_PARAMS(w)
    bptt::Index inputs() const { return 1; }
    State<bptt::Var<double>> step(bptt::Var<double>, State<bptt::Var<double>> s) const { return s; }
};

bptt::SequenceClassifier<NoUnits> model(bptt::Rng& rng) { return {5, NoUnits(), rng, {.classes = 2}}; }
