#include "bptt/core/state.hpp"

#include "bptt/ops/shape.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

template <class V> struct Pair {
    HiddenState<V> first;
    LstmState<V> second;
};
static_assert(detail::field_count<HiddenState<Mat<float>>>() == 1);
static_assert(detail::field_count<LstmState<Var<float>>>() == 2);
static_assert(detail::field_count<Pair<Mat<double>>>() == 2);
static_assert(StateOver<LstmState<Mat<float>>, Mat> && StateOver<Pair<Var<double>>, Var>);
static_assert(StateOver<StateArray<Pair<Sequence<float>>>, Sequence>);
static_assert(!StateOver<Var<float>, Var> && !StateOver<Mat<float>, Mat> && !StateOver<LstmState<Mat<float>>, Var>);

Mat<double> numbered(double x) { return Mat<double>::Constant(2, 3, x); }

}  // namespace

TEST_CASE("state: nested states map field by field, in order") {
    const Pair<Mat<double>> s{{numbered(1)}, {numbered(2), numbered(3)}};
    const Pair<double> sums = map_state(s, [](const Mat<double>& m) { return m.sum(); });
    CHECK(sums.first.h == 6);
    CHECK(sums.second.h == 12);
    CHECK(sums.second.c == 18);
    std::vector<double> order;
    for_each_field(s, [&](const Mat<double>& m) { order.push_back(m(0, 0)); });
    CHECK(order == std::vector<double>{1, 2, 3});
}

TEST_CASE("state: arrays of states, and states of arrays' depth") {
    StateArray<LstmState<Mat<double>>> s;
    for (int k = 0; k < 3; ++k) s.push_back({numbered(2 * k), numbered(2 * k + 1)});
    const auto sums = map_state(s, [](const Mat<double>& m) { return m(0, 0); });
    CHECK(sums.count == 3);
    CHECK(sums[2].c == 5);
    for_each_field(s, [](Mat<double>& m) { m *= 2; });
    CHECK(s[2].c == numbered(10));
    CHECK_THROWS_WITH(s[3], ContainsSubstring("layer 3 is outside 0..2"));
    CHECK_THROWS_WITH(s[-1], ContainsSubstring("layer -1"));
    while (s.count < max_depth) s.push_back({});
    CHECK_THROWS_WITH(s.push_back({}), ContainsSubstring("no room for more than 16"));
}

TEST_CASE("state: lift and values are each other's inverse, and values carry no graph") {
    Tape<double> tape;
    const Pair<Mat<double>> s{{numbered(1)}, {numbered(2), numbered(3)}};
    const auto lifted = lift(tape, s);
    CHECK_FALSE(lifted.second.c.tracked());
    const Pair<Mat<double>> back = values(lifted);
    CHECK(back.first.h == s.first.h);
    CHECK(back.second.c == s.second.c);
    Pair<Mat<double>> carry{{numbered(0)}, {numbered(0), numbered(0)}};
    const double* memory = carry.second.c.data();
    values(lifted, carry);
    CHECK(carry.second.c == s.second.c);
    CHECK(carry.second.c.data() == memory);
    StateArray<HiddenState<Mat<double>>> stack, other;
    stack.push_back({numbered(1)});
    CHECK_THROWS_WITH(values(lift(tape, stack), other), ContainsSubstring("1 layers, the other another number"));
}

TEST_CASE("state: state_at and final_state of a trajectory") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}});
    const auto start = tape.variable(Mat<double>{{-1, -2}});
    auto x = sequence(all, 2);
    CHECK_THROWS_WITH(state_at(x, 0), ContainsSubstring("nothing stands before"));
    x.before = start;
    const HiddenState<Sequence<double>> y{x};
    CHECK(state_at(y, 0).h.value() == start.value());
    CHECK(state_at(y, 2).h.value() == Mat<double>{{3, 4}});
    CHECK(final_state(y).h.value() == Mat<double>{{5, 6}});
    CHECK_THROWS_WITH(state_at(y, 4), ContainsSubstring("4 steps of 2 sequences of 3"));
    CHECK_THROWS_WITH(state_at(y, -1), ContainsSubstring("-1 steps"));
    const HiddenState<Sequence<double>> empty{{cols(all, 0, 0), tape.keep(Layout{2, 0}), start}};
    CHECK(final_state(empty).h.value() == start.value());
}
