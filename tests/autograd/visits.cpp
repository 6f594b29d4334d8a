#include "bptt/autograd/visits.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

struct Whole {
    double rate = 1;
    Param<double> W{2, 2}, b{2, 1};
    BPTT_PARAMS(W, b)
};
struct Forgets {
    Whole whole;
    int number = 0;
    Param<double> forgotten{1, 1};
    static void params(auto& m, auto&& f) { f("whole", m.whole); }
};
struct LeavesOut {
    Whole whole, out;
    static void params(auto& m, auto&& f) {
        f("whole", m.whole);
        f(left_out(m.out));
    }
};
struct Part {
    Whole whole;
    Param<double> w{1, 1};
    static void params(auto& m, auto&& f) { f("w", m.w), f("b", m.whole.b); }
};
struct Several {
    std::vector<Whole> layers{2};
    bool last_too = false;
    static void params(auto& m, auto&& f) {
        f("0", m.layers[0]);
        if (m.last_too) f("1", m.layers[1]);
    }
};
struct Within {
    Forgets inner;
    BPTT_PARAMS(inner)
};
struct Deep {
    int first = 0;
    Whole whole;
    BPTT_PARAMS(whole)
};
struct Inside {
    Deep deep;
    static void params(auto& m, auto&& f) { f("whole", m.deep.whole); }
};
struct NothingToLearn {
    static void params(auto&, auto&&) {}
};
struct Around {
    NothingToLearn nothing;
    Whole whole;
    static void params(auto& m, auto&& f) { f("whole", m.whole); }
};
struct Unknown : Whole {
    Param<double> more{1, 1};
};

void check(const HasParams auto& model) { detail::check_visits("step", model); }

}  // namespace

TEST_CASE("visits: a member with parameters that nobody visits is named") {
    CHECK_THROWS_WITH(check(Forgets()), ContainsSubstring("step: params() of "));
    CHECK_THROWS_WITH(check(Forgets()), ContainsSubstring("Forgets does not visit its member 3 of 3, which has parameters; "
                                                          "visit it, or say f(left_out(m.x))"));
    CHECK_THROWS_WITH(check(Within()), ContainsSubstring("Forgets does not visit its member 3 of 3"));
    CHECK_THROWS_WITH(check(Several()), ContainsSubstring("Several does not visit its member 1 of 2"));
}

TEST_CASE("visits: what is visited, in part visited, left out, without parameters or unknown is fine") {
    CHECK_NOTHROW(check(Whole()));
    CHECK_NOTHROW(check(LeavesOut()));
    CHECK_NOTHROW(check(Part()));
    CHECK_NOTHROW(check(Several{.last_too = true}));
    CHECK_NOTHROW(check(Inside()));
    CHECK_NOTHROW(check(Around()));
    CHECK_NOTHROW(check(Unknown()));
    std::string names;
    const LeavesOut model;
    for_each_param(model, [&](std::string_view name, const auto&) { names += std::string(name) + " "; });
    CHECK(names == "whole.W whole.b ");
}

TEST_CASE("visits: the name of a type is the compiler's") {
    CHECK(detail::type_name<int>() == "int");
    CHECK(detail::type_name<std::vector<float>>().starts_with("std::vector<float"));
}
