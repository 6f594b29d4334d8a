#pragma once

#include <array>
#include <cmath>

#include "bptt/train/optimizer.hpp"

namespace bptt {

// The formulas and the defaults are PyTorch's, but for Sgd's default rate; g is the gradient, t the step, from 1.

struct SgdOptions {
    double rate = 1e-2, momentum = 0, decay = 0;
    bool nesterov = false;
};
template <class T> struct SgdFormula {
    using Scalar = T;
    using Options = SgdOptions;
    static constexpr const char* name = "Sgd";
    static constexpr std::array<const char*, 1> moments = {"v"};
    static void visit(auto& o, auto&& f) {
        using enum OptionRange;
        f("rate", o.rate, not_negative), f("momentum", o.momentum, not_negative);
        f("decay", o.decay, not_negative), f("nesterov", o.nesterov, any);
    }
    static auto update(const Options& o, double) {
        return
            [rate = T(o.rate), momentum = T(o.momentum), decay = T(o.decay), nesterov = o.nesterov](auto& p, auto g, auto& v) {
                g = g + decay * p;
                v = momentum * v + g;
                p = p - rate * (nesterov ? g + momentum * v : v);
            };
    }
};
/// g += decay p;  v = momentum v + g (at t = 1: v = g);  p −= rate v, with nesterov rate (g + momentum v).
template <class T> using Sgd = Optimizer<SgdFormula<T>>;

struct AdagradOptions {
    double rate = 1e-2, decay = 0, epsilon = 1e-10;
};
template <class T> struct AdagradFormula {
    using Scalar = T;
    using Options = AdagradOptions;
    static constexpr const char* name = "Adagrad";
    static constexpr std::array<const char*, 1> moments = {"s"};
    static void visit(auto& o, auto&& f) {
        using enum OptionRange;
        f("rate", o.rate, not_negative), f("decay", o.decay, not_negative);
        f("epsilon", o.epsilon, positive);
    }
    static auto update(const Options& o, double) {
        return [rate = T(o.rate), decay = T(o.decay), epsilon = T(o.epsilon)](auto& p, auto g, auto& s) {
            g = g + decay * p;
            s = s + g * g;
            p = p - rate * g / (sqrt(s) + epsilon);
        };
    }
};
/// g += decay p;  s += g²;  p −= rate g / (√s + epsilon) (Duchi et al. 2011).
template <class T> using Adagrad = Optimizer<AdagradFormula<T>>;

struct RmsPropOptions {
    double rate = 1e-2, alpha = 0.99, decay = 0, epsilon = 1e-8;
};
template <class T> struct RmsPropFormula {
    using Scalar = T;
    using Options = RmsPropOptions;
    static constexpr const char* name = "RmsProp";
    static constexpr std::array<const char*, 1> moments = {"s"};
    static void visit(auto& o, auto&& f) {
        using enum OptionRange;
        f("rate", o.rate, not_negative), f("alpha", o.alpha, below_one);
        f("decay", o.decay, not_negative), f("epsilon", o.epsilon, positive);
    }
    static auto update(const Options& o, double) {
        return [rate = T(o.rate), alpha = T(o.alpha), rest = T(1 - o.alpha), decay = T(o.decay), epsilon = T(o.epsilon)](
                   auto& p, auto g, auto& s) {
            g = g + decay * p;
            s = alpha * s + rest * (g * g);
            p = p - rate * g / (sqrt(s) + epsilon);
        };
    }
};
/// g += decay p;  s = alpha s + (1 − alpha) g²;  p −= rate g / (√s + epsilon) (Tieleman and Hinton 2012).
template <class T> using RmsProp = Optimizer<RmsPropFormula<T>>;

struct AdamOptions {
    double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, decay = 0, epsilon = 1e-8;
};
template <class T> struct AdamFormula {
    using Scalar = T;
    using Options = AdamOptions;
    static constexpr const char* name = "Adam";
    static constexpr std::array<const char*, 2> moments = {"m", "s"};
    static void visit(auto& o, auto&& f) {
        using enum OptionRange;
        f("rate", o.rate, not_negative), f("decay", o.decay, not_negative);
        f("beta1", o.beta1, below_one), f("beta2", o.beta2, below_one);
        f("epsilon", o.epsilon, positive);
    }
    static auto update(const Options& o, double t) {
        return
            [step = undecayed(o, t), decay = T(o.decay)](auto& p, auto g, auto& m, auto& s) { step(p, g + decay * p, m, s); };
    }
    /// The formula without the decay.
    static auto undecayed(const auto& o, double t) {
        return [rate = T(o.rate), beta1 = T(o.beta1), beta2 = T(o.beta2), rest1 = T(1 - o.beta1), rest2 = T(1 - o.beta2),
                unbias1 = T(1 - std::pow(o.beta1, t)), unbias2 = T(1 - std::pow(o.beta2, t)),
                epsilon = T(o.epsilon)](auto& p, auto g, auto& m, auto& s) {
            m = beta1 * m + rest1 * g;
            s = beta2 * s + rest2 * (g * g);
            p = p - rate * (m / unbias1) / (sqrt(s / unbias2) + epsilon);
        };
    }
};
/// g += decay p;  m = β₁ m + (1 − β₁) g;  s = β₂ s + (1 − β₂) g²;
/// p −= rate (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + epsilon) (Kingma and Ba 2015).
template <class T> using Adam = Optimizer<AdamFormula<T>>;

struct AdamWOptions {
    double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, decay = 1e-2, epsilon = 1e-8;
};
template <class T> struct AdamWFormula : AdamFormula<T> {
    using Options = AdamWOptions;
    static constexpr const char* name = "AdamW";
    static auto update(const Options& o, double t) {
        return [step = AdamFormula<T>::undecayed(o, t), keep = T(1 - o.rate * o.decay)](auto& p, auto g, auto& m, auto& s) {
            p = keep * p;
            step(p, g, m, s);
        };
    }
};
/// p −= rate decay p, which the moments do not see; then as Adam (Loshchilov and Hutter 2019).
template <class T> using AdamW = Optimizer<AdamWFormula<T>>;

}  // namespace bptt
