#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/testing/gradcheck_loss.hpp"
#include "catch.hpp"
#include "support/params.hpp"
#include "support/shapes.hpp"

/// A batch to run a layer on, and cotangents of all that comes out.
struct LayerInputs {
    bptt::Mat<double> x;                // inputs × (steps·batch), the user's order
    std::vector<bptt::Index> lengths;   // of each sequence
    std::vector<bptt::Mat<double>> s0;  // by field
    std::vector<bptt::Mat<double>> dy;  // outputs × (steps·batch), then those of the other trajectories; an empty one is zero
    std::vector<bptt::Mat<double>> dsT;  // by field
    bool reversed = false, paused = false;
    int threads = 1;

    friend std::ostream& operator<<(std::ostream& out, const LayerInputs& in) {
        out << in.x.rows() << " inputs, lengths";
        for (const bptt::Index n : in.lengths) out << ' ' << n;
        return out << ", reversed " << in.reversed << ", threads " << in.threads;
    }
};

/// All that comes out: "y", "y.1" … of every trajectory, "sT.0" …, "dx", "d.s0.0" …, and "d.NAME" of every parameter.
using LayerOutputs = std::map<std::string, bptt::Mat<double>>;

template <class T> struct Trajectories {
    std::vector<bptt::Sequence<T>> y;  // the output first
    std::vector<bptt::Var<T>> sT;
};
/// A layer whose type is forgotten, so that what runs it is compiled once: (xs, the fields of s0).
template <class T> using AnyLayer = std::function<Trajectories<T>(const bptt::Sequence<T>&, const std::vector<bptt::Var<T>>&)>;

/// Forward, and backward of L = Σ dy ⊙ y + Σ dsT ⊙ sT; under a pause the values alone. Each gradient is added to 0.5, so that
/// one shows that is written over what is there.
template <class T> LayerOutputs run_any(const AnyLayer<T>& layer, const NamedParams<T>& params, const LayerInputs& in) {
    constexpr T there(0.5);
    const bptt::Threads threads(in.threads);
    bptt::Tape<T> tape(threads);
    std::optional<typename bptt::Tape<T>::Pause> pause;
    if (in.paused) pause.emplace(tape);
    std::vector<bptt::Var<T>> s0, used;
    std::vector<bptt::Mat<T>> cotangents;
    const auto variable = [&](const bptt::Mat<double>& m) {
        cotangents.push_back(bptt::Mat<T>::Constant(m.rows(), m.cols(), there));
        return used.emplace_back(tape.variable(m.template cast<T>()));
    };
    const auto x = variable(in.x);
    for (const auto& m : in.s0) s0.push_back(variable(m));
    const auto xs = sequence(x, std::ssize(in.lengths), in.lengths);
    const Trajectories<T> found = layer(in.reversed ? reversed(xs) : xs, s0);

    LayerOutputs out;
    const auto look = [&](const std::string& name, bptt::Var<T> v, const std::vector<bptt::Mat<double>>& all, std::size_t k) {
        out[name] = v.value().template cast<double>();
        if (k >= all.size() || all[k].size() == 0) return;
        used.push_back(v);
        cotangents.push_back(all[k].leftCols(v.cols()).template cast<T>());
    };
    for (std::size_t k = 0; k < found.y.size(); ++k) look(k ? "y." + std::to_string(k) : "y", padded(found.y[k]), in.dy, k);
    for (std::size_t k = 0; k < found.sT.size(); ++k) look("sT." + std::to_string(k), found.sT[k], in.dsT, k);
    if (in.paused) return out;
    for (const auto& [name, p] : params) p->grad.setConstant(p->rows(), p->cols(), there);
    const std::span<const bptt::Var<T>> parents(used);
    const auto pullback = [kept = tape.keep(parents), &cotangents](bptt::Var<T>) {
        for (std::size_t k = 0; k < kept.size(); ++k) kept[k].accumulate(cotangents[k]);
    };
    backward(record(
        parents, 1, 1, [](auto loss) { loss.setZero(); }, pullback));
    const auto keep = [&](const std::string& name, const bptt::Mat<T>& grad) {
        out["d" + name] = (grad.array() - there).matrix().template cast<double>();
    };
    keep("x", x.grad());
    for (std::size_t k = 0; k < s0.size(); ++k) keep(".s0." + std::to_string(k), s0[k].grad());
    for (const auto& [name, p] : params) keep("." + name, p->grad);
    return out;
}

