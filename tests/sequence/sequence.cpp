#include "bptt/sequence/sequence.hpp"

#include <functional>
#include <vector>

#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/loss.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "bptt/sequence/tokens.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

using Lengths = std::vector<Index>;

struct Case {
    Index batch, wider;
    Lengths lengths;
    Mat<double> rectangle;  // 2 × (wider + longest)·batch

    bool real(Index column) const { return column / batch < lengths[static_cast<std::size_t>(column % batch)]; }
    Index steps() const { return std::ranges::max(lengths); }
    /// The rectangle, no wider than the longest, with this in its padding.
    Mat<double> padding(double fill) const {
        Mat<double> m = rectangle.leftCols(steps() * batch);
        for (Index k = 0; k < m.cols(); ++k)
            if (!real(k)) m.col(k).setConstant(fill);
        return m;
    }
};

/// body(case) for 60 of them, the rectangle wider than the longest in every third.
void for_random_lengths(const std::function<void(const Case&)>& body) {
    Rng rng(1);
    for (int k = 0; k < 60; ++k) {
        Case c{1 + rng.below(5), k % 3 ? 0 : 1 + rng.below(2), {}, {}};
        for (Index b = 0; b < c.batch; ++b) c.lengths.push_back(rng.below(k % 2 ? 5 : 3));
        if (k % 4 == 0) std::ranges::sort(c.lengths, std::greater());
        c.rectangle = random_mat(2, (c.wider + c.steps()) * c.batch, rng);
        CAPTURE(c.lengths, c.wider);
        body(c);
    }
}

}  // namespace

TEST_CASE("sequence: steps are views of the batch") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}});
    const auto x = sequence(all, 2);
    CHECK(x.steps() == 3);
    CHECK(x.batch() == 2);
    CHECK(x[1].value() == Mat<double>{{3, 4}, {9, 10}});
    CHECK(x[1].value().data() == all.value().data() + 4);
    CHECK(padded(x).value() == all.value());
    CHECK(padded(x).value().data() == all.value().data());
    backward(sum(x[0]) + 5 * sum(x[2]));
    CHECK(all.grad() == Mat<double>{{1, 1, 0, 0, 5, 5}, {1, 1, 0, 0, 5, 5}});
}

TEST_CASE("sequence: lengths that are equal cut the rectangle, without a copy") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, NaN, NaN}});
    const auto x = sequence(all, 2, {2, 2});
    CHECK(x.all.value() == Mat<double>{{1, 2, 3, 4}});
    CHECK(x.all.value().data() == all.value().data());
    CHECK(*x.layout == Layout{2, 2});
    CHECK(shape(padded(sequence(all, 2, {0, 0}))) == Shape{1, 0});
    CHECK(sequence(all, 2, {}).steps() == 3);
    backward(sum(padded(x)));
    CHECK(all.grad() == Mat<double>{{1, 1, 1, 1, 0, 0}});
}

TEST_CASE("sequence: of unequal lengths holds the real columns only, the longest sequence first") {
    Tape<double> tape;
    Lengths lengths{1, 0, 3, 1};
    const auto x = sequence(tape.variable(Mat<double>{{1, NaN, 3, 4, NaN, NaN, 5, NaN, NaN, NaN, 6, NaN, NaN, NaN, NaN, NaN}}),
                            4, lengths);
    lengths.assign(4, 7);
    CHECK(x.all.value() == Mat<double>{{3, 1, 4, 5, 6}});
    CHECK(x.steps() == 3);
    CHECK(padded(x).value() == Mat<double>{{1, 0, 3, 4, 0, 0, 5, 0, 0, 0, 6, 0}});
    CHECK_FALSE(x.reversed);
    CHECK(x.initial.empty());
    CHECK(sequence(tape.variable(Mat<double>{{1, 2, 3}}), 1, {2}).all.value() == Mat<double>{{1, 2}});
}

TEST_CASE("sequence: the columns stand where the layout says, and padded() puts them back") {
    for_random_lengths([](const Case& c) {
        Tape<double> tape;
        tape.variable(Mat<double>::Constant(50, 50, NaN));
        tape.clear();  // so that memory is not zero already
        const auto x = sequence(tape.constant(c.rectangle), c.batch, c.lengths);
        const Layout& l = *x.layout;
        REQUIRE(x.all.cols() == l.columns());
        CHECK_FALSE(x.all.tracked());
        for (Index k = 0; k < c.rectangle.cols(); ++k)
            if (c.real(k)) CHECK(x.all.value().col(l.start(k / c.batch) + l.place(k % c.batch)) == c.rectangle.col(k));
        CHECK(padded(x).value() == c.padding(0));
        const auto again = sequence(padded(x), c.batch, c.lengths);
        CHECK((*again.layout == l && again.all.value() == x.all.value()));
    });
}

