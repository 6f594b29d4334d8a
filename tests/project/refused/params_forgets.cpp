// BPTT_PARAMS leaves out a member that has parameters
#include "bptt/bptt.hpp"

struct Model {
    bptt::Lstm<float> lstm;
    bptt::Linear<float> head;
    BPTT_PARAMS(lstm)
};

void learn(Model& model) { bptt::zero_grad(model); }
