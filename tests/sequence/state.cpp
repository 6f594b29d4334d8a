#include "bptt/sequence/state.hpp"

#include <array>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "support/gradients.hpp"
#include "support/malloc.hpp"
#include "support/pair_state.hpp"

using namespace bptt;

namespace {

/// A batch of unequal lengths on a tape, as a trajectory that ran from `before`.
struct Run {
    std::vector<Index> lengths;
    bool reversed;
    Mat<double> rectangle, before;

    Index batch() const { return std::ssize(lengths); }
    Index steps() const { return std::ranges::max(lengths); }
    Sequence<double> operator()(Var<double> x, Var<double> start) const {
        auto y = sequence(x, batch(), lengths);
        return {y.all, y.layout, start, reversed};
    }
    /// What stood after k steps of each sequence, and where in the rectangle it is: −1 for before.
    Index column(Index k, Index b) const {
        const Index length = lengths[static_cast<std::size_t>(b)], done = k < length ? k : length;
        return done == 0 ? -1 : (reversed ? length - done : done - 1) * batch() + b;
    }
    Mat<double> expected(Index k) const {
        Mat<double> y = before;
        for (Index b = 0; b < batch(); ++b)
            if (const Index j = column(k, b); j >= 0) y.col(b) = rectangle.col(j);
        return y;
    }
};

/// body(run) for 60 random ones, both ways; in every second all lengths are positive.
void for_random_runs(const std::function<void(const Run&)>& body) {
    Rng rng(1);
    for (int k = 0; k < 60; ++k) {
        Run run{std::vector<Index>(static_cast<std::size_t>(1 + rng.below(5))), k % 4 < 2, {}, {}};
        for (Index& n : run.lengths) n = k % 2 + rng.below(4);
        if (k % 5 == 0) std::ranges::fill(run.lengths, run.lengths[0]);
        run.rectangle = random_mat(2, run.batch() * (run.steps() + k % 3), rng);
        run.before = random_mat(2, run.batch(), rng);
        CAPTURE(run.lengths, run.reversed);
        body(run);
    }
}

}  // namespace

TEST_CASE("state: lift and values are each other's inverse, and values carry no graph") {
    Tape<double> tape;
    const PairState<Mat<double>> s{{numbered(1)}, {numbered(2), numbered(3)}};
    const auto lifted = lift(tape, s);
    CHECK_FALSE(lifted.second.c.tracked());
    const PairState<Mat<double>> back = values(lifted);
    CHECK(back.first.h == s.first.h);
    CHECK(back.second.c == s.second.c);
    PairState<Mat<double>> carry{{numbered(0)}, {numbered(0), numbered(0)}};
    const double* memory = carry.second.c.data();
    values(lifted, carry);
    CHECK(carry.second.c == s.second.c);
    CHECK(carry.second.c.data() == memory);
    PairState<Mat<double>> empty;
    values(lifted, empty);
    CHECK(empty.second.c == s.second.c);
    PairState<Mat<double>> narrow = columns(s, 0, 1);
    CHECK_THROWS_WITH(values(lifted, narrow), ContainsSubstring("values: ") && ContainsSubstring("of the carry"));
    CHECK(narrow.first.h == s.first.h.col(0));
    StateArray<HiddenState<Mat<double>>> stack, other;
    stack.push_back({numbered(1)});
    CHECK_THROWS_WITH(values(lift(tape, stack), other), ContainsSubstring("1 layers, the other 0"));
}

