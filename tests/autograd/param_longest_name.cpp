#include <string>

#include "bptt/autograd/param.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {
template <std::size_t length> struct Named {
    Param<double> w{1, 1};
    static void params(auto& m, auto&& f) { f(std::string(length, 'p'), m.w); }
};
}  // namespace

TEST_CASE("param: a name has up to 256 characters") {
    std::string seen;
    const Named<256> model;
    for_each_param(model, [&](std::string_view name, const auto&) { seen = name; });
    CHECK(seen == std::string(256, 'p'));
    CHECK_THROWS_WITH(parameter_count(Named<257>()), ContainsSubstring("p is longer than 256"));
}