TEST_CASE("sequence: gradients into the rectangle and back") {
    for_random_lengths([](const Case& c) {
        if (c.rectangle.size() == 0) return;
        CHECK(check_op([&](auto x) { return sequence(x, c.batch, c.lengths).all; }, c.rectangle));
        CHECK(check_op([&](auto x) { return padded(sequence(x, c.batch, c.lengths)); }, c.rectangle));
        CHECK(check_op([&](auto x) { return square(padded(reversed(sequence(square(x), c.batch, c.lengths)))); }, c.rectangle));
    });
}

TEST_CASE("sequence: NaN in the padding arrives nowhere, and the padding's gradient is zero") {
    for_random_lengths([](const Case& c) {
        Tape<double> tape;
        const Index n = c.steps() * c.batch;
        Mat<double> dirty = Mat<double>::Constant(2, c.rectangle.cols(), NaN);
        dirty.leftCols(n) = c.padding(NaN);
        const auto rectangle = tape.variable(dirty);
        const auto x = sequence(rectangle, c.batch, c.lengths);
        const auto y = padded(x);
        CHECK(x.all.value().allFinite());
        CHECK(y.value() == c.padding(0));
        backward(sum(y % tape.constant(c.padding(NaN))));
        CHECK(rectangle.grad().leftCols(n) == c.padding(0));
        CHECK(rectangle.grad().rightCols(c.wider * c.batch).isZero(0));
    });
}

TEST_CASE("sequence: steps of falling lengths are views of those still running") {
    for (const bool backwards : {false, true}) {
        Tape<double> tape;
        const auto rectangle = tape.variable(Mat<double>{{1, 2, 3, NaN, 4, 5, NaN, NaN, 6, NaN, NaN, NaN}});
        auto x = sequence(rectangle, 4, {3, 2, 1, 0});
        if (backwards) x = reversed(x);
        CHECK(x[0].value() == Mat<double>{{1, 2, 3}});
        CHECK(x[1].value() == Mat<double>{{4, 5}});
        CHECK(x[2].value() == Mat<double>{{6}});
        CHECK(x[1].value().data() == x.all.value().data() + 3);
        backward(sum(10 * x[0]) + sum(x[1]) + 5 * sum(x[2]));
        CHECK(rectangle.grad() == Mat<double>{{10, 10, 10, 0, 1, 1, 0, 0, 5, 0, 0, 0}});
    }
}

TEST_CASE("sequence: steps of lengths that do not fall are refused, with what to use instead") {
    Tape<double> tape;
    for (const Lengths& lengths : {Lengths{2, 3}, Lengths{0, 3}}) {
        const auto x = sequence(tape.variable(Mat<double>::Ones(1, 6)), 2, lengths);
        const auto named = "step 1 of 2 sequences of " + std::to_string(lengths[0]) + ",3";
        for (const auto& part : {named, std::string("unroll"), std::string("state_at"), std::string("padded")})
            CHECK_THROWS_WITH(x[1], ContainsSubstring(part));
    }
    CHECK_NOTHROW(sequence(tape.variable(Mat<double>::Ones(1, 9)), 3, {3, 3, 2})[2]);
}

TEST_CASE("sequence: a sequence from before clear() is an error") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>::Ones(1, 6));
    const auto x = sequence(all, 2), uneven = sequence(all, 2, {3, 1});
    tape.clear();
    for (const auto use :
         {+[](Sequence<double> s) { s.steps(); }, +[](Sequence<double> s) { s[0]; }, +[](Sequence<double> s) { s.with(s.all); },
          +[](Sequence<double> s) { padded(s); }, +[](Sequence<double> s) { reversed(s); },
          +[](Sequence<double> s) { mse(s, s); }, +[](Sequence<double> s) { binary_cross_entropy_with_logits(s, s); }})
        for (const auto& s : {x, uneven}) CHECK_THROWS_WITH(use(s), ContainsSubstring("before tape.clear()"));
    CHECK_THROWS_WITH(cross_entropy(x, Tokens({0, 0, 0, 0, 0, 0}, 2)), ContainsSubstring("before tape.clear()"));
}

