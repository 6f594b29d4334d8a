#include "bptt/kernels/rnn.hpp"

#include "bptt/cells/rnn.hpp"
#include "support/fused.hpp"

using namespace bptt;

TEST_CASE("kernels: an RNN equals its equations: double") { check_fused_sizes<Rnn<double>>(1e-12); }
TEST_CASE("kernels: an RNN equals its equations: float") { check_fused_sizes<Rnn<float>>(1e-5); }
TEST_CASE("kernels: an RNN equals its equations: relu") { check_fused_sizes<Rnn<double, Activation::relu>>(1e-12); }
TEST_CASE("kernels: an RNN equals its equations: identity") { check_fused_sizes<Rnn<double, Activation::identity>>(1e-12); }
TEST_CASE("kernels: an RNN has the same bits with any number of threads") { check_fused_threads<Rnn<float>>(); }
