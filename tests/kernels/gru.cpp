#include "bptt/kernels/gru.hpp"

#include "bptt/cells/gru.hpp"
#include "support/fused.hpp"

using namespace bptt;

TEST_CASE("kernels: a GRU equals its equations: reset before") { check_fused_sizes<Gru<double>>(1e-12); }
TEST_CASE("kernels: a GRU equals its equations: reset after") { check_fused_sizes<Gru<double, Reset::after>>(1e-12); }
TEST_CASE("kernels: a GRU equals its equations: float") {
    check_fused_sizes<Gru<float>>(1e-5);
    check_fused_sizes<Gru<float, Reset::after>>(1e-5);
}
TEST_CASE("kernels: a GRU has the same bits with any number of threads") {
    check_fused_threads<Gru<float>>();
    check_fused_threads<Gru<float, Reset::after>>();
}
