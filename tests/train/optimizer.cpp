#include "bptt/train/optimizer.hpp"

#include <array>
#include <cmath>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bptt/core/init.hpp"
#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

template <char A, char B> struct NamedColumns {
    Param<double> a, b;
    static constexpr char names[] = {A, B};
    static void params(auto& m, auto&& f) {
        f(std::string_view(names, 1), m.a);
        f(std::string_view(names + 1, 1), m.b);
    }
};
using Columns = NamedColumns<'a', 'b'>;
template <class T> struct TiedColumn {
    Param<T> w;
    static void params(auto& m, auto&& f) {
        f("in", m.w);
        f("out", m.w);
    }
};

Param<double> column(std::initializer_list<double> values) {
    return Mat<double>(Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<Index>(values.size())));
}
Columns random_model(Rng& rng) {
    auto a = random_mat(3, 2, rng);
    auto b = random_mat(5, 1, rng);
    return {std::move(a), std::move(b)};
}
void random_grads(const auto& model, Rng& rng, double size = 1) {
    for_each_param(model, [&](std::string_view, const auto& p) { p.grad = size * random_mat(p.rows(), p.cols(), rng); });
}

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

template <class Optimizer> Columns trained(Optimizer& optimizer, Columns model, Rng& rng, int steps) {
    for (int t = 0; t < steps; ++t) {
        random_grads(model, rng);
        optimizer.step(model);
    }
    return model;
}

using Optimizers = std::tuple<Sgd<double>, Adagrad<double>, RmsProp<double>, Adam<double>>;

}  // namespace

TEST_CASE("Sgd: momentum, decay and Nesterov, each and together") {
    for (const bool nesterov : {false, true}) {
        for (const auto& [momentum, decay] : {std::pair(0.0, 0.0), {0.9, 0.0}, {0.0, 0.03}, {0.9, 0.03}}) {
            const SgdOptions<double> o{.rate = 0.1, .momentum = momentum, .decay = decay, .nesterov = nesterov};
            compare(Sgd<double>(o), [o](int t, double& p, double g, auto& memory) {
                g += o.decay * p;
                double& v = memory[0];
                v = t == 1 ? g : o.momentum * v + g;
                p -= 0.1 * (o.nesterov ? g + o.momentum * v : v);
            });
        }
    }
}

TEST_CASE("Adagrad: the formula") {
    compare(Adagrad<double>({.rate = 0.1}), [](int, double& p, double g, auto& memory) {
        memory[0] += g * g;
        p -= 0.1 * g / (std::sqrt(memory[0]) + 1e-10);
    });
}

TEST_CASE("RmsProp: the formula, with the defaults and without") {
    compare(RmsProp<double>({.rate = 0.1}), [](int, double& p, double g, auto& memory) {
        memory[0] = 0.99 * memory[0] + 0.01 * g * g;
        p -= 0.1 * g / (std::sqrt(memory[0]) + 1e-8);
    });
    compare(RmsProp<double>({.rate = 0.1, .alpha = 0.8, .epsilon = 0.5}), [](int, double& p, double g, auto& memory) {
        memory[0] = 0.8 * memory[0] + 0.2 * g * g;
        p -= 0.1 * g / (std::sqrt(memory[0]) + 0.5);
    });
}

TEST_CASE("Adam: the formula, with the defaults and without") {
    const auto formula = [](double rate, double beta1, double beta2, double epsilon) {
        return [=](int t, double& p, double g, auto& memory) {
            auto& [m, s] = memory;
            m = beta1 * m + (1 - beta1) * g;
            s = beta2 * s + (1 - beta2) * g * g;
            p -= rate * (m / (1 - std::pow(beta1, t))) / (std::sqrt(s / (1 - std::pow(beta2, t))) + epsilon);
        };
    };
    compare(Adam<double>(), formula(1e-3, 0.9, 0.999, 1e-8));
    compare(Adam<double>({.rate = 0.1, .beta1 = 0.5, .beta2 = 0.8, .epsilon = 0.5}), formula(0.1, 0.5, 0.8, 0.5));
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

TEMPLATE_LIST_TEST_CASE("optimisers: a tied parameter is updated once", "", Optimizers) {
    TiedColumn<double> tied{column({1, 1})};
    Columns untied{column({1, 1}), Param<double>()};
    TestType one, other;
    for (int t = 1; t <= 3; ++t) {
        tied.w.grad.setConstant(0.5 * t);
        untied.a.grad.setConstant(0.5 * t);
        one.step(tied);
        other.step(untied);
    }
    CHECK(tied.w.value == untied.a.value);
}

TEMPLATE_LIST_TEST_CASE("optimisers: a model moved to another object goes on identically", "", Optimizers) {
    Rng rng(9), same(9);
    TestType moved, stayed;
    if constexpr (std::is_same_v<TestType, Sgd<double>>) moved.options.momentum = stayed.options.momentum = 0.9;
    const auto reference = trained(stayed, random_model(rng), rng, 6);
    Columns first = trained(moved, random_model(same), same, 3);
    const auto second = std::make_unique<Columns>(std::move(first));
    first = {};
    const Columns model = trained(moved, std::move(*second), same, 3);
    CHECK(model.a.value == reference.a.value);
    CHECK(model.b.value == reference.b.value);
}

TEMPLATE_LIST_TEST_CASE("optimisers: a misfit throws, says what, and changes nothing", "", Optimizers) {
    Rng rng(11);
    Columns model = random_model(rng);
    random_grads(model, rng);
    TestType optimizer;
    optimizer.step(model);
    Columns twin = model;
    TestType untouched = optimizer;

    const auto refuses = [&](auto other, const std::string& message) {
        const Mat<double> before = other.a.value;
        other.a.grad.setOnes();
        CHECK_THROWS_WITH(optimizer.step(other), ContainsSubstring(message));
        CHECK(other.a.value == before);
    };
    refuses(Columns{random_mat(3, 2, rng), random_mat(4, 1, rng)}, ": b is 4x1, it was 5x1;");
    refuses(Columns{random_mat(2, 3, rng), random_mat(5, 1, rng)}, ": a is 2x3, it was 3x2;");
    refuses(NamedColumns<'a', 'c'>{random_mat(3, 2, rng), random_mat(5, 1, rng)},
            ": the model has no b any more; one optimiser serves one model");
    Columns stale = model;
    stale.b.grad.resize(2, 2);
    refuses(stale, ": b is 5x1, its gradient is 2x2");

    optimizer.step(model);
    untouched.step(twin);
    CHECK(model.a.value == twin.a.value);
    CHECK(model.b.value == twin.b.value);
}

TEST_CASE("optimisers: the rate must be finite, not negative") {
    CHECK_THROWS_WITH(RmsProp<double>({.rate = inf}), ContainsSubstring("RmsProp: rate is inf"));
    Columns model{column({1}), column({1})};
    Adam<double> adam;
    adam.options.rate = NaN;
    CHECK_THROWS_WITH(adam.step(model), ContainsSubstring("Adam: rate is nan"));
    CHECK(model.a.value(0, 0) == 1);
}

TEST_CASE("optimisers: the rate may change between steps, and what is remembered stays") {
    Columns model{column({0}), column({0})};
    model.a.grad(0, 0) = 1;
    Sgd<double> sgd({.rate = 0.5, .momentum = 0.5});
    sgd.step(model);
    CHECK(model.a.value(0, 0) == -0.5);
    sgd.options.rate = 2;
    sgd.step(model);
    CHECK(model.a.value(0, 0) == -0.5 - 2 * 1.5);
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
