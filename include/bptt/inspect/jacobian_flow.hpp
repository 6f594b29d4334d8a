#pragma once

#include <Eigen/Eigenvalues>
#include <cmath>
#include <string_view>
#include <type_traits>
#include <vector>

#include "bptt/inspect/gradient_flow.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"

// bptt.hpp leaves this header out: Eigen's eigenvalues take seconds to compile.

namespace bptt {

namespace detail {

/// √λ, the largest eigenvalue λ of J Jᵀ. J is scaled, so that squares do not leave the range of double.
template <class T> double largest_singular_value(const Mat<T>& J) {
    using Square = Eigen::MatrixXd;
    const auto largest = static_cast<double>(J.cwiseAbs().template maxCoeff<Eigen::PropagateNaN>());
    if (!(largest > 0) || std::isinf(largest)) return largest;
    const Square scaled = J.template cast<double>() / largest;
    const Eigen::SelfAdjointEigenSolver<Square> solver(scaled * scaled.transpose(), Eigen::EigenvaluesOnly);
    return largest * std::sqrt(solver.eigenvalues()(solver.eigenvalues().size() - 1));
}

/// While it lives, gradients of the cell's parameters may change; then they are as before.
template <HasParams M> class GradientsKept {
public:
    explicit GradientsKept(const M& model) : model_(model) {
        for_each_param(model_, [&](std::string_view, const auto& p) { before_.push_back(p.grad); });
    }
    ~GradientsKept() {
        auto before = before_.begin();
        // Copied to where they were: another tape may know that place. Nothing is allocated.
        for_each_param(model_, [&](std::string_view, const auto& p) { p.grad = *before++; });
    }
    GradientsKept(const GradientsKept&) = delete;
    GradientsKept& operator=(const GradientsKept&) = delete;

private:
    const M& model_;
    std::vector<Mat<typename M::Scalar>> before_;
};

}  // namespace detail

/// For each field of the cell's state the largest singular value of ∂h_T/∂(that field) after 0, 1, …, T steps over the one
/// sequence x, features × T: how much an error of the output h_T can grow on its way back there. s0: plain matrices of one
/// column; zeros without it. It costs what a batch of units() such sequences costs, forward and backward, and an eigenvalue of
/// a units() × units() matrix per field and step. The gradients of the parameters stay as they are.
template <Cell C, class T = typename C::Scalar>
GradientFlow jacobian_flow(const C& cell, const Mat<std::type_identity_t<T>>& x, const StateOf<C, Mat<T>>& s0) {
    detail::for_each_field_to_check(s0, [](const Mat<T>& m, const auto& name) {
        throw_unless(m.cols() == 1, "jacobian_flow: ", name, " of the state s0 is ", shape(m), ", x is one sequence");
    });
    const Index units = cell.units();
    const detail::GradientsKept<C> kept(cell);
    Tape<T> tape;
    const auto xs = Sequence<T>::of(tape, std::vector<Mat<T>>(static_cast<std::size_t>(units), x));
    const auto starts = map_state(s0, [&](const Mat<T>& m) -> Mat<T> { return m.replicate(1, units); });
    // Row i of the Jacobian is the gradient of unit i of h_T: each copy of the sequence asks for another unit's.
    const auto one_unit_each = [&](const auto& y) {
        return sum(final_state(y.h) % tape.constant(Mat<T>::Identity(units, units)));
    };
    return detail::flow_of(cell, xs, starts, one_unit_each, detail::largest_singular_value<T>);
}
template <Cell C, class T = typename C::Scalar>
GradientFlow jacobian_flow(const C& cell, const Mat<std::type_identity_t<T>>& x) {
    return jacobian_flow(cell, x, zero_state(cell, 1));
}

}  // namespace bptt
