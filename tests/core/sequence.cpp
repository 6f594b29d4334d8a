#include "bptt/core/sequence.hpp"

#include <sstream>

#include "bptt/core/tokens.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/loss.hpp"
#include "bptt/ops/reduce.hpp"
#include "catch.hpp"

using namespace bptt;

TEST_CASE("layout: plain arithmetic, compared by what it says") {
    const Layout l{3, 4};
    CHECK(l.columns() == 12);
    CHECK(l.start(2) == 6);
    CHECK(l.start(4) == l.columns());
    CHECK(l.width(1) == 3);
    CHECK(l == Layout{3, 4});
    CHECK_FALSE(l == Layout{4, 3});
    std::ostringstream out;
    out << l << ", " << Layout{1, 2};
    CHECK(out.str() == "3 sequences of 4, 1 sequence of 2");
}

TEST_CASE("sequence: steps are views of the batch") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}});
    const auto x = sequence(all, 2);
    CHECK(x.steps() == 3);
    CHECK(x.batch() == 2);
    CHECK(x[1].value() == Mat<double>{{3, 4}, {9, 10}});
    CHECK(x[1].value().data() == all.value().data() + 4);
    CHECK(padded(x).value() == all.value());
    CHECK_THROWS_WITH(x[3], ContainsSubstring("step 3 of 2 sequences of 3"));
    CHECK_THROWS_WITH(x[-1], ContainsSubstring("step -1"));
    backward(sum(x[0]) + 5 * sum(x[2]));
    CHECK(all.grad() == Mat<double>{{1, 1, 0, 0, 5, 5}, {1, 1, 0, 0, 5, 5}});
}

TEST_CASE("sequence: lengths that are equal cut the rectangle, others are refused") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}});
    CHECK(sequence(all, 2, {2, 2}).all.value() == Mat<double>{{1, 2, 3, 4}});
    CHECK(sequence(all, 2, {0, 0}).steps() == 0);
    CHECK_THROWS_WITH(sequence(all, 2, {2, 3}), ContainsSubstring("lengths are 2 to 3; they must be equal"));
    CHECK_THROWS_WITH(sequence(all, 2, {4, 4}), ContainsSubstring("outside 0..3"));
    CHECK_THROWS_WITH(sequence(all, 2, {-1, -1}), ContainsSubstring("outside 0..3"));
    CHECK_THROWS_WITH(sequence(all, 2, {3}), ContainsSubstring("1 lengths for a batch of 2"));
    CHECK_THROWS_WITH(sequence(all, 4), ContainsSubstring("6 columns do not divide into a batch of 4"));
    CHECK_THROWS_WITH(sequence(all, 0), ContainsSubstring("batch is 0"));
}

TEST_CASE("sequence: a sequence from before clear() is an error") {
    Tape<double> tape;
    const auto x = sequence(tape.variable(Mat<double>::Ones(1, 6)), 2);
    tape.clear();
    CHECK_THROWS_WITH(x.steps(), ContainsSubstring("before tape.clear()"));
    CHECK_THROWS_WITH(x[0], ContainsSubstring("before tape.clear()"));
    CHECK_THROWS_WITH(mse(x, x), ContainsSubstring("before tape.clear()"));
    CHECK_THROWS_WITH(cross_entropy(x, Tokens({0, 0, 0, 0, 0, 0}, 2)), ContainsSubstring("before tape.clear()"));
    CHECK_THROWS_WITH(binary_cross_entropy_with_logits(x, x), ContainsSubstring("before tape.clear()"));
}

TEST_CASE("sequence: one without a layout is an error") {
    Tape<double> tape;
    const Sequence<double> none, bare{tape.variable(Mat<double>::Ones(1, 6))};
    CHECK_THROWS_WITH(none.steps(), ContainsSubstring("it has no layout"));
    CHECK_THROWS_WITH(bare[0], ContainsSubstring("it has no layout"));
    CHECK_THROWS_WITH(mse(bare, bare), ContainsSubstring("it has no layout"));
}

TEST_CASE("sequence: other features keep the layout, other columns are refused") {
    Tape<double> tape;
    const auto x = sequence(tape.variable(Mat<double>::Ones(1, 6)), 2);
    CHECK(x.with(tape.variable(Mat<double>::Ones(5, 6))).layout == x.layout);
    CHECK_THROWS_WITH(x.with(tape.variable(Mat<double>::Ones(5, 5))), ContainsSubstring("5x5 for 2 sequences of 3"));
}

TEST_CASE("tokens: own their indices and layout") {
    Tokens a({1, 2, 3, 4}, 2);
    CHECK(a.layout() == Layout{2, 2});
    CHECK(std::ranges::equal(a.ids(), std::vector<Index>{1, 2, 3, 4}));
    const Index* memory = a.ids().data();
    const std::vector<Index> next{5, 6};
    a.assign(next, 2);
    CHECK(a.layout() == Layout{2, 1});
    CHECK(a.ids().data() == memory);
    CHECK_THROWS_WITH(Tokens({1, 2, 3}, 2), ContainsSubstring("3 columns do not divide into a batch of 2"));
    CHECK_THROWS_WITH(a.assign(next, 0), ContainsSubstring("batch is 0"));
    CHECK(a.layout() == Layout{2, 1});
}
