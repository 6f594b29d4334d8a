#include <string>

#include "bptt/autograd/param.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {
struct Named {
    std::string name;
    Param<double> w{1, 1};
    static void params(auto& m, auto&& f) { f(m.name, m.w); }
};
}  // namespace

TEST_CASE("param: a name has up to 256 characters") {
    const Named model{std::string(256, 'p')};
    std::string seen;
    for_each_param(model, [&](std::string_view name, const auto&) { seen = name; });
    CHECK(seen == model.name);
}
