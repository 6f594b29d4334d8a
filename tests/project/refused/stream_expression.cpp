// write an expression to a matrix first
#include "bptt/bptt.hpp"

int main() {
    bptt::Rng rng(1);
    const bptt::Lstm<float> lstm(2, 3, rng);
    auto live = bptt::stream(lstm);
    const bptt::Mat<float> x(2, 1);
    live.step(2 * x);
}
