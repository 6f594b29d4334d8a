// A Layer that is no Cell, with no more than cell.hpp asks for.
#include <optional>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/initial_state.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"

namespace user {

using namespace bptt;

/// y = x + cell(x)
template <class C> struct Residual {
    using Scalar = typename C::Scalar;
    template <class V> using State = StateOf<C, V>;

    C cell;

    Residual(Index inputs, Index units, Rng& rng) : cell(inputs, units, rng) {}
    BPTT_PARAMS(cell)
    State<Mat<Scalar>> zero_state(Index batch) const { return bptt::zero_state(cell, batch); }
    Index outputs() const { return cell.units(); }
};
template <class C> struct ResidualTrajectory {
    Sequence<typename C::Scalar> h;
    TrajectoryOf<C> cell;
};
template <class C, class T = typename C::Scalar>
ResidualTrajectory<C> unroll(const Residual<C>& layer, const Sequence<std::type_identity_t<T>>& xs,
                             const StateOf<C, Var<T>>& s0, std::optional<Training> training) {
    const auto y = unroll(layer.cell, xs, s0, training);
    return {xs.with(xs.all + y.h.all), y};
}
template <class C> auto state_at(const ResidualTrajectory<C>& y, Index k) { return state_at(y.cell, k); }
template <class C> auto final_state(const ResidualTrajectory<C>& y) { return final_state(y.cell); }

}  // namespace user

using namespace bptt;
using Own = user::Residual<Gru<double>>;
static_assert(Layer<Own> && !Cell<Own>);

TEST_CASE("cell: a layer of one's own unrolls from zeros, from a carry and from the tape, and is checked") {
    Rng rng(1);
    Own layer(3, 3, rng);
    CHECK(gradcheck(layer, {.inputs = 3, .batch = 3, .steps = 5, .lengths = {2, 5, 3}}));
    Tape<double> tape;
    const auto xs = sequence(tape.constant(Mat<double>::Ones(3, 10)), 2);
    const auto y = unroll(layer, xs);
    CHECK(y.h.all.value() == xs.all.value() + unroll(layer.cell, xs).h.all.value());
    CHECK(unroll(layer, xs, zero_state(layer, 2), Training{rng}).h.all.value() == y.h.all.value());
    CHECK(unroll(layer, xs, lift(tape, zero_state(layer, 2))).h.all.value() == y.h.all.value());
    CHECK(unroll(layer, xs, InitialState<Own>(layer)(tape, 2)).h.all.value() == y.h.all.value());
}

TEST_CASE("cell: a layer of one's own stacks, and runs both ways") {
    Rng rng(2);
    Stacked<Own> stack(3, 3, 2, rng);
    CHECK(gradcheck(stack, {.inputs = 3, .batch = 2, .steps = 4, .lengths = {2, 4}}));
    Bidirectional<Own> both(3, 3, rng);
    CHECK(both.outputs() == 6);
    CHECK(gradcheck(both, {.inputs = 3, .batch = 2, .steps = 4}));
}
