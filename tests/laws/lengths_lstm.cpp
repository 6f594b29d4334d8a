#include "bptt/cells/lstm.hpp"
#include "support/lengths.hpp"

using namespace bptt;

TEST_CASE("lengths: a batch equals each sequence alone: lstm") {
    check_cell_lengths<Lstm<double>>();
    check_cell_lengths<Lstm<double, Peephole::current>>();
}

TEST_CASE("lengths: a batch equals each sequence alone: lstm with old peepholes") {
    check_cell_lengths<Lstm<double, Peephole::previous>>();
    check_cell_lengths<Lstm<double, Peephole::full>>();
}
