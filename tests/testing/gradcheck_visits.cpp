#include "bptt/testing/gradcheck_visits.hpp"

#include "bptt/nets/stacked.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/product.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

/// A cell with a constructor, so that nobody knows its members.
struct Forgetful {
    using Scalar = double;
    template <class V> using State = HiddenState<V>;

    Param<double> W, U;

    Forgetful(Index inputs, Index units, Rng& rng)
        : W(glorot_uniform<double>(units, inputs, rng)), U(orthogonal<double>(units, rng)) {}
    BPTT_PARAMS(W)
    Index inputs() const { return W.cols(); }
    Index units() const { return W.rows(); }
    State<Var<double>> step(Var<double> x, const State<Var<double>>& s) const { return {tanh(W * x + U * s.h)}; }
};
/// The same, and it says so.
struct Fixed : Forgetful {
    using Forgetful::Forgetful;
    static void params(auto& m, auto&& f) { f("W", m.W), f(left_out(m.U)); }
};
struct Outer {
    Forgetful inner;

    explicit Outer(Rng& rng) : inner(2, 3, rng) {}
    static void params(auto& m, auto&& f) { f("inner", m.inner); }
};

constexpr GradcheckSizes sizes{.inputs = 2};

}  // namespace

TEST_CASE("gradcheck: a parameter of a class with a constructor that is used, and that params() does not visit") {
    Rng rng(1);
    const char* const message = "gradcheck: a parameter, 3x3, is used, but params() of ";
    Forgetful cell(2, 3, rng);
    CHECK_THROWS_WITH(gradcheck(cell, sizes), ContainsSubstring(message) && ContainsSubstring("Forgetful does not visit it"));
    Stacked<Forgetful> stack(2, 3, 2, rng);
    CHECK_THROWS_WITH(gradcheck(stack, sizes), ContainsSubstring(message));
    Outer outer(rng);
    const auto run = [&](Var<double> x) { return outer.inner.step(x, lift(x.tape(), zero_state(outer.inner, x.cols()))); };
    CHECK_THROWS_WITH(gradcheck(outer, run, random_mat(2, 2, rng)),
                      ContainsSubstring(message) && ContainsSubstring("Forgetful does not visit it"));
}

TEST_CASE("gradcheck: parameters that are left out on purpose, or are of another model, are no mistake") {
    Rng rng(2);
    Fixed cell(2, 3, rng);
    CHECK(gradcheck(cell, sizes));
    Stacked<Fixed> stack(2, 3, 2, rng);
    CHECK(gradcheck(stack, sizes));
    Forgetful other(2, 3, rng);
    CHECK(gradcheck(
        cell, [&](Var<double> x) { return cell.W * x + other.U * (other.W * x); }, random_mat(2, 2, rng)));
}
