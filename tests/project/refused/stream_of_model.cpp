// stream\(\) takes a layer, and the heads after it
#include "bptt/bptt.hpp"

struct Model {
    bptt::Lstm<float> lstm;
    bptt::Linear<float> head;
    BPTT_PARAMS(lstm, head)
};
int main() {
    bptt::Rng rng(1);
    const Model model{{5, 3, rng}, {3, 1, rng}};
    bptt::stream(model);
}
