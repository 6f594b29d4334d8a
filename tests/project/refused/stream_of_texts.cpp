// a stream of a language model reads one text
#include "bptt/bptt.hpp"

int main() {
    bptt::Rng rng(1);
    const bptt::LanguageModel<bptt::Lstm<float>> model(5, {5, 3, rng}, rng);
    bptt::stream(bptt::Voices{2}, model);
}
