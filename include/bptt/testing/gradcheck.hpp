#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/core/init.hpp"
#include "bptt/testing/gradcheck_alone.hpp"
#include "bptt/testing/gradcheck_loss.hpp"

namespace bptt {

/// The element whose gradient has the largest error relative to the tolerance there.
struct GradcheckResult {
    std::string tensor;  // a parameter's name, or "input 0", "input 1", …
    Index row = 0, col = 0;
    double analytic = 0;        // what backward() found
    double numeric = 0;         // by finite differences
    double relative_error = 0;  // |analytic − numeric| / max(|numeric|, 1e-2 max |gradient of the tensor|)
    double excess = -1;         // error / limit
    Index elements = 0;         // how many were compared

    /// False also where a gradient is NaN, or nothing was compared.
    explicit operator bool() const { return elements > 0 && excess <= 1; }
    friend std::ostream& operator<<(std::ostream& out, const GradcheckResult& r) {
        if (r.elements == 0) return out << "gradcheck: nothing was compared";
        return out << r.tensor << '(' << r.row << ", " << r.col << "): backward says " << r.analytic << ", differences say "
                   << r.numeric << ", relative error " << r.relative_error << " (worst of " << r.elements << ")";
    }
};

namespace detail {

template <class F>
concept Function = !HasParams<F>;

struct NoModel {
    static void params(auto&, auto&&) {}
};

struct Restore {
    double& value;
    const double before;

