// Two translation units that use everything link: no function is defined twice.
#include "bptt/bptt.hpp"
#include "catch.hpp"

double loss_of_unit_b();

double loss_of_unit_a() {
    using namespace bptt;
    Rng rng(1);
    const Stacked<Lstm<double>> stack(3, 4, 2, rng);
    Tape<double> tape;
    const auto y = unroll(stack, sequence(tape.constant(Mat<double>::Ones(3, 8)), 2), lift(tape, zero_state(stack, 2)));
    return sum(y.h.all).item();
}

TEST_CASE("two translation units with everything link and agree") { CHECK(loss_of_unit_a() == loss_of_unit_b()); }
