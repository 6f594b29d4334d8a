// takes a matrix or a vector of floats, a span of floats, or a float
#include "bptt/bptt.hpp"

int main() {
    bptt::Rng rng(1);
    auto live = bptt::stream(bptt::Lstm<float>(1, 3, rng));
    live.step(0.5);
}
