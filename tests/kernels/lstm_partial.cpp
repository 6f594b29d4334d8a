#include "bptt/cells/lstm.hpp"
#include "support/fused.hpp"

using namespace bptt;

namespace {

/// Gradients where only h, or only c, of every step has one.
template <class C> void check_partial() {
    for (const std::size_t without : {0u, 1u}) {
        FusedRun<C> run({3, 5, 2, 4});
        run.in.dy[without].resize(0, 0);
        for (Mat<double>& m : run.in.dsT) m.resize(0, 0);
        check_fused(run.cell, run.in, 1e-13);
    }
}

}  // namespace

TEST_CASE("lstm: a gradient of h alone, of c alone") {
    check_partial<Lstm<double>>();
    check_partial<Lstm<double, Peephole::current>>();
    check_partial<Lstm<double, Peephole::previous>>();
    check_partial<Lstm<double, Peephole::full>>();
}
