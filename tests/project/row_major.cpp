// Compiled with EIGEN_DEFAULT_TO_ROW_MAJOR: matrices are column-major all the same.
#include <iostream>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/testing/gradcheck.hpp"

using namespace bptt;

static_assert(!Mat<double>::IsRowMajor);

int main() {
    Rng rng(1);
    Gru<double> gru(2, 3, rng);
    const Linear<double> head(3, 4, rng);
    const auto of_cell = gradcheck(gru, {.inputs = 2, .batch = 3, .steps = 4, .lengths = {1, 4, 2}});
    const auto of_loss = gradcheck(
        [&](auto h) {
            return cross_entropy(head(h), {2, 0});
        },
        random_matrix<double>(3, 2, [&] { return rng.normal(); }));
    std::cout << of_cell << '\n' << of_loss << '\n';

    Tape<double> tape;
    const auto x = sequence(tape.constant(random_matrix<double>(2, 12, [&] { return rng.normal(); })), 3, {1, 4, 2});
    const auto s0 = lift(tape, zero_state(gru, 3));
    const double apart = (unroll(gru, x, s0).h.all.value() - unroll_steps(gru, x, s0).h.all.value()).cwiseAbs().maxCoeff();
    std::cout << "the kernel is " << apart << " from the equations\n";
    return of_cell && of_loss && apart < 1e-12 ? 0 : 1;
}