TEST_CASE("sequence: one without a layout is an error") {
    Tape<double> tape;
    const Sequence<double> bare{tape.variable(Mat<double>::Ones(1, 6))};
    CHECK_THROWS_WITH(bare[0], ContainsSubstring("it has no layout"));
    CHECK_THROWS_WITH(reversed(bare), ContainsSubstring("it has no layout"));
    CHECK_THROWS_WITH(padded(bare), ContainsSubstring("it has no layout"));
    CHECK_THROWS_WITH(bare.with(bare.all), ContainsSubstring("it has no layout"));
    CHECK_THROWS_WITH(mse(bare, bare), ContainsSubstring("it has no layout"));
}

TEST_CASE("sequence: other features and the other direction keep the layout") {
    Tape<double> tape;
    for (const Lengths& lengths : {Lengths{3, 3}, Lengths{1, 3}}) {
        auto x = sequence(tape.variable(Mat<double>::Ones(1, 6)), 2, lengths);
        x.initial = tape.variable(Mat<double>::Ones(1, 2));
        const auto features = tape.variable(Mat<double>::Ones(5, x.all.cols()));
        const auto y = reversed(x), again = reversed(y), other = x.with(features), both = y.with(features);
        for (const auto& z : {y, again, other, both}) {
            CHECK(z.layout == x.layout);
            CHECK(z.initial.empty());
        }
        for (const auto& z : {y, both}) CHECK(z.reversed);
        for (const auto& z : {x, again, other}) CHECK_FALSE(z.reversed);
        for (const auto& z : {y, again}) CHECK(z.all.value().data() == x.all.value().data());
        for (const auto& z : {other, both}) CHECK(z.all.value().data() == features.value().data());
    }
}

TEST_CASE("sequence: detached, it keeps its layout, its direction and what stood before, and no gradient flows through") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, 5, NaN}}), start = tape.variable(Mat<double>{{7, 8}});
    auto x = reversed(sequence(all, 2, {3, 2}));
    CHECK(detach(x).initial.empty());
    x.initial = start;
    const auto y = detach(x);
    CHECK(y.layout == x.layout);
    CHECK(y.reversed);
    CHECK_FALSE(detach(reversed(x)).reversed);
    CHECK((y.all.value().data() == x.all.value().data() && y.initial.value().data() == start.value().data()));
    CHECK_FALSE((y.all.tracked() || y.initial.tracked() || y[1].tracked()));
    backward(sum(y.all % x.all) + sum(y.initial % x.initial));
    CHECK(all.grad() == Mat<double>{{1, 2, 3, 4, 5, 0}});
    CHECK(start.grad() == Mat<double>{{7, 8}});
}

TEST_CASE("sequence: a kept layout does not change with its tokens") {
    Tape<double> tape;
    Tokens uneven = Tokens::of({{1}, {2, 3}}), even = Tokens::of({{1, 4}, {2, 3}});
    const Layout *kept = detail::keep_layout(tape, uneven.layout()), *plain = detail::keep_layout(tape, even.layout());
    for (Tokens* x : {&uneven, &even}) x->assign(std::vector<Index>{1, 2, 3, 4}, 2, std::vector<Index>{2, 0});
    CHECK(kept->length(0) == 1);
    CHECK(kept->length(1) == 2);
    CHECK(*plain == Layout{2, 2});
}

TEST_CASE("sequence: columns go from the user's order to that inside") {
    for_random_lengths([](const Case& c) {
        Rng rng(2);
        const auto a = random_mat(3, c.batch, rng);
        Tape<double> tape;
        const auto x = tape.variable(a);
        const Layout& l = *sequence(tape.constant(c.rectangle), c.batch, c.lengths).layout;
        const auto y = detail::to_inside_order(x, l);
        REQUIRE(shape(y) == shape(x));
        for (Index b = 0; b < c.batch; ++b) CHECK(y.value().col(l.place(b)) == a.col(b));
        CHECK((y.value().data() == x.value().data()) == l.in_order());
        const auto weights = random_mat(3, c.batch, rng);
        backward(sum(y % tape.constant(weights)));
        for (Index b = 0; b < c.batch; ++b) CHECK(x.grad().col(b) == weights.col(l.place(b)));
    });
}
