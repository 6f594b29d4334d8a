#include "bptt/train/optimizer.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "bptt/train/optimizers.hpp"
#include "catch.hpp"
#include "support/numbers.hpp"
#include "train/columns.hpp"

using namespace bptt;

namespace {

template <class Optimizer> Columns trained(Optimizer& optimizer, Columns model, Rng& rng, int steps) {
    for (int t = 0; t < steps; ++t) {
        random_grads(model, rng);
        optimizer.step(model);
    }
    return model;
}

/// A user's own, which forgets to name an option.
struct Forgetting : SgdFormula<double> {
    struct Options {
        double rate = 1, other = 2;
    };
    static void visit(auto& o, auto&& f) { f("rate", o.rate, OptionRange::positive); }
};

using Optimizers = std::tuple<Sgd<double>, Adagrad<double>, RmsProp<double>, Adam<double>, AdamW<double>>;

}  // namespace

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
    refuses(Columns{random_mat(3, 2, rng), random_mat(4, 1, rng)}, ": b is 4x1, it was 5x1; one ");
    refuses(Columns{random_mat(2, 3, rng), random_mat(5, 1, rng)}, ": a is 2x3, it was 3x2; one ");
    refuses(NamedColumns<'a', 'c'>{random_mat(3, 2, rng), random_mat(5, 1, rng)}, ": the model has no b any more; one ");
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

TEST_CASE("Optimizer: a formula names all of its options") {
    CHECK_THROWS_WITH(Optimizer<Forgetting>(), "Sgd: visit() names 1 of 2 options");
}