TEST_CASE("state: values() into a carry names the field of another shape, and changes all of it or nothing") {
    Tape<double> tape;
    const LstmState<Mat<double>> s{numbered(1), numbered(2)};
    const auto lifted = lift(tape, s);
    LstmState<Mat<double>> narrow{numbered(0), columns(s, 0, 1).c};
    CHECK_THROWS_WITH(values(lifted, narrow), ContainsSubstring("values: c of the state is"));
    CHECK(narrow.h == numbered(0));
    LstmState<Mat<double>> half{numbered(0), {}};
#if defined(BPTT_OWN_MALLOC)
    CHECK(with_failing_allocation(1, Fails::from_then_on, [&] { values(lifted, half); }) == Ending::bad_alloc);
    CHECK(half.h == numbered(0));
#endif
    values(lifted, half);
    CHECK(half.h == s.h);
    CHECK(half.c == s.c);
}

TEST_CASE("state: columns of a carry") {
    const PairState<Mat<double>> s{{numbered(1)}, {numbered(2), numbered(3)}};
    const auto part = columns(s, 1, 1);
    CHECK(part.first.h == s.first.h.col(1));
    CHECK(part.second.c == s.second.c.col(1));
    CHECK(columns(s, 0, 3).second.h == s.second.h);
    CHECK(columns(s, 3, 0).second.h.cols() == 0);
}

TEST_CASE("state: state_at and final_state of a trajectory") {
    Tape<double> tape;
    const auto all = tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}});
    const auto start = tape.variable(Mat<double>{{-1, -2}});
    auto x = sequence(all, 2);
    CHECK_THROWS_WITH(state_at(x, 0), ContainsSubstring("nothing stands before"));
    x.initial = start;
    const HiddenState<Sequence<double>> y{x};
    CHECK(state_at(y, 0).h.value() == start.value());
    CHECK(state_at(y, 2).h.value() == Mat<double>{{3, 4}});
    CHECK(final_state(y).h.value() == Mat<double>{{5, 6}});
    CHECK_THROWS_WITH(state_at(y, 4), ContainsSubstring("k is 4, outside 0..3 of 2 sequences of 3"));
    CHECK_THROWS_WITH(state_at(y, -1), ContainsSubstring("k is -1"));
    const HiddenState<Sequence<double>> empty{{cols(all, 0, 0), tape.keep(Layout{2, 0}), start}};
    CHECK(final_state(empty).h.value() == start.value());
}

TEST_CASE("state: state_at counts the steps of the run, from the last on where that is reversed") {
    Tape<double> tape;
    auto y = reversed(sequence(tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}}), 2));
    y.initial = tape.constant(Mat<double>{{-1, -2}});
    CHECK(state_at(y, 1).value() == Mat<double>{{5, 6}});
    CHECK(state_at(y, 2).value() == Mat<double>{{3, 4}});
    CHECK(final_state(y).value() == Mat<double>{{1, 2}});
    CHECK(final_state(y).value().data() == y.all.value().data());
}

TEST_CASE("state: of unequal lengths, each sequence stays where its own run ended, in the user's order") {
    Tape<double> tape;
    const auto rectangle = tape.variable(Mat<double>{{1, 2, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}}),
               start = tape.variable(Mat<double>{{-1, -2, -3, -4}});
    auto y = sequence(rectangle, 4, {1, 3, 0, 2});
    y.initial = start;
    CHECK(state_at(y, 0).value().data() == start.value().data());
    CHECK(state_at(y, 1).value() == Mat<double>{{1, 2, -3, 4}});
    CHECK(state_at(y, 2).value() == Mat<double>{{1, 5, -3, 6}});
    CHECK(final_state(y).value() == Mat<double>{{1, 7, -3, 6}});
    y.reversed = true;
    CHECK(state_at(y, 0).value() == start.value());
    CHECK(state_at(y, 1).value() == Mat<double>{{1, 7, -3, 6}});
    CHECK(state_at(y, 2).value() == Mat<double>{{1, 5, -3, 4}});
    const LstmState<Sequence<double>> both{y, y.with(2 * y.all)};
    CHECK_THROWS_WITH(final_state(both), ContainsSubstring("nothing stands before the first step of 4 sequences of 1,3,0,2"));
    const LstmState<Sequence<double>> whole{y, {2 * y.all, y.layout, 3 * start, true}};
    CHECK(final_state(whole).h.value() == Mat<double>{{1, 2, -3, 4}});
    CHECK(final_state(whole).c.value() == Mat<double>{{2, 4, -9, 8}});
}

