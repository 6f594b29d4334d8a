#include "bptt/sequence/fields.hpp"

#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "bptt/sequence/state.hpp"
#include "catch.hpp"
#include "support/pair_state.hpp"

using namespace bptt;

namespace {

template <class V> struct Triple { V a, b, c; };
template <class V> struct Four { V a, b, c, d; };
static_assert(detail::member_count<HiddenState<Mat<float>>>() == 1);
static_assert(detail::member_count<LstmState<Var<float>>>() == 2);
static_assert(detail::member_count<PairState<Mat<double>>>() == 2);
static_assert(StateOver<LstmState<Mat<float>>, Mat> && StateOver<PairState<Var<double>>, Var>);
static_assert(StateOver<StateArray<PairState<Sequence<float>>>, Sequence>);
static_assert(!StateOver<Var<float>, Var> && !StateOver<Mat<float>, Mat> && !StateOver<LstmState<Mat<float>>, Var>);

}  // namespace

TEST_CASE("fields: nested states map field by field, in order") {
    const PairState<Mat<double>> s{{numbered(1)}, {numbered(2), numbered(3)}};
    const PairState<double> sums = map_state(s, [](const Mat<double>& m) { return m.sum(); });
    CHECK(sums.first.h == 6);
    CHECK(sums.second.h == 12);
    CHECK(sums.second.c == 18);
    std::vector<double> order;
    for_each_field(s, [&](const Mat<double>& m) { order.push_back(m(0, 0)); });
    CHECK(order == std::vector<double>{1, 2, 3});
}

TEST_CASE("fields: of up to four fields") {
    const Triple<double> three =
        map_state(Triple<Mat<double>>{numbered(1), numbered(2), numbered(3)}, [](const Mat<double>& m) { return m.sum(); });
    CHECK(std::array{three.a, three.b, three.c} == std::array{6.0, 12.0, 18.0});
    const Four<Mat<double>> four{numbered(1), numbered(2), numbered(3), numbered(4)};
    std::vector<double> order;
    for_each_field(four, [&](const Mat<double>& m) { order.push_back(m(0, 0)); });
    CHECK(order == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("fields: arrays of states, and states of arrays' depth") {
    StateArray<LstmState<Mat<double>>> s;
    for (int k = 0; k < 3; ++k) s.push_back({numbered(2 * k), numbered(2 * k + 1)});
    const auto sums = map_state(s, [](const Mat<double>& m) { return m(0, 0); });
    CHECK(sums.count == 3);
    CHECK(sums[2].c == 5);
    for_each_field(s, [](Mat<double>& m) { m *= 2; });
    CHECK(s[0].c == numbered(2));
    CHECK(s[2].c == numbered(10));
    CHECK(s.back().c == numbered(10));
    CHECK_THROWS_WITH(decltype(s)().back(), ContainsSubstring("layer -1 is outside 0..-1"));
    CHECK_THROWS_WITH(s[3], ContainsSubstring("layer 3 is outside 0..2"));
    CHECK_THROWS_WITH(s[-1], ContainsSubstring("layer -1"));
    while (s.count < max_depth) s.push_back({});
    CHECK_THROWS_WITH(s.push_back({}), ContainsSubstring("no room for more than 16"));
}

TEST_CASE("fields: they have names, joined with dots, 0, 1, … where a state gives none") {
    const auto names = [](auto s) {
        std::vector<std::string> all;
        for_each_named_field(s, [&](const std::string& name, auto&) { all.push_back(name); });
        return all;
    };
    using Names = std::vector<std::string>;
    CHECK(names(LstmState<double>{}) == Names{"h", "c"});
    CHECK(names(Triple<double>{}) == Names{"0", "1", "2"});
    CHECK(names(PairState<double>{}) == Names{"0.h", "1.h", "1.c"});
    StateArray<LstmState<double>> stack;
    stack.push_back({}), stack.push_back({});
    CHECK(names(stack) == Names{"0.h", "0.c", "1.h", "1.c"});
    std::ostringstream printed;
    const Triple<double> three{};
    const LstmState<double> two{};
    printed << detail::FieldName<LstmState<double>>{two, 1} << ", " << detail::FieldName<Triple<double>>{three, 2};
    CHECK(printed.str() == "c, field 2");
}
