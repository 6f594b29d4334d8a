#include "bptt/nets/attention.hpp"
#include "support/fixture.hpp"

using namespace bptt;

namespace {

template <class T> void check_attention(const FixtureCase& c) {
    Rng rng(1);
    BahdanauAttention<T> attention(c["q"].rows(), c.inputs, c.hidden, rng);
    for_each_param(attention, [&](std::string_view name, auto& p) { p.value = c[std::string(name)].template cast<T>(); });
    Tape<T> tape;
    const auto constant = [&](const std::string& name) { return tape.constant(c[name].template cast<T>()); };
    const auto keys = tape.variable(c["x"].template cast<T>()), query = tape.variable(c["q"].template cast<T>());
    const auto read = attention(query, attention.memory(sequence(keys, query.cols(), c.lengths)));
    backward(sum(read.context % constant("dy")) + sum(read.weights % constant("dsT.0")));

    const FixtureCheck check(c, std::is_same_v<T, float>);
    check.value("y", read.context.value().template cast<double>());
    check.value("sT.0", read.weights.value().template cast<double>());
    check.gradient("dx", keys.grad().template cast<double>());
    check.gradient("d.q", query.grad().template cast<double>());
    for_each_param(attention, [&](std::string_view name, const auto& p) {
        check.gradient("d." + std::string(name), p.grad.template cast<double>());
    });
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
