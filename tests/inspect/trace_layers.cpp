#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/nets/decoder.hpp"
#include "catch.hpp"
#include "support/random.hpp"
#include "support/traced.hpp"

using namespace bptt;

namespace {

/// A user's layer that is no cell, and whose trajectory is no state: y_t = W h_t.
struct Projected {
    using Scalar = double;
    template <class V> using State = HiddenState<V>;
    Gru<double> cell;
    Param<double> W;
    BPTT_PARAMS(cell, W)
    Index inputs() const { return cell.inputs(); }
    Index outputs() const { return W.rows(); }
    State<Mat<double>> zero_state(Index batch) const { return bptt::zero_state(cell, batch); }
};
struct ProjectedTrajectory {
    Sequence<double> h;
    HiddenState<Sequence<double>> inside;
};
ProjectedTrajectory unroll(const Projected& layer, const Sequence<double>& xs, const HiddenState<Var<double>>& s0,
                           std::optional<Training> training) {
    const auto y = unroll(layer.cell, xs, s0, training);
    return {xs.with(layer.W * y.h.all), y};
}

/// Goes by none of the gates that it inherits.
struct Ungated : Gru<double> {
    using Gru::Gru;
    State<Var<double>> step(Var<double> x, State<Var<double>> s) const { return {0.5 * Gru::step(x, s).h}; }
};
/// Has a step that runs a derived cell's gates.
template <class Derived> struct Gated : Gru<double> {
    using Gru::Gru;
    State<Var<double>> step(Var<double> x, State<Var<double>> s) const {
        return update(static_cast<const Derived&>(*this).gates(x, s), s);
    }
};
struct Derived : Gated<Derived> {
    using Gated<Derived>::Gated;
    Gates gates(Var<double> x, State<Var<double>> s) const { return Gru::gates(x, s); }
};
/// Its gates are those of a template, and have neither names nor a candidate.
struct Nameless : Gru<double> {
    using Gru::Gru;
    template <class V> struct Three { V r, u, n; };
    template <class V> Three<V> gates(V x, State<V> s) const {
        const auto gate = Gru::gates(x, s);
        return {gate.r, gate.u, gate.n};
    }
    State<Var<double>> step(Var<double> x, State<Var<double>> s) const {
        const auto gate = gates(x, s);
        return update({gate.r, gate.u, gate.n}, s);
    }
};

}  // namespace

TEST_CASE("trace: of a layer that is no cell there is its output") {
    Rng rng(6);
    const Projected layer{{2, 3, rng}, Param<double>(random_mat(4, 3, rng))};
    Tape<double> tape;
    const auto xs = Sequence<double>::of(tape, {random_mat(2, 5, rng), random_mat(2, 3, rng)});
    const auto traced = trace(layer, xs);
    CHECK(names_of(traced[1]) == Names{"h"});
    CHECK((traced[1]["h"] - layer.W.value * trace(layer.cell, xs)[1]["h"]).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("trace: a batch without a step has signals without a step") {
    Rng rng(8);
    const Lstm<double> lstm(2, 3, rng);
    Tape<double> tape;
    const auto traced = trace(lstm, Sequence<double>::of(tape, {Mat<double>(2, 0), Mat<double>(2, 0)}));
    REQUIRE((traced.size() == 2 && traced[1].signals.size() == 6));
    for (const auto& signal : traced[1].signals) CHECK((signal.values.rows() == 3 && signal.values.cols() == 0));
}

TEST_CASE("trace: a decoder's state has what it attended to") {
    Rng rng(4);
    const AttentionDecoder<Gru<double>> decoder(3, 2, 4, 5, rng);
    Tape<double> tape;
    const auto keys = Sequence<double>::of(tape, {random_mat(2, 6, rng)});
    const auto bound = decoder.over(decoder.attention.memory(keys));
    const auto traced = trace(bound, Sequence<double>::of(tape, {random_mat(3, 2, rng)}))[0];
    CHECK(names_of(traced) == Names{"h", "context", "weights", "cell.h"});
    CHECK((traced["weights"].colwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
}

TEST_CASE("trace: gates that a cell inherits are its own where its step is") {
    Rng rng(1);
    Tape<double> tape;
    const auto xs = Sequence<double>::of(tape, {random_mat(3, 2, rng)});
    CHECK(names_of(trace(Ungated(3, 2, rng), xs)[0]) == Names{"h"});
    CHECK(names_of(trace(Derived(3, 2, rng), xs)[0]) == Names{"h", "r (gate)", "u (gate)", "n (gate)"});
}

TEST_CASE("trace: the candidate is marked, and no other gate") {
    Rng rng(1);
    Tape<double> tape;
    const auto xs = Sequence<double>::of(tape, {random_mat(3, 2, rng)});
    const auto candidates = [&](const auto& cell) {
        const auto traced = trace(cell, xs);
        std::string names;
        for (const auto& s : traced[0].signals) names += s.is_candidate ? s.name : "";
        return names;
    };
    CHECK(candidates(Lstm<double>(3, 2, rng)) == "g");
    CHECK(candidates(Gru<double>(3, 2, rng)) == "n");
    const Nameless nameless(3, 2, rng);
    CHECK(candidates(nameless) == "");
    CHECK(names_of(trace(nameless, xs)[0]) == Names{"h", "gate 0 (gate)", "gate 1 (gate)", "gate 2 (gate)"});
}

TEST_CASE("Traced: an unknown name is refused with those that there are") {
    Rng rng(1);
    Tape<float> tape;
    const Lstm<float> lstm(2, 3, rng);
    const auto traced = trace(lstm, Sequence<float>::of(tape, {Mat<float>::Ones(2, 1)}));
    CHECK_THROWS_WITH(traced[0]["r"], "Traced: there is no signal \"r\"; there are h, c, i, f, g, o");
}
