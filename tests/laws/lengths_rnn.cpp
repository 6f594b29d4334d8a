#include "bptt/cells/gru.hpp"
#include "bptt/cells/rnn.hpp"
#include "support/lengths.hpp"
#include "support/mgu.hpp"

using namespace bptt;

TEST_CASE("lengths: a batch equals each sequence alone: rnn") {
    Rng rng(3);
    check_lengths(Rnn<double>(3, 4, rng));
    check_lengths(Bidirectional<Stacked<Rnn<double>>>{{3, 4, 2, rng}, {3, 2, 3, rng}});
}

TEST_CASE("lengths: a batch equals each sequence alone: gru") {
    Rng rng(2);
    check_lengths(Gru<double>(3, 4, rng));
    check_lengths(Gru<double, Reset::after>(3, 4, rng));
}

TEST_CASE("lengths: a batch equals each sequence alone: a user's own cell") {
    Rng rng(2);
    check_lengths(Mgu(3, 4, rng));
    check_lengths(Stacked<Bidirectional<Mgu>>(3, 4, 2, rng));
}
