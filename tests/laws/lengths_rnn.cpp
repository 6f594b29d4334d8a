#include "bptt/cells/gru.hpp"
#include "bptt/cells/rnn.hpp"
#include "support/lengths.hpp"
#include "support/mgu.hpp"

using namespace bptt;

TEST_CASE("lengths: a batch equals each sequence alone: rnn") {
    check_cell_lengths<Rnn<double>>();
    check_cell_lengths<Rnn<double, Activation::relu>>();
    Rng rng(3);
    check_lengths(Bidirectional<Stacked<Rnn<double>>>{{3, 4, 2, rng}, {3, 2, 3, rng}});
}

TEST_CASE("lengths: a batch equals each sequence alone: gru") {
    check_cell_lengths<Gru<double>>();
    check_cell_lengths<Gru<double, Reset::after>>();
}

TEST_CASE("lengths: a batch equals each sequence alone: a user's own cell") { check_cell_lengths<Mgu>(); }
