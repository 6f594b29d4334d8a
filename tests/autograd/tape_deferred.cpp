#include <optional>
#include <ostream>

#include "bptt/autograd/tape.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "catch.hpp"
#include "support/malloc.hpp"
#include "support/random.hpp"

using namespace bptt;

template <class V>
concept Printable = requires(std::ostream& out, const V& v) {
    out << v;
};
static_assert(Printable<int> && !Printable<Var<float>>, "a value or an item is printed, not a variable");

namespace {

/// 2 x, later. It counts how often it is computed.
struct Doubled : detail::Deferred<double> {
    Var<double> x;
    int* computed;
};
struct Other : detail::Deferred<double> {};

Var<double> doubled(Var<double> x, int& computed) {
    Doubled what{{}, x, &computed};
    what.compute = [](const detail::Deferred<double>& d, Var<double> y, double* value) {
        const auto& twice = static_cast<const Doubled&>(d);
        const auto in = twice.x;
        Eigen::Map<Mat<double>>(value, y.rows(), y.cols()) = 2 * in.value();
        if (y.tracked()) y.tape().on_backward([=] { in.accumulate(2 * y.accumulated()); });
        ++*twice.computed;
    };
    return x.tape().defer(what, x.rows(), x.cols(), x.tracked());
}

}  // namespace

TEST_CASE("tape: a deferred value is computed once, when somebody looks at it") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}, {3, 4}});
    int computed = 0;
    const auto y = doubled(x, computed);
    CHECK(shape(y) == detail::Shape{2, 2});
    CHECK((y.tracked() && !y.empty() && !y.reached()));
    CHECK(y.deferred<Doubled>()->computed == &computed);
    CHECK(y.deferred<Other>() == nullptr);
    CHECK(x.deferred<Doubled>() == nullptr);
    CHECK(computed == 0);
    CHECK(y.value() == Mat<double>{{2, 4}, {6, 8}});
    CHECK(y.deferred<Doubled>() == nullptr);
    backward(sum(y % y));
    CHECK(computed == 1);
    CHECK(x.grad() == 8 * x.value());
    CHECK(y.grad() == 2 * y.value());
}

TEST_CASE("tape: ops look at a deferred operand first, so that nothing is computed in backward") {
    const auto check_op = [](auto op) {
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>{{1, 2}, {3, 4}});
        int computed = 0;
        const auto y = op(doubled(x, computed));
        CHECK(computed == 1);
        backward(sum(y));
        CHECK(computed == 1);
        CHECK(x.grad().norm() > 0);
    };
    check_op([](auto y) { return sum(y); });
    check_op([](auto y) { return y + y; });
    check_op([](auto y) { return y * y; });
    check_op([](auto y) { return cols(y, 1, 1); });
    check_op([](auto y) { return reshape(y, 4, 1); });
    check_op([](auto y) { return concat_rows({y, y}); });
    check_op([](auto y) {
        return record(
            {y}, 1, 1, [](auto v) { v(0, 0) = 1; }, [y](auto v) { y.accumulate(v.grad()(0, 0) * y.value()); });
    });
}

TEST_CASE("tape: once backward has begun, a value that nobody has looked at is an error that says so") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}});
    int computed = 0;
    const auto y = doubled(x, computed);
    backward(sum(x));
    for (const auto use : {+[](Var<double> v) { v.value(); }, +[](Var<double> v) { v.grad(); },
                           +[](Var<double> v) { v.accumulate(Mat<double>::Ones(1, 2)); }, +[](Var<double> v) { v + v; }})
        CHECK_THROWS_WITH(use(y), ContainsSubstring("nobody looked at this value before"));
    CHECK(computed == 0);
    tape.clear();
    CHECK_THROWS_WITH(y.value(), ContainsSubstring("before tape.clear()"));
}

TEST_CASE("tape: a deferred value that nobody uses has a zero gradient once it was looked at") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}});
    int computed = 0;
    const auto y = doubled(x, computed);
    CHECK(y.grad() == Mat<double>::Zero(1, 2));
    CHECK(computed == 1);
}

TEST_CASE("tape: a value that an op took a shorter way around refuses grad(), looked at or not, and so do its views") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}});
    int computed = 0;
    const auto y = doubled(x, computed), z = doubled(x, computed);
    y.mark_taken(), z.mark_taken();
    const auto part = cols(z, 0, 1);
    backward(sum(x) + sum(square(z)));
    for (const auto& v : {y, z, part}) CHECK_THROWS_WITH(v.grad(), ContainsSubstring("grad: an op took a shorter way"));
    CHECK(z.accumulated() == 2 * z.value());
    CHECK(x.grad() == Mat<double>::Ones(1, 2) + 8 * x.value());
}

TEST_CASE("tape: whether a deferred value is tracked is settled when it is made") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2}});
    int computed = 0;
    const auto recorded = doubled(x, computed);
    std::optional<Tape<double>::Pause> pause(tape);
    const auto paused = doubled(x, computed);
    recorded.value();
    pause.reset();
    paused.value();
    CHECK((recorded.tracked() && !paused.tracked()));
    backward(sum(recorded) + sum(paused));
    CHECK(x.grad() == Mat<double>{{2, 2}});
}

TEST_CASE("tape: shapes of deferred values that are negative or too large are refused when they are made") {
    Tape<double> tape;
    CHECK_THROWS_WITH(tape.defer(Other(), -1, 2, false), ContainsSubstring("Tape::defer: the shape -1x2 is negative"));
    CHECK_THROWS_AS(tape.defer(Other(), Index{1} << 32, Index{1} << 32, false), std::bad_alloc);
}

TEST_CASE("tape: under a pause nothing of a parameter is written, not even a gradient's shape") {
    const Param<double> p(Mat<double>{{1, 2}});
    p.grad.resize(0, 0);
    Tape<double> tape;
    {
        const Tape<double>::Pause pause(tape);
        CHECK(sum(tape.watch(p)).item() == 3);
        CHECK(p.grad.size() == 0);
    }
    backward(sum(tape.watch(p)));
    CHECK(p.grad == Mat<double>::Ones(1, 2));
}

TEST_CASE("tape: backward looks at a deferred loss itself") {
    Tape<double> tape;
    int computed = 0;
    const auto x = tape.variable(Mat<double>::Ones(1, 1));
    backward(doubled(doubled(x, computed), computed));
    CHECK(computed == 2);
    CHECK(x.grad()(0) == 4);
}

TEST_CASE("tape: backward takes the memory of all gradients at once, those of deferred values among them") {
    for (const Index size : {1, 5000, 50000}) {
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>::Ones(2, size));
        int computed = 0;
        const auto loss = sum(doubled(x, computed));
        const long before = allocations();
        backward(loss);
        CHECK(allocations() <= before + 1);
        CHECK(x.grad() == Mat<double>::Constant(2, size, 2));
    }
}

#if defined(BPTT_OWN_MALLOC)
TEST_CASE("tape: where memory is short, a deferred value stays deferred, and is computed when looked at again") {
    int failed = 0;
    for (Index size = 1; size < 40000; size *= 3) {
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>::Ones(1, size));
        int computed = 0;
        const auto y = doubled(x, computed);
        failed += with_failing_allocation(1, Fails::from_then_on, [&] { y.value(); }) == Ending::bad_alloc;
        backward(sum(y));
        CHECK(computed == 1);
        CHECK(x.grad() == Mat<double>::Constant(1, size, 2));
    }
    CHECK(failed > 0);
}
#endif
