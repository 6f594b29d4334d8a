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
    CHECK_THROWS_WITH(zero_state(cell, 0), ContainsSubstring("batch is 0"));
    CHECK_THROWS_WITH(zero_state(cell, -2), ContainsSubstring("batch is -2"));
}
