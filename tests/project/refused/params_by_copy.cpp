// ParamsTakesTheModelByCopy
#include "bptt/bptt.hpp"

struct Model {
    bptt::Param<float> w;
    static void params(auto m, auto&& f) { f("w", m.w); }
};

void learn(Model& model) { bptt::zero_grad(model); }
