#include "bptt/autograd/tape.hpp"

#include <optional>
#include <thread>

#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "catch.hpp"
#include "support/malloc.hpp"
#include "support/random.hpp"

using namespace bptt;

static_assert(std::is_trivially_copyable_v<Var<float>>);
static_assert(!std::is_copy_constructible_v<Tape<float>> && !std::is_move_constructible_v<Tape<float>>);
template <class P>
concept Watchable = requires(Tape<float>& tape, P&& p) {
    tape.watch(std::forward<P>(p));
};
static_assert(Watchable<Param<float>&> && Watchable<const Param<float>&> && !Watchable<Param<float>>);

TEST_CASE("tape: values and gradients of a small graph") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}, {3, 4}});
    const auto c = tape.constant(Mat<double>{{5, 6}, {7, 8}});
    const auto loss = sum(x % c + 2 * x);
    CHECK(loss.item() == 5 + 12 + 21 + 32 + 20);
    backward(loss);
    CHECK(x.grad() == c.value() + Mat<double>::Constant(2, 2, 2));
    CHECK_FALSE(c.tracked());
}

TEST_CASE("tape: a parameter is watched in place, and its gradient adds up until it is reset") {
    Param<double> p(Mat<double>{{1, 2}});
    Tape<double> tape;
    for (int round = 1; round <= 3; ++round) {
        tape.clear();
        const auto w = tape.watch(p);
        CHECK(w.value().data() == p.value.data());
        backward(sum(3 * w));
        CHECK(p.grad == Mat<double>{{3.0 * round, 3.0 * round}});
    }
    p.value = Mat<double>::Ones(2, 2);  // the gradient is stale now
    tape.clear();
    backward(sum(tape.watch(p)));
    CHECK(p.grad == Mat<double>::Ones(2, 2));
}

TEST_CASE("tape: a leaf that the loss does not depend on has a zero gradient") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 3)), unused = tape.variable(Mat<double>::Ones(3, 1));
    const auto side = tanh(unused);
    backward(sum(x));
    CHECK_FALSE(unused.reached());
    CHECK(unused.grad() == Mat<double>::Zero(3, 1));
    CHECK(side.grad() == Mat<double>::Zero(3, 1));
}

TEST_CASE("tape: a parameter used k times has k times the gradient") {
    for (int k = 1; k <= 40; ++k) {
        Param<double> p(Mat<double>{{2, 3}, {4, 5}});
        Tape<double> tape;
        auto total = sum(tape.watch(p));
        for (int n = 1; n < k; ++n) total = total + sum(tape.watch(p));
        backward(total);
        CHECK(p.grad == Mat<double>::Constant(2, 2, k));
    }
}

TEST_CASE("tape: a buffer is taken over as a gradient, or added to one") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 1)), c = tape.constant(Mat<double>::Ones(2, 1));
    const auto handed = [&](double a, double b) {
        double* const g = tape.buffer<double>(2);
        return g[0] = a, g[1] = b, g;
    };
    double* const first = handed(1, 2);
    x.accumulate_buffer(first);
    CHECK(x.grad().data() == first);
    x.accumulate_buffer(handed(10, 20));
    CHECK(x.grad() == Mat<double>{{11}, {22}});
    tape.view(x, 1, 1, 1).accumulate_buffer(handed(100, 0));
    CHECK(x.grad() == Mat<double>{{11}, {122}});
    c.accumulate_buffer(handed(1, 2));
    CHECK_FALSE(c.reached());
}

TEST_CASE("tape: gradients through views meet in the owner") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2, 3}, {4, 5, 6}});
    const auto a = cols(x, 0, 2), b = cols(x, 1, 2), inner = cols(b, 1, 1), flat = reshape(x, 3, 2);
    CHECK(inner.value() == Mat<double>{{3}, {6}});
    CHECK(a.value().data() == x.value().data());
    backward(sum(2 * a) + sum(3 * b) + sum(10 * inner) + sum(100 * flat));
    CHECK((a.reached() && inner.reached() && flat.reached()));
    CHECK(x.grad() == Mat<double>{{102, 105, 113}, {102, 105, 113}});
    CHECK(inner.grad() == Mat<double>{{113}, {113}});
}

TEST_CASE("tape: no gradient flows through what is detached, and it is not a copy") {
    Param<double> p(Mat<double>{{1, 2}, {3, 4}});
    Tape<double> tape;
    const auto x = tape.watch(p), h = 3 * x, y = detach(h);
    CHECK(y.value().data() == h.value().data());
    CHECK(shape(y) == shape(h));
    CHECK_FALSE(y.tracked());
    const auto part = detach(cols(x, 1, 1)), of_it = cols(y, 0, 1);  // of a view, and a view
    CHECK(part.value().data() == p.value.data() + 2);
    CHECK(of_it.value() == Mat<double>{{3}, {9}});
    CHECK_FALSE((part.tracked() || of_it.tracked()));
    CHECK(detach(y).value().data() == h.value().data());
    backward(sum(x % y) + sum(part % of_it % cols(x, 0, 1)));
    CHECK(p.grad == Mat<double>{{3 + 2 * 3, 6}, {9 + 4 * 9, 12}});
    CHECK_FALSE((h.reached() || y.reached() || part.reached() || of_it.reached()));
    tape.clear();
    CHECK_THROWS_WITH(y.value(), ContainsSubstring("before tape.clear()"));
}

