// write a transpose, or a row-major
#include "bptt/bptt.hpp"

int main() {
    bptt::Rng rng(1);
    const bptt::Lstm<float> lstm(2, 3, rng);
    auto live = bptt::stream(bptt::Voices{2}, lstm);
    const bptt::Mat<float> x(2, 2);
    live.step(x.transpose());
}
