// a bidirectional layer reads the whole sequence before its first output
#include "bptt/bptt.hpp"

int main() {
    bptt::Rng rng(1);
    const bptt::Bidirectional<bptt::Lstm<float>> both(2, 3, rng);
    bptt::stream(both);
}
