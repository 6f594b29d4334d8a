#include "bptt/cells/cell.hpp"

#include "bptt/cells/lstm.hpp"
#include "bptt/nets/linear.hpp"
#include "catch.hpp"

using namespace bptt;

static_assert(Layer<Lstm<float>> && !Layer<Linear<float>> && !Cell<Linear<float>> && !Layer<Mat<float>>);

TEST_CASE("cell: zero_state has every field, hidden x batch") {
    Rng rng(1);
    const Lstm<double> cell(3, 4, rng);
    const auto s = zero_state(cell, 5);
    CHECK(s.h == Mat<double>::Zero(4, 5));
    CHECK(s.c == Mat<double>::Zero(4, 5));
}

TEST_CASE("cell: a step of a state that does not fit says which field") {
    Rng rng(1);
    const Lstm<double> cell(3, 4, rng);
    Tape<double> tape, other;
    const auto x = tape.constant(Mat<double>::Ones(3, 2)), fits = tape.constant(Mat<double>::Ones(4, 2)),
               narrow = tape.constant(Mat<double>::Ones(4, 1)), elsewhere = other.constant(Mat<double>::Ones(4, 2));
    CHECK_THROWS_WITH(cell.step(x, {narrow, fits}), ContainsSubstring("Lstm: h of the state is 4x1, not 4x2; x is 3x2"));
    CHECK_THROWS_WITH(cell.step(x, {fits, narrow}), ContainsSubstring("Lstm: c of the state is 4x1"));
    CHECK_THROWS_WITH(cell.step(x, {elsewhere, fits}), ContainsSubstring("Lstm: h of the state is on another tape"));
    CHECK_THROWS_WITH(cell.step(x, {fits, elsewhere}), ContainsSubstring("Lstm: c of the state is on another tape"));
}
