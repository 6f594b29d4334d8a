#include "bptt/cells/lstm.hpp"
#include "bptt/kernels/lstm.hpp"
#include "support/fused.hpp"

using namespace bptt;

TEST_CASE("kernels: an LSTM equals its equations: current peepholes") {
    check_fused_sizes<Lstm<double, Peephole::current>>(1e-12);
    check_fused_threads<Lstm<double, Peephole::current>>();
}
TEST_CASE("kernels: an LSTM equals its equations: previous peepholes") {
    check_fused_sizes<Lstm<double, Peephole::previous>>(1e-12);
    check_fused_threads<Lstm<double, Peephole::previous>>();
}
TEST_CASE("kernels: an LSTM equals its equations: full peepholes") {
    check_fused_sizes<Lstm<double, Peephole::full>>(1e-12);
    check_fused_threads<Lstm<double, Peephole::full>>();
}
