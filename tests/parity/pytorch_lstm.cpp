#include "bptt/cells/lstm.hpp"
#include "support/fixture.hpp"

using namespace bptt;

TEST_CASE("pytorch: lstm, 1 to 3 layers, both directions, unequal lengths") {
    check_fixture<Lstm<double>, Lstm<float>>("lstm.txt", 6);
}
