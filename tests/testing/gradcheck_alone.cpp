#include "bptt/testing/gradcheck_alone.hpp"

#include <string>

#include "bptt/cells/lstm.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/product.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

enum class Fault { none, mean, first, last };

/// A tanh cell that may look at other columns than its own.
template <Fault fault> struct Mixing {
    using Scalar = double;
    template <class V> using State = HiddenState<V>;

    Param<double> W, U;

    Mixing(Index inputs, Index units, Rng& rng)
        : W(glorot_uniform<double>(units, inputs, rng)), U(orthogonal<double>(units, rng)) {}
    BPTT_PARAMS(W, U)
    Index inputs() const { return W.cols(); }
    Index units() const { return W.rows(); }
    State<Var<double>> step(Var<double> x, const State<Var<double>>& s) const {
        const Var<double> a = W * x + U * s.h;
        if constexpr (fault == Fault::mean) return {tanh(a + rowwise_mean(a))};
        if constexpr (fault == Fault::first) return {tanh(a + cols(s.h, 0, 1))};
        if constexpr (fault == Fault::last) return {tanh(a + cols(a, x.cols() - 1, 1))};
        return {tanh(a)};
    }
};

const GradcheckSizes even{.inputs = 1}, ragged{.inputs = 1, .batch = 3, .steps = 4, .lengths = {2, 4, 0}};

template <Fault fault> void refused(const GradcheckSizes& sizes) {
    Rng rng(1);
    Mixing<fault> cell(1, 3, rng);
    const std::string message = "; a step must not count on the number or order of its columns";
    CHECK_THROWS_WITH(gradcheck(cell, sizes), ContainsSubstring("gradcheck: sequence ") && ContainsSubstring(message));
    Stacked<Bidirectional<Mixing<fault>>> both(1, 2, 2, rng);
    CHECK_THROWS_WITH(gradcheck(both, sizes), ContainsSubstring(message));
}

}  // namespace

TEST_CASE("gradcheck: a cell that mixes the sequences of a batch is refused, though its gradients are right") {
    for (const GradcheckSizes& sizes : {even, ragged}) {
        refused<Fault::mean>(sizes);
        refused<Fault::first>(sizes);
        refused<Fault::last>(sizes);
        Rng rng(1);
        Mixing<Fault::none> cell(1, 3, rng);
        CHECK(gradcheck(cell, sizes));
    }
    Rng rng(1);
    Mixing<Fault::last> cell(1, 3, rng);
    CHECK(gradcheck(cell, {.inputs = 1, .batch = 1}));  // its gradients are right
    CHECK_THROWS_WITH(gradcheck(cell, even), ContainsSubstring("gradcheck: sequence 0 ends with "));
}
