#include "bptt/autograd/param.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

struct Inner {
    Param<float> W{2, 3}, b{2, 1};
    static void params(auto& m, auto&& f) {
        f("W", m.W);
        f("b", m.b);
    }
};
struct Outer {
    Inner first, second;
    Param<float> scale{1, 1};
    static void params(auto& m, auto&& f) {
        f("first", m.first);
        f("second", m.second);
        f("scale", m.scale);
    }
};
struct Tied {
    Param<float> W{2, 3}, b{4, 1};
    static void params(auto& m, auto&& f) {
        f("in", m.W);
        f("b", m.b);
        f("out", m.W);
    }
};
struct Twice {
    Param<float> W{2, 3};
    static void params(auto& m, auto&& f) { f("in", m.W), f("out", m.W); }
};
struct ByMacro {
    Inner inner;
    Param<float> scale{1, 1};
    BPTT_PARAMS(inner, scale)
};
struct Sixteen {
    Param<float> a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p;
    BPTT_PARAMS(a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, f)
};
static_assert(HasParams<ByMacro> && HasParams<const Sixteen>);
static_assert(HasParams<Inner> && HasParams<const Outer> && !HasParams<int> && !HasParams<Param<float>>);

std::vector<std::string> names(auto& model, bool distinct) {
    std::vector<std::string> all;
    const auto add = [&](std::string_view name, auto&) { all.emplace_back(name); };
    if (distinct)
        for_each_distinct_param(model, add);
    else
        for_each_param(model, add);
    return all;
}

}  // namespace

TEST_CASE("param: names of nested models join with dots, in the model's order") {
    Outer model;
    CHECK(names(model, false) == std::vector<std::string>{"first.W", "first.b", "second.W", "second.b", "scale"});
    const Outer& constant = model;
    CHECK(names(constant, true).size() == 5);
}

TEST_CASE("param: a tied parameter is one parameter") {
    Tied model;
    CHECK(names(model, false) == std::vector<std::string>{"in", "b", "out"});
    CHECK(names(model, true) == std::vector<std::string>{"in", "b"});
    CHECK(parameter_count(model) == 10);
    CHECK(parameter_count(Outer{}) == 17);
    CHECK(parameter_count(Twice{}) == 6);
}

TEST_CASE("param: starts with a zero gradient of its shape") {
    const Param<float> p(Mat<float>(Mat<float>::Ones(3, 2)));
    CHECK(p.grad == Mat<float>::Zero(3, 2));
    CHECK(p.rows() == 3);
    CHECK(p.cols() == 2);
}

TEST_CASE("param: zero_grad gives zeros of the parameter's shape, whatever stood there, values stay") {
    Outer model;
    model.first.W.value.setConstant(3);
    model.first.W.grad.setConstant(std::numeric_limits<float>::quiet_NaN());
    model.second.b.grad.resize(0, 0);
    zero_grad(model);
    for_each_param(model, [](std::string_view, const auto& q) { CHECK(q.grad == Mat<float>::Zero(q.rows(), q.cols())); });
    CHECK(model.first.W.value == Mat<float>::Constant(2, 3, 3));
}

TEST_CASE("param: BPTT_PARAMS visits its members in their order, up to sixteen") {
    ByMacro model;
    CHECK(names(model, false) == std::vector<std::string>{"inner.W", "inner.b", "scale"});
    CHECK(names(std::as_const(model), false).size() == 3);
    Sixteen many;
    CHECK(names(many, false) ==
          std::vector<std::string>{"a", "b", "c", "d", "e", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "f"});
}

TEST_CASE("param: a list of names is long enough that names all members with parameters") {
    CHECK(detail::learning_members<Sixteen>() == 16);
    CHECK(detail::learning_members<ByMacro>() == 2);
    CHECK(detail::names_all<ByMacro>("inner, scale"));
    CHECK_FALSE(detail::names_all<ByMacro>("inner"));
}
