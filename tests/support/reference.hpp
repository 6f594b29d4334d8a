#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// The cells once more, in plain loops over doubles, for one sequence at a time.
namespace reference {

using Column = std::vector<double>;
using Weights = std::map<std::string, std::vector<Column>>;  // a parameter's rows
using State = std::vector<Column>;                           // its fields: h, or h and c

inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

inline double dot(const Column& w, const Column& x) {
    double total = 0;
    for (std::size_t j = 0; j < x.size(); ++j) total += w[j] * x[j];
    return total;
}

/// Row k of Wx x + Wh h + b.
inline double sum(const Weights& w, std::size_t k, const Column& x, const Column& h) {
    return dot(w.at("Wx")[k], x) + dot(w.at("Wh")[k], h) + w.at("b")[k][0];
}

inline State rnn(const Weights& w, double (*activation)(double), const Column& x, const State& s) {
    Column h;
    for (std::size_t k = 0; k < s[0].size(); ++k) h.push_back(activation(sum(w, k, x, s[0])));
    return {h};
}

enum class Peep { none, current, previous, full };

inline State lstm(const Weights& w, Peep form, const Column& x, const State& s) {
    const std::size_t n = s[0].size();
    const auto peep = [&](const char* name, std::size_t k, const Column& c) {
        if (form == Peep::none) return 0.0;
        return form == Peep::full ? dot(w.at(name)[k], c) : w.at(name)[k][0] * c[k];
    };
    Column h, c;
    for (std::size_t k = 0; k < n; ++k) {
        const double i = logistic(sum(w, k, x, s[0]) + peep("Pi", k, s[1]));
        const double f = logistic(sum(w, n + k, x, s[0]) + peep("Pf", k, s[1]));
        c.push_back(f * s[1][k] + i * std::tanh(sum(w, 2 * n + k, x, s[0])));
    }
    for (std::size_t k = 0; k < n; ++k) {
        const double o = logistic(sum(w, 3 * n + k, x, s[0]) + peep("Po", k, form == Peep::current ? c : s[1]));
        h.push_back(o * std::tanh(c[k]));
    }
    return {h, c};
}

inline State gru(const Weights& w, bool reset_after, const Column& x, const State& s) {
    const Column& old = s[0];
    const std::size_t n = old.size();
    Column r, reset, h;
    for (std::size_t k = 0; k < n; ++k) {
        r.push_back(logistic(sum(w, k, x, old)));
        reset.push_back(r[k] * old[k]);
    }
    for (std::size_t k = 0; k < n; ++k) {
        const double u = logistic(sum(w, n + k, x, old));
        const double from_state =
            reset_after ? r[k] * (dot(w.at("Wh")[2 * n + k], old) + w.at("bh")[k][0]) : dot(w.at("Wh")[2 * n + k], reset);
        const double candidate = std::tanh(dot(w.at("Wx")[2 * n + k], x) + w.at("b")[2 * n + k][0] + from_state);
        h.push_back((1 - u) * candidate + u * old[k]);
    }
    return {h};
}

inline Column highway(const Weights& w, double (*activation)(double), const Column& x) {
    Column y;
    for (std::size_t k = 0; k < x.size(); ++k) {
        const double g = logistic(dot(w.at("Wt")[k], x) + w.at("bt")[k][0]);
        y.push_back(g * activation(dot(w.at("Wh")[k], x) + w.at("bh")[k][0]) + (1 - g) * x[k]);
    }
    return y;
}

/// The state after each step, at the step's own place; a reversed run goes from the last step to the first.
template <class Step> std::vector<State> run(const Step& step, const std::vector<Column>& xs, State s, bool reversed) {
    std::vector<State> states(xs.size());
    for (std::size_t k = 0; k < xs.size(); ++k) {
        const std::size_t t = reversed ? xs.size() - 1 - k : k;
        states[t] = s = step(xs[t], s);
    }
    return states;
}

}  // namespace reference
