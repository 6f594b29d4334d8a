#include "bptt/cells/gru.hpp"
#include "support/fixture.hpp"

using namespace bptt;

TEST_CASE("pytorch: gru, reset after, 1 to 3 layers, both directions, unequal lengths") {
    check_fixture<Gru<double, Reset::after>, Gru<float, Reset::after>>("gru_after.txt", 6);
}

TEST_CASE("pytorch: gru, reset before, op by op") { check_fixture<Gru<double>, Gru<float>>("gru_before.txt", 3); }