template <class T> struct Next {
    const std::vector<bptt::Var<T>>& from;
    std::size_t k = 0;
    bptt::Var<T> operator()(const bptt::Mat<T>&) { return from.at(k++); }
};

/// unroll(layer, xs, s0), or another `how`.
template <class L, class How, class T = typename L::Scalar> AnyLayer<T> any_layer(const L& layer, How how) {
    return [&layer, how](const bptt::Sequence<T>& xs, const std::vector<bptt::Var<T>>& fields) {
        const auto y = how(layer, xs, map_state(bptt::zero_state(layer, 0), Next<T>{fields}));
        const auto sT = final_state(y);
        Trajectories<T> found;
        const auto keep_trajectory = [&](const bptt::Var<T>& v) { found.y.push_back(y.h.with(v)); };
        const auto keep_state = [&](const bptt::Var<T>& v) { found.sT.push_back(v); };
        bptt::detail::for_each_output(y, keep_trajectory);
        bptt::detail::for_each_output(sT, keep_state);
        return found;
    };
}
inline constexpr auto by_unroll = [](const auto&... arguments) { return unroll(arguments...); };
inline constexpr auto by_steps = [](const auto&... arguments) { return unroll_steps(arguments...); };

template <class L, class How = decltype(by_unroll)> LayerOutputs run_layer(L& layer, const LayerInputs& in, How how = {}) {
    using T = typename L::Scalar;
    return run_any<T>(any_layer(layer, how), params_of<T>(layer), in);
}

/// Random numbers for all of it; steps = the longest length. `trajectories`, `fields`: how many rows each has.
inline LayerInputs random_inputs(bptt::Index inputs, const std::vector<bptt::Index>& trajectories,
                                 const std::vector<bptt::Index>& fields, std::vector<bptt::Index> lengths, bptt::Rng& rng) {
    const bptt::Index batch = std::ssize(lengths), columns = batch * std::ranges::max(lengths);
    LayerInputs in{random_mat(inputs, columns, rng), std::move(lengths), {}, {}, {}};
    for (const bptt::Index rows : trajectories) in.dy.push_back(random_mat(rows, columns, rng));
    for (const bptt::Index rows : fields) {
        in.s0.push_back(random_mat(rows, batch, rng));
        in.dsT.push_back(random_mat(rows, batch, rng));
    }
    return in;
}
template <class L>
LayerInputs random_inputs(const L& layer, bptt::Index inputs, std::vector<bptt::Index> lengths, bptt::Rng& rng) {
    std::vector<bptt::Index> fields;
    const auto zeros = bptt::zero_state(layer, 0);
    for_each_field(zeros, [&](const auto& m) { fields.push_back(m.rows()); });
    return random_inputs(inputs, bptt::Cell<L> ? fields : std::vector{bptt::detail::outputs_of(layer)}, fields,
                         std::move(lengths), rng);
}

/// Every part of `expected`, within `tolerance` of 1 + its largest number.
inline void check_near(const LayerOutputs& found, const LayerOutputs& expected, double tolerance) {
    REQUIRE_FALSE(expected.empty());
    for (const auto& [name, m] : expected) {
        CAPTURE(name);
        REQUIRE(found.contains(name));
        const auto& ours = found.at(name);
        REQUIRE(bptt::shape(ours) == bptt::shape(m));
        if (m.size() > 0) CHECK(((ours - m).array().abs() <= tolerance * (1 + m.cwiseAbs().maxCoeff())).all());
    }
}