TEST_CASE("tape: nothing is recorded while paused") {
    Param<double> p(Mat<double>{{1, 2}});
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{5, 6}});
    {
        Tape<double>::Pause pause(tape);
        const Tape<double>::Pause nested(tape);
        const auto y = sum(x % tape.watch(p));
        CHECK(y.item() == 17);
        CHECK_FALSE(y.tracked());
        CHECK_THROWS_WITH(backward(y), ContainsSubstring("Tape::Pause"));
    }
    backward(sum(x % tape.watch(p)));
    CHECK(x.grad() == p.value);
}

TEST_CASE("tape: stepping() is the innermost layout, while it is stepped through") {
    Tape<double> tape;
    const Layout outer{3, 2}, inner{1, 4};
    {
        const Tape<double>::Stepping first(tape, outer);
        {
            const Tape<double>::Stepping second(tape, inner);
            CHECK(tape.stepping() == &inner);
        }
        CHECK(tape.stepping() == &outer);
    }
    CHECK(tape.stepping() == nullptr);
}

TEST_CASE("tape: misuse is an error that says so") {
    Tape<double> tape;
    const auto loss = sum(tape.variable(Mat<double>::Ones(2, 3)));
    backward(loss);
    CHECK_THROWS_WITH(backward(loss), ContainsSubstring("already run"));
    tape.clear();
    for (const auto use : {+[](Var<double> v) { v.value(); }, +[](Var<double> v) { v.grad(); }, +[](Var<double> v) { tanh(v); },
                           +[](Var<double> v) { backward(v); }})
        CHECK_THROWS_WITH(use(loss), ContainsSubstring("before tape.clear()"));
}

TEST_CASE("tape: an op whose gradient has another shape than its operand is told so") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 3));
    const auto wrong = record({x}, x.value().rowwise().sum(), [x](Var<double> y) { x.accumulate(y.grad()); });
    CHECK_THROWS_WITH(backward(sum(wrong)), ContainsSubstring("accumulate: the gradient is 2x1, the variable 2x3"));
}

TEST_CASE("tape: a shape that is too large is refused, an empty one is not") {
    Tape<double> tape;
    CHECK_THROWS_AS(tape.make(Index{1} << 32, Index{1} << 32, false), std::bad_alloc);
    CHECK(tape.make(0, Index{1} << 32, true).first.size() == 0);
    CHECK(tape.make(3, 0, true).first.size() == 0);
}

TEST_CASE("tape: a view is a part of what there is") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2, 3}, {4, 5, 6}});
    CHECK(tape.view(x, 1, 1, 5).value() == Mat<double>{{4, 2, 5, 3, 6}});
    CHECK(tape.view(x, 6, 2, 0).size() == 0);
    CHECK_THROWS_WITH(tape.view(x, 1, 1, 6), ContainsSubstring("Tape::view: 1x6 from 1 on, x is 2x3"));
    CHECK_THROWS_WITH(tape.view(x, 0, 7, 1), ContainsSubstring("Tape::view: 7x1 from 0 on"));
    CHECK_THROWS_WITH(tape.view(x, 0, Index{1} << 32, Index{1} << 32), ContainsSubstring("from 0 on"));
}

TEST_CASE("tape: an empty Var says so") {
    Tape<double> tape;
    CHECK(Var<double>().empty());
    CHECK_FALSE(tape.variable(Mat<double>::Ones(1, 1)).empty());
}

TEST_CASE("tape: each window holds the same memory") {
    Tape<double> tape;
    std::size_t held = 0;
    for (int window = 0; window < 20; ++window) {
        tape.clear();
        auto x = tape.variable(Mat<double>::Ones(2, 5000));
        for (int k = 0; k < 9; ++k) x = x + x;
        backward(sum(x));
        if (window == 1) held = tape.capacity();
    }
    CHECK(tape.capacity() == held);
}

#if defined(BPTT_OWN_MALLOC)
TEST_CASE("tape: where memory is short, backward throws before any gradient has changed, and can be called again") {
    int failed = 0;
    for (int ops = 1; ops < 40; ++ops) {
        Param<double> last(Mat<double>::Ones(1, 1));
        Tape<double> tape;
        auto x = tape.variable(Mat<double>::Ones(2, 500));
        for (int k = 0; k < ops; ++k) x = x + x;
        const auto loss = sum(x) + tape.watch(last);
        const auto ending = with_failing_allocation(1, Fails::from_then_on, [&] { backward(loss); });
        if (ending == Ending::bad_alloc) {
            ++failed;
            CHECK(last.grad(0) == 0);
            backward(loss);
        }
        CHECK(last.grad(0) == 1);
    }
    CHECK(failed > 0);
}
#endif

TEST_CASE("tape: backward of a failed call can be tried again") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 2));
    CHECK_THROWS(backward(x));
    backward(sum(x));
    CHECK(x.grad() == Mat<double>::Ones(2, 2));
}

TEST_CASE("tape: a zero cotangent gives gradients of exactly zero") {
    Rng rng(3);
    Tape<double> tape;
    const auto x = tape.variable(random_mat(4, 3, rng)), w = tape.variable(random_mat(2, 4, rng));
    backward(sum(0 * tanh(w * x)));
    CHECK(x.grad() == Mat<double>::Zero(4, 3));
    CHECK(w.grad() == Mat<double>::Zero(2, 4));
}

TEST_CASE("tape: takes Threads and refers to them") {
    const Threads threads(2);
    const Tape<float> tape(threads), plain;
    CHECK(tape.threads()->count() == 2);
    CHECK(plain.threads() == nullptr);
}
