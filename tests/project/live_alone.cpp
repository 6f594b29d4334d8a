#include "bptt/live/fixed.hpp"
#include "bptt/live/step.hpp"

#ifdef EIGEN_WORLD_VERSION
#error "bptt/live/step.hpp or fixed.hpp includes Eigen"
#endif

void step(const float* matrix, const float* rows, const float* x, const float* from, float* to) {
    using Cell = bptt::live::Lstm<bptt::live::Peephole::none>;
    constexpr bptt::live::Sizes<1, 16, 1> sizes{1, 16, 1};
    Cell::step<bptt::live::Float32>(sizes, {matrix, rows}, {x, 1}, from, to, nullptr);
}

constexpr bptt::live::Matrix<3, 1> Wx = {{0.5f, -0.5f, 1}}, Wh = {{1, 0.25f, -0.125f}}, b = {};
constexpr auto gru = bptt::live::packed<bptt::live::GruBefore>(Wx, Wh, b);
float step(bptt::live::Runner<gru>& runner, float x) { return *runner.step(x); }

int main() {
    const float x = 0.75f;  // from h = 0: r has no effect, h = (1 - u) tanh(x)
    bptt::live::Runner<gru> runner;
    const float h = step(runner, x), expected = 0.3764316f;
    return h > expected - 1e-6f && h < expected + 1e-6f ? 0 : 1;
}
