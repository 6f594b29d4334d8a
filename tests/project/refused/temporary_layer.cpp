// the layer is a temporary, which is gone when backward.. needs it
#include "bptt/bptt.hpp"

void run(const bptt::Sequence<float>& xs, bptt::Rng& rng) { unroll(bptt::Gru<float>(3, 4, rng), xs); }
