#include "bptt/kernels/lstm.hpp"

#include "bptt/cells/lstm.hpp"
#include "support/fused.hpp"

using namespace bptt;

TEST_CASE("kernels: an LSTM equals its equations: double") { check_fused_sizes<Lstm<double>>(1e-12); }
TEST_CASE("kernels: an LSTM equals its equations: float") { check_fused_sizes<Lstm<float>>(1e-5); }
TEST_CASE("kernels: an LSTM has the same bits with any number of threads") { check_fused_threads<Lstm<float>>(); }
