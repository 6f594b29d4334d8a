#include "bptt/live/step.hpp"

#ifdef EIGEN_WORLD_VERSION
#error "bptt/live/step.hpp includes Eigen"
#endif

void step(const float* matrix, const float* rows, const float* x, const float* from, float* to) {
    using Cell = bptt::live::Lstm<bptt::live::Peephole::none>;
    constexpr bptt::live::Sizes<1, 16, 1> sizes{1, 16, 1};
    Cell::step<bptt::live::Float32>(sizes, {matrix, rows}, {x, 1}, from, to, nullptr);
}
