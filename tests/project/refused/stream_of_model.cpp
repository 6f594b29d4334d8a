// stream\(\) takes a layer, and the heads after it
#include "bptt/bptt.hpp"

int main() {
    bptt::Rng rng(1);
    const bptt::LanguageModel<bptt::Lstm<float>> model(3, {3, 4, rng}, rng);
    bptt::stream(model);
}
