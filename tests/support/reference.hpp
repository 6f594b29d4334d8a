#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bptt/core/options.hpp"
#include "support/layers.hpp"

/// The cells once more, in plain loops over doubles, for one sequence at a time.
namespace reference {

using bptt::Index;
using Numbers = bptt::Mat<double>;
using Weights = std::map<std::string, Numbers>;
using State = std::vector<Numbers>;  // its fields, a column each: h, or h and c
using Step = std::function<State(const Weights&, const Numbers& x, const State&)>;

inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Row k of w times x.
inline double dot(const Numbers& w, Index k, const Numbers& x) {
    double total = 0;
    for (Index j = 0; j < x.rows(); ++j) total += w(k, j) * x(j);
    return total;
}
/// Row k of Wx x + Wh h + b.
inline double sum(const Weights& w, Index k, const Numbers& x, const Numbers& h) {
    return dot(w.at("Wx"), k, x) + dot(w.at("Wh"), k, h) + w.at("b")(k);
}

inline Step rnn(double (*activation)(double)) {
    return [=](const Weights& w, const Numbers& x, const State& s) {
        Numbers h = s[0];
        for (Index k = 0; k < h.rows(); ++k) h(k) = activation(sum(w, k, x, s[0]));
        return State{h};
    };
}

inline Step lstm(bptt::Peephole form) {
    return [=](const Weights& w, const Numbers& x, const State& s) {
        const Index n = s[0].rows();
        const auto peep = [&](const char* name, Index k, const Numbers& c) {
            if (form == bptt::Peephole::none) return 0.0;
            return form == bptt::Peephole::full ? dot(w.at(name), k, c) : w.at(name)(k) * c(k);
        };
        Numbers h = s[0], c = s[1];
        for (Index k = 0; k < n; ++k) {
            const double i = logistic(sum(w, k, x, s[0]) + peep("Pi", k, s[1]));
            const double f = logistic(sum(w, n + k, x, s[0]) + peep("Pf", k, s[1]));
            c(k) = f * s[1](k) + i * std::tanh(sum(w, 2 * n + k, x, s[0]));
        }
        for (Index k = 0; k < n; ++k) {
            const auto& seen = form == bptt::Peephole::current ? c : s[1];
            h(k) = logistic(sum(w, 3 * n + k, x, s[0]) + peep("Po", k, seen)) * std::tanh(c(k));
        }
        return State{h, c};
    };
}

inline Step gru(bptt::Reset form) {
    return [=](const Weights& w, const Numbers& x, const State& s) {
        const Numbers& old = s[0];
        const Index n = old.rows();
        Numbers r = old, reset = old, h = old;
        for (Index k = 0; k < n; ++k) {
            r(k) = logistic(sum(w, k, x, old));
            reset(k) = r(k) * old(k);
        }
        for (Index k = 0; k < n; ++k) {
            const double u = logistic(sum(w, n + k, x, old));
            const double from_state = form == bptt::Reset::after ? r(k) * (dot(w.at("Wh"), 2 * n + k, old) + w.at("bh")(k))
                                                                 : dot(w.at("Wh"), 2 * n + k, reset);
            const double candidate = std::tanh(dot(w.at("Wx"), 2 * n + k, x) + w.at("b")(2 * n + k) + from_state);
            h(k) = (1 - u) * candidate + u * old(k);
        }
        return State{h};
    };
}

/// What came out of a run, against the equations for each sequence alone; a reversed run goes from its last step to its first.
inline void check_values(const Step& step, const Weights& w, const LayerInputs& in, const LayerOutputs& found) {
    CAPTURE(in);
    const Index batch = std::ssize(in.lengths);
    for (Index b = 0; b < batch; ++b) {
        State s;
        for (const auto& m : in.s0) s.push_back(m.col(b));
        const auto apart = [&](const std::string& name, std::size_t field, Index column) {
            return (found.at(name).col(column) - s[field]).cwiseAbs().sum();
        };
        const Index length = in.lengths[static_cast<std::size_t>(b)];
        for (Index k = 0; k < length; ++k) {
            const Index column = (in.reversed ? length - 1 - k : k) * batch + b;
            s = step(w, in.x.col(column), s);
            CHECK(apart("y", 0, column) < 1e-13);
            if (s.size() > 1) CHECK(apart("y.1", 1, column) < 1e-13);
        }
        for (std::size_t field = 0; field < s.size(); ++field) CHECK(apart("sT." + std::to_string(field), field, b) < 1e-13);
    }
}

/// A cell against its equations: random sizes and lengths, both directions; with all its weights, and with b and one other
/// parameter alone.
template <class C> void check(const Step& step) {
    bptt::Rng rng(1);
    for (int trial = 0; trial < 12; ++trial) {
        const Index inputs = 1 + rng.below(5), units = 1 + rng.below(6);
        std::vector<Index> lengths(static_cast<std::size_t>(1 + rng.below(5)));
        for (Index& n : lengths) n = rng.below(7);
        C cell(inputs, units, rng);
        randomise(cell, rng);
        Weights weights;
        for_each_param(cell, [&, k = 0](std::string_view name, auto& p) mutable {
            if (k++ != trial && trial < 6 && name != "b") p.value.setZero();
            weights[std::string(name)] = p.value;
        });
        LayerInputs in = random_inputs(cell, inputs, lengths, rng);
        for (const bool back : {false, true}) {
            in.reversed = back;
            check_values(step, weights, in, run_layer(cell, in));
        }
    }
}

}  // namespace reference
