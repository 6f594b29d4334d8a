#include "bptt/cells/lstm.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/train/clip.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

/// Gradients where only h, or only c, of every step has one.
template <class C> void check_partial() {
    Rng rng(1);
    const C cell(3, 5, rng);
    const Mat<double> x = random_mat(3, 8, rng), cotangents = random_mat(5, 8, rng);
    const auto gradients = [&](bool fused, bool of_c) {
        zero_grad(cell);
        Tape<double> tape;
        const auto in = tape.variable(x);
        const auto s0 = lift(tape, zero_state(cell, 2));
        const auto y = fused ? unroll(cell, sequence(in, 2), s0) : unroll_steps(cell, sequence(in, 2), s0);
        backward(sum((of_c ? y.c : y.h).all % tape.constant(cotangents)));
        std::vector<Mat<double>> all{in.grad()};
        for_each_param(cell, [&](auto, const auto& p) { all.push_back(p.grad); });
        return all;
    };
    for (const bool of_c : {false, true}) {
        const auto fused = gradients(true, of_c), steps = gradients(false, of_c);
        for (std::size_t k = 0; k < steps.size(); ++k) CHECK(fused[k].isApprox(steps[k], 1e-13));
    }
}

}  // namespace

TEST_CASE("lstm: a gradient of h alone, of c alone") {
    check_partial<Lstm<double>>();
    check_partial<Lstm<double, Peephole::current>>();
    check_partial<Lstm<double, Peephole::previous>>();
    check_partial<Lstm<double, Peephole::full>>();
}
