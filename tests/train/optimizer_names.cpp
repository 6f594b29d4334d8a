// An optimiser's state is kept by name: names must tell parameters apart, and stay.
#include <array>
#include <memory>
#include <utility>

#include "bptt/train/optimizers.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

struct Named {
    std::array<Param<double>, 3> p = {Param<double>{1, 1}, {1, 1}, {1, 1}};
    std::string names;  // a letter each
    static void params(auto& m, auto&& f) {
        for (std::size_t k = 0; k < m.names.size(); ++k) f(m.names.substr(k, 1), m.p[k]);
    }
};

struct Forgets {
    Param<double> seen{1, 1}, forgotten{1, 1};
    static void params(auto& m, auto&& f) { f("seen", m.seen); }
};

Named named(std::string names) {
    Named model;
    model.names = std::move(names);
    for (auto& p : model.p) p.grad.setOnes();
    return model;
}

}  // namespace

TEST_CASE("optimisers: two different parameters under one name throw, at the first step and later") {
    Adam<double> adam;
    auto twice = named("aa");
    CHECK_THROWS_WITH(adam.step(twice), "Adam: two parameters are named a");
    CHECK(twice.p[0].value(0, 0) == 0);
    auto model = named("ab");
    adam.step(model);
    const Mat<double> before = model.p[0].value;
    model.names = "aa";
    CHECK_THROWS_WITH(adam.step(model), "Adam: two parameters are named a");
    CHECK(model.p[0].value == before);
    CHECK_THROWS_WITH(adam.step(twice), ContainsSubstring("Adam: "));
    CHECK(twice.p[0].value(0, 0) == 0);
    model.names = "ab";
    adam.step(model);
}

TEST_CASE("optimisers: a member that params() forgets throws at the first step, and nothing is changed") {
    Sgd<double> sgd({.rate = 1});
    Forgets model;
    model.seen.grad.setOnes();
    CHECK_THROWS_WITH(sgd.step(model), ContainsSubstring("Forgets does not visit its member 2 of 2, which has parameters"));
    CHECK(model.seen.value(0, 0) == 0);
}

TEST_CASE("optimisers: another model of the same names and shapes throws, but not the same one elsewhere") {
    Sgd<double> sgd({.rate = 1, .momentum = 0.5});
    auto model = named("ab"), other = named("ab");
    sgd.step(model);
    CHECK_THROWS_WITH(sgd.step(other), ContainsSubstring("Sgd: b is neither the parameter of the last step nor has its value"));
    CHECK(other.p[0].value(0, 0) == 0);

    auto moved = std::make_unique<Named>(std::move(model));
    sgd.step(*moved);
    CHECK(moved->p[0].value(0, 0) == -2.5);
    moved->p[0].value.setConstant(7);  // as load() does
    sgd.step(*moved);
    CHECK(moved->p[0].value(0, 0) == 5.25);
    auto copy = *moved;
    sgd.step(copy);
    CHECK(copy.p[1].value(0, 0) < moved->p[1].value(0, 0));
    CHECK_THROWS_WITH(sgd.step(*moved), ContainsSubstring("one Sgd serves one model"));
}

TEST_CASE("optimisers: an option that has left its range is refused") {
    RmsProp<double> optimizer;
    optimizer.options.alpha = 1;
    auto model = named("a");
    CHECK_THROWS_WITH(optimizer.step(model), ContainsSubstring("RmsProp: alpha is 1"));
    CHECK(model.p[0].value(0, 0) == 0);
}

TEST_CASE("optimisers: a name that is gone throws, a new one starts from zero") {
    Sgd<double> sgd({.rate = 1, .momentum = 0.5});
    auto model = named("ab");
    sgd.step(model);
    model.names = "a";
    CHECK_THROWS_WITH(sgd.step(model), "Sgd: the model has no b any more; one Sgd serves one model");
    CHECK(model.p[0].value(0, 0) == -1);
    model.names = "abc";
    sgd.step(model);
    CHECK(model.p[0].value(0, 0) == -2.5);
    CHECK(model.p[2].value(0, 0) == -1);
}
