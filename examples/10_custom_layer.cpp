// A layer of your own that is no cell, as it does not go step by step: here fewer numbers leave it than its cell has units.
// What a layer must provide stands in bptt/cells/cell.hpp; this is all of it. It then stacks and runs both ways like any other.
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

namespace mine {

using namespace bptt;

/// y_t = W h_t + b, where h is the cell's
struct Projected {
    using Scalar = double;
    template <class V> using State = LstmState<V>;

    Lstm<double> cell;
    Linear<double> projection;

    /// The cell has four times as many units as leave it.
    Projected(Index inputs, Index outputs, Rng& rng) : cell(inputs, 4 * outputs, rng), projection(4 * outputs, outputs, rng) {}
    BPTT_PARAMS(cell, projection)
    Index inputs() const { return cell.inputs(); }
    Index outputs() const { return projection.b.rows(); }
    State<Mat<double>> zero_state(Index batch) const { return bptt::zero_state(cell, batch); }
};

/// What unroll() gives: the output h, and the cell's own trajectory, which knows its states.
struct Trajectory {
    Sequence<double> h;
    LstmState<Sequence<double>> cell;
};
Trajectory unroll(const Projected& layer, const Sequence<double>& xs, const LstmState<Var<double>>& s0,
                  std::optional<Training> training) {
    const auto y = unroll(layer.cell, xs, s0, training);
    return {layer.projection(y.h), y};
}
LstmState<Var<double>> state_at(const Trajectory& y, Index k) { return state_at(y.cell, k); }
LstmState<Var<double>> final_state(const Trajectory& y) { return final_state(y.cell); }

}  // namespace mine

int main() {
    using namespace bptt;
    Rng rng(1);
    Stacked<Bidirectional<mine::Projected>> layer(6, 2, 2, rng);  // reads 6 features, 2 outputs of each direction, 2 layers
    std::cout << describe(layer);
    const auto checked = gradcheck(layer, {.inputs = 6, .batch = 3, .steps = 4, .lengths = {2, 4, 3}});
    std::cout << checked << "\n";
    return checked ? EXIT_SUCCESS : EXIT_FAILURE;
}