    explicit Restore(double& x) : value(x), before(x) {}
    Restore(const Restore&) = delete;
    ~Restore() { value = before; }
};

inline double largest_of(const Mat<double>& m) {
    double largest = 0;
    for (Index k = 0; k < m.size(); ++k) largest = (std::max)(largest, std::abs(m.data()[k]));
    return largest;
}

/// 4th-order central difference of the loss by x.
inline double difference(double& x, double h, auto& loss) {
    const Restore element(x);
    const auto at = [&](double step) { return x = element.before + step, loss.value(); };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/// Compares one tensor's gradient with finite differences, and keeps the worst element. One that exceeds its tolerance is tried
/// again with half the step: the truncation error is then 16 times smaller, but a wrong gradient fails again.
inline void compare_gradient(const std::string& tensor, Mat<double>& x, const Mat<double>& analytic, auto& loss,
                             GradcheckResult& worst) {
    constexpr double h = 1e-3;
    const double rounding = 8 * std::numeric_limits<double>::epsilon() * loss.magnitude();
    Mat<double> numeric(x.rows(), x.cols());
    for (Index k = 0; k < x.size(); ++k) numeric.data()[k] = difference(x.data()[k], h, loss);
    const double largest = largest_of(numeric);
    for (Index col = 0; col < x.cols(); ++col) {
        for (Index row = 0; row < x.rows(); ++row) {
            const double g = analytic(row, col), scale = (std::max)(std::abs(numeric(row, col)), 1e-2 * largest);
            const auto excess_of = [&](double n, double step) {
                return n == g ? 0 : std::abs(g - n) / (1e-8 * scale + rounding / step);
            };
            double n = numeric(row, col), excess = excess_of(n, h);
            if (excess > 1) {
                n = difference(x(row, col), h / 2, loss);
                excess = excess_of(n, h / 2);
            }
            ++worst.elements;
            if (excess <= worst.excess || std::isnan(worst.excess)) continue;
            const double relative = std::abs(g - n) / (scale > 0 ? scale : 1);
            worst = {tensor, row, col, g, n, relative, excess, worst.elements};
        }
    }
}

/// Compares a gradient that was found where other operands are constants with the one where none is: an op that leaves an
/// operand out of its list records nothing then.
inline void compare_alone(std::string tensor, std::string_view others, const Mat<double>& alone, const Mat<double>& together,
                          GradcheckResult& worst) {
    tensor.append(others);
    const double largest = largest_of(together);
    for (Index col = 0; col < together.cols(); ++col) {
        for (Index row = 0; row < together.rows(); ++row) {
            const double a = alone(row, col), t = together(row, col);
            const double relative = a == t ? 0 : std::abs(a - t) / largest, excess = relative / 1e-8;
            if (excess <= worst.excess || std::isnan(worst.excess)) continue;
            worst = {tensor, row, col, a, t, relative, excess, worst.elements};
        }
    }
}

}  // namespace detail

/// Compares the gradients of f, for each input and each parameter of the model, with finite differences. f(inputs...), or
/// f(tape, inputs...), takes Vars and returns a Var, Sequence, state or tuple of these; every output gets a random cotangent.
/// An element passes with |error| <= 1e-8 max(|g|, 1e-2 max |g| of its tensor) plus a term for rounding. Keep inputs 5e-3 away
/// from kinks. Use random states, 3 steps and a batch of 2 at least, or faults stay hidden. With each input alone tracked, and
/// with none, backward() must find the same. The model's gradients are overwritten.
template <HasParams M, class F, class... Inputs>
GradcheckResult gradcheck(M& model, const F& f, const Eigen::MatrixBase<Inputs>&... inputs) {
    std::array<Mat<double>, sizeof...(Inputs)> tensors{Mat<double>(inputs)...};
    detail::GradcheckLoss loss(f, tensors);
    detail::Extent(model).refuse_forgotten(loss.used());
    for_each_param(model, [](std::string_view, const auto& p) { p.zero_grad(); });
    const auto gradients = loss.gradients();
    GradcheckResult worst;
    for (std::size_t k = 0; k < gradients.size(); ++k)
        detail::compare_gradient("input " + std::to_string(k), tensors[k], gradients[k], loss, worst);
    std::vector<Mat<double>> of_params;
    for_each_distinct_param(model, [&](std::string_view name, auto& p) {
        detail::compare_gradient(std::string(name), p.value, p.grad, loss, worst);
        of_params.push_back(p.grad);
    });
    for (std::size_t k = 0; k < gradients.size(); ++k)
        detail::compare_alone("input " + std::to_string(k), " with the others constant", loss.gradients(k)[k], gradients[k],
                              worst);
    for_each_param(model, [](std::string_view, const auto& p) { p.zero_grad(); });
    loss.gradients(gradients.size());
    for_each_distinct_param(model, [&, k = std::size_t{0}](std::string_view name, const auto& p) mutable {
        detail::compare_alone(std::string(name), " with the inputs constant", p.grad, of_params[k++], worst);
    });
    return worst;
}
template <detail::Function F, class... Inputs>
GradcheckResult gradcheck(const F& f, const Eigen::MatrixBase<Inputs>&... inputs) {
    detail::NoModel none;
    return gradcheck(none, f, inputs...);
}

namespace detail {

/// A layer and the state that it starts from, as one model.
template <class L, class Start> struct LayerWithStart {
    L& layer;
    Start start;  // a state of Params

    const L& visited_as_own() const { return layer; }

    static void params(auto& m, auto&& f) {
        L::params(m.layer, f);
        for_each_named_field(m.start, [&](const std::string& name, auto& p) { f(name + " of s0", p); });
    }
};

}  // namespace detail

/// lengths: of each sequence, at most steps; if empty, each has all steps.
struct GradcheckSizes {
    Index inputs, batch = 2, steps = 3;
    std::vector<Index> lengths = {};
};
/// The same for a layer that is unrolled: a random input (input 0) and initial state, cotangents on the trajectory of every
/// field and on the final state. Throws where a sequence ends otherwise alone than in the batch.
template <Layer L> GradcheckResult gradcheck(L& layer, const GradcheckSizes& sizes, std::uint64_t seed = 1) {
    static_assert(std::is_same_v<typename L::Scalar, double>,
                  "gradcheck needs a layer of doubles: finite differences need double");
    static_assert(!std::is_const_v<L>, "gradcheck moves parameters to and fro: pass a layer that is not const");
    throw_unless(sizes.inputs > 0 && sizes.batch > 0 && sizes.steps > 0, "gradcheck: inputs is ", sizes.inputs, ", batch is ",
                 sizes.batch, ", steps is ", sizes.steps, "; all must be positive");
    std::vector<Index> table;
    const auto room = [&](Index n) { return table.resize(static_cast<std::size_t>(n)), table.data(); };
    Layout::of("gradcheck", sizes.batch * sizes.steps, sizes.batch, sizes.lengths, room);  // refuses lengths of another batch
    Rng rng(seed);
    const auto random = [&](Index rows, Index cols) {
        return random_matrix<double>(rows, cols, [&] { return rng.uniform(-1, 1); });
    };
    const Mat<double> x = random(sizes.inputs, sizes.batch * sizes.steps);
    auto start = map_state(zero_state(layer, sizes.batch),
                           [&](const Mat<double>& m) { return Param<double>(random(m.rows(), m.cols())); });
    detail::LayerWithStart<L, decltype(start)> model{layer, std::move(start)};
    const auto run = [&](Tape<double>& tape, Var<double> input) {
        const auto s0 = map_state(model.start, [&](const Param<double>& p) { return tape.watch(p); });
        const auto y = unroll(layer, sequence(input, sizes.batch, sizes.lengths), s0);
        return std::tuple(y, final_state(y));
    };
    detail::refuse_mixed(layer, x, map_state(model.start, [](const Param<double>& p) { return p.value; }), sizes.batch,
                         sizes.lengths);
    return gradcheck(model, run, x);
}

}  // namespace bptt
