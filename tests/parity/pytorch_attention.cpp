#include "bptt/nets/attention.hpp"
#include "support/fixture.hpp"

using namespace bptt;

namespace {

template <class T> void check_attention(const FixtureCase& c) {
    Rng rng(1);
    BahdanauAttention<T> attention(c["q"].rows(), c.inputs, c.hidden, rng);
    take_params(attention, c);
    const AnyLayer<T> read = [&](const Sequence<T>& keys, const std::vector<Var<T>>& query) {
        const auto found = attention(query[0], attention.memory(keys));
        return Trajectories<T>{{}, {found.context, found.weights}};
    };
    const LayerInputs in{c["x"], c.lengths, {c["q"]}, {}, {c["dy"], c["dsT.0"]}};
    check_case<T>(c, run_any(read, params_of<T>(attention), in), {{"sT.0", "y"}, {"sT.1", "sT.0"}, {"d.s0.0", "d.q"}});
}

}  // namespace

TEST_CASE("pytorch: attention, unequal lengths, op by op") {
    const auto cases = read_fixture("attention.txt");
    REQUIRE(cases.size() == 2);
    for (const FixtureCase& c : cases) {
        check_attention<double>(c);
        check_attention<float>(c);
    }
}