TEST_CASE("state: state_at and final_state of random lengths, both ways") {
    for_random_runs([](const Run& run) {
        Tape<double> tape;
        const auto y = run(tape.constant(run.rectangle), tape.constant(run.before));
        for (Index k = 0; k <= run.steps(); ++k) CHECK(state_at(y, k).value() == run.expected(k));
        CHECK(final_state(y).value() == run.expected(run.steps()));
        CHECK_THROWS_WITH(state_at(y, run.steps() + 1), ContainsSubstring("state_at: "));
        CHECK_THROWS_WITH(state_at(y, -1), ContainsSubstring("k is -1, outside 0.."));
    });
}

TEST_CASE("state: gradients of state_at go to what stood there, before the first step too") {
    for_random_runs([](const Run& run) {
        const Index k = run.steps() / 2;
        const Binary middle = [&](auto x, auto before) { return state_at(run(x, before), k); },
                     last = [&](auto x, auto before) { return square(final_state(run(square(x), before))); };
        CHECK(check_op(middle, run.rectangle, run.before));
        CHECK(check_op(last, run.rectangle, run.before));

        Tape<double> tape;
        const auto x = tape.variable(run.rectangle), before = tape.variable(run.before);
        backward(sum(state_at(run(x, before), k)));
        Mat<double> dx = Mat<double>::Zero(2, x.cols()), d_before = Mat<double>::Zero(2, run.batch());
        for (Index b = 0; b < run.batch(); ++b) {
            const Index j = run.column(k, b);
            (j < 0 ? d_before.col(b) : dx.col(j)).setOnes();
        }
        CHECK(x.grad() == dx);
        CHECK(before.grad() == d_before);
    });
}

TEST_CASE("state: only what unroll() gave has states, and what stood before is read where a sequence has not begun") {
    for (const bool backwards : {false, true}) {
        Tape<double> tape;
        const auto rectangle = tape.variable(Mat<double>{{1, 2, 3, 4, 5, 6}});
        auto some = sequence(rectangle, 2, {1, 3}), even = sequence(rectangle, 2);
        some.reversed = even.reversed = backwards;
        for (const auto& none : {some, even, some.with(2 * some.all), even.with(2 * even.all)})
            for (const Index k : {0, 1, 3})
                CHECK_THROWS_WITH(state_at(none, k),
                                  ContainsSubstring("nothing stands before the first step of 2 sequences of") &&
                                      ContainsSubstring("ask final_state(y), and then the head"));
        some.initial = tape.variable(Mat<double>{{7, 8}});
        CHECK(final_state(some).value() == (backwards ? Mat<double>{{1, 2}} : Mat<double>{{1, 6}}));
        backward(sum(final_state(some)));
        CHECK_FALSE(some.initial.reached());
    }
}

TEST_CASE("state: what stood before must fit the sequence, and the sequence its layout") {
    Tape<double> tape;
    auto x = sequence(tape.constant(Mat<double>::Ones(2, 6)), 2, {3, 0});
    x.initial = tape.constant(Mat<double>::Ones(2, 3));
    CHECK_THROWS_WITH(final_state(x), ContainsSubstring("final_state: initial is 2x3, the sequence 2x3, 2 sequences of 3,0"));
    x.initial = tape.constant(Mat<double>::Ones(1, 2));
    CHECK_THROWS_WITH(state_at(x, 0), ContainsSubstring("initial is 1x2"));
    x.all = tape.constant(Mat<double>::Ones(2, 2));
    CHECK_THROWS_WITH(final_state(x), ContainsSubstring("Sequence: all is 2x2, the layout is 2 sequences of 3,0"));
}
