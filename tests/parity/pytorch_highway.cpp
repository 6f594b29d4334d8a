#include "bptt/nets/highway.hpp"
#include "support/fixture.hpp"

using namespace bptt;

namespace {

template <class T, Activation A> void check_highway(const FixtureCase& c) {
    Rng rng(1);
    Highway<T, A> layer(c.inputs, rng);
    take_params(layer, c);
    const AnyLayer<T> all = [&](const Sequence<T>& xs, const auto&) { return Trajectories<T>{{layer(xs)}, {}}; };
    check_case<T>(c, run_any(all, params_of<T>(layer), {c["x"], {c["x"].cols()}, {}, {c["dy"]}, {}}));
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
