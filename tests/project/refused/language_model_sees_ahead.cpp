// a language model predicts what its layer must not have read
#include "bptt/bptt.hpp"

using Stack = bptt::Stacked<bptt::Bidirectional<bptt::Gru<float>>>;

void foresee(bptt::Rng& rng) { bptt::LanguageModel<Stack> model(10, {8, 16, 2, rng}, rng); }
