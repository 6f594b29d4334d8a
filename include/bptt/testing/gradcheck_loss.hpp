#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "bptt/core/init.hpp"
#include "bptt/sequence/state.hpp"
#include "bptt/testing/gradcheck_visits.hpp"

namespace bptt::detail {

/// Calls f(Var) for each Var in the result of a function: a Var, Sequence, state, trajectory, or a tuple or array of these.
template <class Y> void for_each_output(const Y& y, auto& f) {
    if constexpr (is_var<Y>)
        f(y);
    else if constexpr (requires { y.all; })
        f(y.all);
    else if constexpr (is_state_array<Y>)
        for (Index k = 0; k < y.count; ++k) for_each_output(y[k], f);
    else if constexpr (requires { std::tuple_size<Y>::value; })
        std::apply([&](const auto&... part) { (for_each_output(part, f), ...); }, y);
    else
        std::apply([&](const auto&... part) { (for_each_output(part, f), ...); }, fields(y));
}

/// L = Σ cotangent ⊙ output over all outputs of f(inputs), with random cotangents.
template <class F, std::size_t n> class GradcheckLoss {
public:
    GradcheckLoss(const F& f, std::array<Mat<double>, n>& inputs) : f_(f), inputs_(inputs) {
        Tape<double>::Pause pause(tape_);
        Rng rng(17);
        for (const Var<double>& y : outputs())
            cotangents_.push_back(random_matrix<double>(y.rows(), y.cols(), [&] { return rng.uniform(-1, 1); }));
    }
    double value() {
        Tape<double>::Pause pause(tape_);
        return weigh(outputs(), [](double ry) { return ry; });
    }
    /// Σ |cotangent ⊙ output|: rounding errors of the loss are in proportion to it.
    double magnitude() {
        Tape<double>::Pause pause(tape_);
        return weigh(outputs(), [](double ry) { return std::abs(ry); });
    }
    /// ∂L/∂input of each, zeros where it is a constant; ∂L/∂parameter is added to the parameters' own gradients. Without an
    /// `only` all inputs are tracked, else that one alone, or none if it is no input's number.
    std::vector<Mat<double>> gradients(std::optional<std::size_t> only = {}) {
        const auto ys = outputs(only);
        const std::span<const Var<double>> parents(ys);
        const auto pullback = [kept = tape_.keep(parents), this](Var<double> loss) {
            for (std::size_t k = 0; k < kept.size(); ++k) kept[k].accumulate(cotangents_[k] * loss.grad()(0, 0));
        };
        const auto any_value = [](auto loss) { loss(0, 0) = 1; };
        const auto loss = record(parents, 1, 1, any_value, pullback);
        if (loss.tracked() || !only) backward(loss);
        std::vector<Mat<double>> gradients;
        for (const Var<double>& x : variables_)
            gradients.push_back(x.tracked() ? Mat<double>(x.grad()) : Mat<double>::Zero(x.rows(), x.cols()));
        return gradients;
    }

    /// The parameters that f uses.
    std::vector<const Param<double>*> used() {
        const Tape<double>::Pause pause(tape_);
        WatchedParams<double> watched(tape_);
        outputs();
        return watched.params;
    }

private:
    std::vector<Var<double>> outputs(std::optional<std::size_t> only = {}) {
        tape_.clear();
        for (std::size_t k = 0; k < n; ++k)
            variables_[k] = only.value_or(k) == k ? tape_.variable(inputs_[k]) : tape_.constant(inputs_[k]);
        std::vector<Var<double>> ys;
        const auto keep = [&](const Var<double>& y) { ys.push_back(y); };
        const auto run = [&](auto... x) {
            if constexpr (std::is_invocable_v<const F&, Tape<double>&, decltype(x)...>)
                for_each_output(f_(tape_, x...), keep);
            else
                for_each_output(f_(x...), keep);
        };
        std::apply(run, variables_);
        throw_unless(!ys.empty(), "gradcheck: the function returns no variables");
        return ys;
    }
    double weigh(const std::vector<Var<double>>& ys, auto each) const {
        double total = 0;
        for (std::size_t k = 0; k < ys.size(); ++k) total += ys[k].value().cwiseProduct(cotangents_[k]).unaryExpr(each).sum();
        return total;
    }

    const F& f_;
    std::array<Mat<double>, n>& inputs_;
    std::array<Var<double>, n> variables_;
    std::vector<Mat<double>> cotangents_;
    Tape<double> tape_;
};

}  // namespace bptt::detail
