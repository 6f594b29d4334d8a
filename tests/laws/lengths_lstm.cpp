#include "bptt/cells/lstm.hpp"
#include "support/lengths.hpp"

using namespace bptt;

TEST_CASE("lengths: a batch equals each sequence alone: lstm") {
    Rng rng(2);
    check_lengths(Lstm<double>(3, 4, rng));
    check_lengths(Stacked<Bidirectional<Lstm<double>>>(3, 4, 2, rng));
}

TEST_CASE("lengths: a batch equals each sequence alone: lstm with peepholes") {
    Rng rng(2);
    check_lengths(Lstm<double, Peephole::current>(3, 4, rng));
    check_lengths(Lstm<double, Peephole::full>(3, 4, rng));
}
