// Two translation units that use everything link: no function is defined twice.
#include "catch.hpp"
#include "laws/two_units.hpp"

double loss_of_unit_b();

TEST_CASE("two translation units with everything link and agree") { CHECK(loss_of_this_unit() == loss_of_unit_b()); }
