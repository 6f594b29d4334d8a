#include "bptt/nets/highway.hpp"
#include "support/fixture.hpp"

using namespace bptt;

namespace {

template <class T, Activation A> void check_highway(const FixtureCase& c) {
    Rng rng(1);
    Highway<T, A> layer(c.inputs, rng);
    for_each_param(layer, [&](std::string_view name, auto& p) { p.value = c[std::string(name)].template cast<T>(); });
    Tape<T> tape;
    const auto x = tape.variable(c["x"].template cast<T>());
    const auto y = layer(x);
    backward(sum(y % tape.constant(c["dy"].template cast<T>())));
    const FixtureCheck check(c, std::is_same_v<T, float>);
    check.value("y", y.value().template cast<double>());
    check.gradient("dx", x.grad().template cast<double>());
    for_each_param(layer, [&](std::string_view name, const auto& p) {
        check.gradient("d." + std::string(name), p.grad.template cast<double>());
    });
}

template <Activation A> void check_file(const std::string& file) {
    const auto cases = read_fixture(file);
    REQUIRE(cases.size() == 2);
    for (const FixtureCase& c : cases) {
        check_highway<double, A>(c);
        check_highway<float, A>(c);
    }
}

}  // namespace

TEST_CASE("pytorch: highway layer") {
    check_file<Activation::tanh>("highway_tanh.txt");
    check_file<Activation::relu>("highway_relu.txt");
}
