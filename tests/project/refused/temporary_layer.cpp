// deleted
#include "bptt/bptt.hpp"

auto run(const bptt::Sequence<float>& xs, bptt::Rng& rng) { return unroll(bptt::Gru<float>(3, 4, rng), xs); }
