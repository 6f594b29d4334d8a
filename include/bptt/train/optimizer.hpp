#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bptt/autograd/visits.hpp"
#include "bptt/kernels/gates.hpp"

namespace bptt {

namespace detail {

template <std::floating_point T> void check_not_negative(const char* optimizer, const char* option, T value) {
    throw_unless(value >= 0 && std::isfinite(value), optimizer, ": ", option, " is ", value, ", not finite and 0 or more");
}
template <std::floating_point T> void check_below_one(const char* optimizer, const char* option, T value) {
    throw_unless(value >= 0 && value < 1, optimizer, ": ", option, " is ", value, ", not at least 0 and below 1");
}

/// What an optimiser remembers: `count` matrices for each parameter, zero at first, by the parameter's name.
template <class T, std::size_t count> class OptimizerState {
public:
    using Moments = std::array<Mat<T>, count>;

    /// Calls update(value, gradient, moments…) with each packet of every parameter (a tied one once); it changes them. steps()
    /// counts the calls of step(). If shapes or names do not fit, or a gradient is not finite, it throws before anything
    /// changes.
    template <class M, class Update> void step(const char* optimizer, M& model, Update update) {
        static_assert(HasParams<M>, "an optimiser steps a model: a type with `static void params(auto& m, auto&& f)`");
        static_assert(!std::is_const_v<M>, "an optimiser's step changes the model: pass one that is not const");
        prepare(optimizer, model);
        ++steps_;
        for_each_distinct_param(model, [&](std::string_view name, Param<T>& p) {
            Entry& known = known_.find(name)->second;
            std::apply([&](auto&... m) { update_packets(update, p.value, p.grad, m...); }, known.moments);
            known.place = &p;
            known.value = first_of(p);
        });
    }
    std::int64_t steps() const { return steps_; }

private:
    struct Entry {
        Moments moments;
        std::int64_t visit;           // the last call of prepare() that met it
        const void* place = nullptr;  // of the parameter and its first number, as the last step left them
        T value = 0;
    };
    using ByName = std::map<std::string, Entry, std::less<>>;

    template <class Update> static void update_packets(const Update& update, Mat<T>& value, const Mat<T>& gradient,
                                                       std::same_as<Mat<T>> auto&... moments) {
        kernels::each_packet<T>(value.size(), [&](Index k, auto lanes) {
            const auto update_loaded = [&](auto p, auto... m) {
                update(p, lanes.load(gradient.data() + k), m...);
                lanes.store(value.data() + k, p);
                (lanes.store(moments.data() + k, m), ...);
            };
            update_loaded(lanes.load(value.data() + k), lanes.load(moments.data() + k)...);
        });
    }
    static T first_of(const Param<T>& p) { return p.value.size() > 0 ? p.value.data()[0] : T(0); }

    void prepare(const char* optimizer, const auto& model) {
        if (visits_ == 0) check_visits(optimizer, model);
        ByName fresh;
        std::string other;  // a parameter of another model
        ++visits_;
        for_each_distinct_param(model, [&](std::string_view name, const auto& p) {
            static_assert(std::is_same_v<decltype(p), const Param<T>&>, "the optimiser's scalar is not the model's");
            throw_unless(shape(p.grad) == shape(p.value), optimizer, ": ", name, " is ", shape(p.value), ", its gradient is ",
                         shape(p.grad));
            throw_unless((p.grad.array() * T(0)).sum() == 0, optimizer, ": the gradient of ", name, " is not finite");
            const auto known = known_.find(name);
            const bool again = known == known_.end() ? fresh.contains(name) : known->second.visit == visits_;
            throw_unless(!again, optimizer, ": two parameters are named ", name);
            if (known != known_.end()) {
                throw_unless(shape(known->second.moments[0]) == shape(p.value), optimizer, ": ", name, " is ", shape(p.value),
                             ", it was ", shape(known->second.moments[0]), "; one optimiser serves one model");
                if (known->second.place != &p && known->second.value != first_of(p)) other = name;
                known->second.visit = visits_;
            } else {
                Moments zeros;
                zeros.fill(Mat<T>::Zero(p.rows(), p.cols()));
                fresh.emplace(name, Entry{std::move(zeros), visits_});
            }
        });
        for (const auto& [name, entry] : known_)
            throw_unless(entry.visit == visits_, optimizer, ": the model has no ", name,
                         " any more; one optimiser serves one model");
        throw_unless(other.empty(), optimizer, ": ", other,
                     " is neither the parameter of the last step nor has its value; one optimiser serves one model");
        known_.merge(fresh);
    }

    ByName known_;
    std::int64_t steps_ = 0, visits_ = 0;
};

}  // namespace detail

// One optimiser serves one model. `options` may change between steps (a learning-rate schedule). The formulas and the defaults
// are PyTorch's, but for Sgd's default rate; g is the gradient, t the step, from 1.

template <class T> struct SgdOptions {
    T rate = T(1e-2), momentum = 0, decay = 0;
    bool nesterov = false;
};
/// g += decay p;  v = momentum v + g (at t = 1: v = g);  p −= rate v, with nesterov rate (g + momentum v).
template <class T> class Sgd {
public:
    SgdOptions<T> options;

    explicit Sgd(SgdOptions<T> o = {}) : options(o) { check_options(); }

    void step(auto& model) {
        check_options();
        const auto o = options;
        state_.step("Sgd", model, [&](auto& p, auto g, auto& v) {
            g = g + o.decay * p;
            v = o.momentum * v + g;
            p = p - o.rate * (o.nesterov ? g + o.momentum * v : v);
        });
    }

private:
    void check_options() const {
        detail::check_not_negative("Sgd", "rate", options.rate);
        detail::check_not_negative("Sgd", "momentum", options.momentum);
        detail::check_not_negative("Sgd", "decay", options.decay);
    }

    detail::OptimizerState<T, 1> state_;
};

template <class T> struct AdagradOptions { T rate = T(1e-2), epsilon = T(1e-10); };
/// s += g²;  p −= rate g / (√s + epsilon) (Duchi et al. 2011).
template <class T> class Adagrad {
public:
    AdagradOptions<T> options;

    explicit Adagrad(AdagradOptions<T> o = {}) : options(o) { check_options(); }

    void step(auto& model) {
        check_options();
        const auto o = options;
        state_.step("Adagrad", model, [&](auto& p, auto g, auto& s) {
            s = s + g * g;
            p = p - o.rate * g / (sqrt(s) + o.epsilon);
        });
    }

private:
    void check_options() const {
        detail::check_not_negative("Adagrad", "rate", options.rate);
        detail::check_not_negative("Adagrad", "epsilon", options.epsilon);
    }

    detail::OptimizerState<T, 1> state_;
};

template <class T> struct RmsPropOptions { T rate = T(1e-2), alpha = T(0.99), epsilon = T(1e-8); };
/// s = alpha s + (1 − alpha) g²;  p −= rate g / (√s + epsilon) (Tieleman and Hinton 2012).
template <class T> class RmsProp {
public:
    RmsPropOptions<T> options;

    explicit RmsProp(RmsPropOptions<T> o = {}) : options(o) { check_options(); }

    void step(auto& model) {
        check_options();
        const auto o = options;
        state_.step("RmsProp", model, [&](auto& p, auto g, auto& s) {
            s = o.alpha * s + (1 - o.alpha) * (g * g);
            p = p - o.rate * g / (sqrt(s) + o.epsilon);
        });
    }

private:
    void check_options() const {
        detail::check_not_negative("RmsProp", "rate", options.rate);
        detail::check_below_one("RmsProp", "alpha", options.alpha);
        detail::check_not_negative("RmsProp", "epsilon", options.epsilon);
    }

    detail::OptimizerState<T, 1> state_;
};

template <class T> struct AdamOptions { T rate = T(1e-3), beta1 = T(0.9), beta2 = T(0.999), epsilon = T(1e-8); };
/// m = β₁ m + (1 − β₁) g;  s = β₂ s + (1 − β₂) g²;  p −= rate (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + epsilon)
/// (Kingma and Ba 2015).
template <class T> class Adam {
public:
    AdamOptions<T> options;

    explicit Adam(AdamOptions<T> o = {}) : options(o) { check_options(); }

    void step(auto& model) {
        check_options();
        const auto o = options;
        const auto t = static_cast<double>(state_.steps() + 1);
        const T unbias1 = static_cast<T>(1 - std::pow(static_cast<double>(o.beta1), t));
        const T unbias2 = static_cast<T>(1 - std::pow(static_cast<double>(o.beta2), t));
        state_.step("Adam", model, [&](auto& p, auto g, auto& m, auto& s) {
            m = o.beta1 * m + (1 - o.beta1) * g;
            s = o.beta2 * s + (1 - o.beta2) * (g * g);
            p = p - o.rate * (m / unbias1) / (sqrt(s / unbias2) + o.epsilon);
        });
    }

private:
    void check_options() const {
        detail::check_not_negative("Adam", "rate", options.rate);
        detail::check_below_one("Adam", "beta1", options.beta1);
        detail::check_below_one("Adam", "beta2", options.beta2);
        detail::check_not_negative("Adam", "epsilon", options.epsilon);
    }

    detail::OptimizerState<T, 2> state_;
};

}  // namespace bptt
