#include "bptt/train/optimizers.hpp"

#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "train/columns.hpp"

using namespace bptt;

namespace {

/// A few steps with random gradients beside update(t, p, g, memory) on every number alone, t from 1. Small gradients show
/// the epsilons.
void compare(const auto& fresh, auto update) {
    for (const double size : {1.0, 1e-9}) {
        auto optimizer = fresh;
        Rng rng(3);
        Columns model = random_model(rng);
        Mat<double> a = model.a.value, b = model.b.value;
        std::map<const double*, std::array<double, 2>> memory;
        for (int t = 1; t <= 7; ++t) {
            random_grads(model, rng, size);
            optimizer.step(model);
            for (const auto& [p, expected] : {std::pair(&model.a, &a), std::pair(&model.b, &b)}) {
                for (Index k = 0; k < expected->size(); ++k) {
                    double& x = expected->data()[k];
                    update(t, x, p->grad.data()[k], memory[&x]);
                    CHECK_THAT(p->value.data()[k], WithinRel(x, 1e-12) || WithinAbs(x, 1e-14));
                }
            }
        }
    }
}

}  // namespace

TEST_CASE("Sgd: momentum, decay and Nesterov, each and together") {
    for (const bool nesterov : {false, true}) {
        for (const auto& [momentum, decay] : {std::pair(0.0, 0.0), {0.9, 0.0}, {0.0, 0.03}, {0.9, 0.03}}) {
            const SgdOptions o{.rate = 0.1, .momentum = momentum, .decay = decay, .nesterov = nesterov};
            compare(Sgd<double>(o), [o](int t, double& p, double g, auto& memory) {
                g += o.decay * p;
                double& v = memory[0];
                v = t == 1 ? g : o.momentum * v + g;
                p -= 0.1 * (o.nesterov ? g + o.momentum * v : v);
            });
        }
    }
}

TEST_CASE("Adagrad: the formula, with decay and without") {
    for (const double decay : {0.0, 0.03}) {
        compare(Adagrad<double>({.rate = 0.1, .decay = decay}), [=](int, double& p, double g, auto& memory) {
            g += decay * p;
            memory[0] += g * g;
            p -= 0.1 * g / (std::sqrt(memory[0]) + 1e-10);
        });
    }
}

TEST_CASE("RmsProp: the formula, with the defaults and without") {
    compare(RmsProp<double>({.rate = 0.1}), [](int, double& p, double g, auto& memory) {
        memory[0] = 0.99 * memory[0] + 0.01 * g * g;
        p -= 0.1 * g / (std::sqrt(memory[0]) + 1e-8);
    });
    compare(RmsProp<double>({.rate = 0.1, .alpha = 0.8, .decay = 0.03, .epsilon = 0.5}),
            [](int, double& p, double g, auto& memory) {
                g += 0.03 * p;
                memory[0] = 0.8 * memory[0] + 0.2 * g * g;
                p -= 0.1 * g / (std::sqrt(memory[0]) + 0.5);
            });
}

TEST_CASE("Adam, AdamW: the formula, with the defaults and without") {
    const auto formula = [](AdamOptions o, double decoupled = 0) {
        return [=](int t, double& p, double g, auto& memory) {
            auto& [m, s] = memory;
            p -= o.rate * decoupled * p;
            g += o.decay * p;
            m = o.beta1 * m + (1 - o.beta1) * g;
            s = o.beta2 * s + (1 - o.beta2) * g * g;
            p -= o.rate * (m / (1 - std::pow(o.beta1, t))) / (std::sqrt(s / (1 - std::pow(o.beta2, t))) + o.epsilon);
        };
    };
    compare(Adam<double>(), formula({.rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .decay = 0, .epsilon = 1e-8}));
    const AdamOptions other{.rate = 0.1, .beta1 = 0.5, .beta2 = 0.8, .decay = 0.03, .epsilon = 0.5};
    compare(Adam<double>(other), formula(other));
    compare(AdamW<double>(), formula({.rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .decay = 0, .epsilon = 1e-8}, 0.01));
    compare(AdamW<double>({.rate = 0.1, .beta1 = 0.5, .beta2 = 0.8, .decay = 0.2, .epsilon = 0.5}),
            formula({.rate = 0.1, .beta1 = 0.5, .beta2 = 0.8, .decay = 0, .epsilon = 0.5}, 0.2));
}

TEST_CASE("Adam: the first step moves every number by rate against the sign of its gradient") {
    Rng rng(5);
    Columns model = random_model(rng);
    const Mat<double> before = model.a.value, still = model.b.value;
    model.a.grad = random_off_zero(3, 2, rng);
    Adam<double> adam({.rate = 1e-3});
    adam.step(model);
    for (Index k = 0; k < before.size(); ++k)
        CHECK_THAT(model.a.value.data()[k] - before.data()[k], WithinRel(-std::copysign(1e-3, model.a.grad.data()[k]), 1e-5));
    CHECK(model.b.value == still);
}

TEST_CASE("Adam: a zero gradient still moves the parameter, by what m remembers") {
    Columns model{column({0}), column({0})};
    Adam<double> adam({.rate = 0.1});
    model.a.grad(0, 0) = 2;
    adam.step(model);
    const double first = model.a.value(0, 0);
    model.a.grad(0, 0) = 0;
    adam.step(model);
    const double m = 0.9 * 0.2 / (1 - 0.81), s = 0.999 * 0.004 / (1 - 0.999 * 0.999);
    CHECK_THAT(model.a.value(0, 0) - first, WithinRel(-0.1 * m / std::sqrt(s), 1e-6));
}

TEST_CASE("Adam: in float too, with the unbiasing of many steps") {
    TiedColumn<float> model{Mat<float>(Mat<float>::Ones(1, 1))};
    Adam<float> adam({.rate = 0.01f});
    double p = 1, m = 0, s = 0;
    for (int t = 1; t <= 100; ++t) {
        model.w.grad = model.w.value;
        adam.step(model);
        m = 0.9 * m + 0.1 * p;
        s = 0.999 * s + 0.001 * p * p;
        p -= 0.01 * m / (1 - std::pow(0.9, t)) / (std::sqrt(s / (1 - std::pow(0.999, t))) + 1e-8);
    }
    CHECK_THAT(static_cast<double>(model.w.value(0, 0)), WithinRel(p, 1e-4));
}

TEMPLATE_TEST_CASE("optimisers: with a gradient of zero nothing moves, in the first step and later", "", Sgd<float>,
                   Adagrad<float>, RmsProp<float>, Adam<float>) {
    TiedColumn<float> model{Mat<float>(Mat<float>::Constant(5, 1, 0.3f))};
    TestType optimizer;
    for (int t = 0; t < 3; ++t) optimizer.step(model);
    CHECK(model.w.value == Mat<float>::Constant(5, 1, 0.3f));
}

TEMPLATE_TEST_CASE("optimisers: an epsilon of zero would divide by it, and is refused", "", Adagrad<float>, RmsProp<float>,
                   Adam<float>, AdamW<float>) {
    CHECK_THROWS_WITH(TestType({.epsilon = 0}), ContainsSubstring(": epsilon is 0, not finite and above 0"));
    CHECK_THROWS_WITH(TestType({.epsilon = 1e-50}), ContainsSubstring(": epsilon is 0, not"));  // as a float
    CHECK_THROWS_WITH(TestType({.rate = 1e50}), ContainsSubstring(": rate is inf, not"));
}
