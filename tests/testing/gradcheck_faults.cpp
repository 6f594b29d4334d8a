// Backwards that are wrong on purpose.

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <sstream>
#include <tuple>

#include "bptt/cells/rnn.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

/// y = x ⊙ x, whose gradient is `gradient(x, dy)`: 2 dy ⊙ x would be right.
using Gradient = std::function<Mat<double>(const Mat<double>& x, const Mat<double>& dy)>;
Unary square_with(const Gradient& gradient) {
    return [&gradient](Var<double> x) {
        const auto* f = &gradient;  // a step captures no owning object
        return record({x}, x.array().square(), [x, f](Var<double> y) { x.accumulate((*f)(x.value(), y.grad())); });
    };
}
GradcheckResult check_square(const Gradient& gradient) {
    Rng rng(1);
    return check_op(square_with(gradient), random_mat(3, 3, rng));
}
Mat<double> right(const Mat<double>& x, const Mat<double>& dy) { return 2 * dy.cwiseProduct(x); }

/// y = a b, whose gradient of b is of_b(a, dy): aᵀ dy would be right.
Var<double> product_with(Var<double> a, Var<double> b, Mat<double> (*of_b)(const Mat<double>& a, const Mat<double>& dy)) {
    return record({a, b}, a.value() * b.value(), [=](Var<double> y) {
        a.accumulate(y.grad() * b.value().transpose());
        b.accumulate(of_b(a.value(), y.grad()));
    });
}

/// Twice x, but its gradient is a thousandth too small.
Var<double> wrong_double(Var<double> x) {
    return record({x}, 2 * x.value(), [x](Var<double> y) { x.accumulate(1.998 * y.grad()); });
}

/// h = tanh(W x + U h), c = h + c: what flows back through `Wrong` is wrong.
enum class Wrong { nothing, h, c };
template <class V> struct PairState { V h, c; };
struct FaultyCell {
    using Scalar = double;
    template <class V> using State = PairState<V>;
    Param<double> W, U;
    Wrong wrong = Wrong::nothing;
    static void params(auto& m, auto&& f) {
        f("W", m.W);
        f("U", m.U);
    }
    Index units() const { return U.rows(); }
    State<Var<double>> step(Var<double> x, State<Var<double>> s) const {
        const auto before = wrong == Wrong::h ? 0.5 * wrong_double(s.h) : s.h;
        const auto kept = wrong == Wrong::c ? 0.5 * wrong_double(s.c) : s.c;
        const auto h = tanh(W * x + U * before);
        return {h, h + kept};
    }
};

}  // namespace

TEST_CASE("gradcheck: accepts the right gradients of what is broken below") {
    CHECK(check_square(right));
    Rng rng(2);
    const auto product = [](auto a, auto b) {
        return product_with(a, b, [](const Mat<double>& p, const Mat<double>& dy) { return Mat<double>(p.transpose() * dy); });
    };
    CHECK(check_op(product, random_mat(3, 3, rng), random_mat(3, 3, rng)));
}

TEST_CASE("gradcheck: refuses a sign, a factor, a missing term") {
    CHECK_FALSE(check_square([](auto& x, auto& dy) { return Mat<double>(-right(x, dy)); }));
    CHECK_FALSE(check_square([](auto& x, auto& dy) { return Mat<double>(right(x, dy) * (1 + 1e-6)); }));
    CHECK_FALSE(check_square([](auto& x, auto& dy) { return Mat<double>(right(x, dy) * (1 - 1e-6)); }));
    CHECK_FALSE(check_square([](auto& x, auto& dy) { return Mat<double>(dy.cwiseProduct(x)); }));  // one of two uses
    CHECK_FALSE(check_square([](auto& x, auto& dy) { return Mat<double>(right(x, dy).array() + 1e-6); }));
    CHECK_FALSE(check_square([](auto& x, auto&) { return Mat<double>(2 * x); }));  // dy forgotten
    CHECK_FALSE(check_square([](auto&, auto& dy) { return Mat<double>(2 * dy); }));
    CHECK_FALSE(check_square([](auto& x, auto&) { return Mat<double>(Mat<double>::Zero(x.rows(), x.cols())); }));
}

TEST_CASE("gradcheck: refuses an op that leaves an operand out of its list") {
    const auto times = [](Var<double> a, Var<double> b) {
        return record({a}, a.array() * b.array(), [a, b](Var<double> y) {
            a.accumulate(y.grad().array() * b.array());
            b.accumulate(y.grad().array() * a.array());
        });
    };
    Rng rng(9);
    const auto x = random_mat(3, 3, rng);
    auto result = check_op(times, x, random_mat(3, 3, rng));
    CHECK_FALSE(result);
    CHECK(result.tensor == "input 1 with the others constant");
    Linear<double> layer(3, 3, rng);
    result = gradcheck(
        layer, [&](Tape<double>& tape, auto a) { return times(a, tape.watch(layer.W)); }, x);
    CHECK_FALSE(result);
    CHECK(result.tensor == "W with the inputs constant");
}

TEST_CASE("gradcheck: refuses a transposed gradient and a transposed factor") {
    CHECK_FALSE(check_square([](auto& x, auto& dy) { return Mat<double>(right(x, dy).transpose()); }));
    Rng rng(3);
    const auto a = random_mat(3, 3, rng), b = random_mat(3, 3, rng);
    const auto wrong = [](auto x, auto y) {
        return product_with(x, y, [](const Mat<double>& p, const Mat<double>& dy) { return Mat<double>(p * dy); });
    };
    const auto result = check_op(wrong, a, b);
    CHECK_FALSE(result);
    CHECK(result.tensor == "input 1");
}

TEST_CASE("gradcheck: one wrong element is found and told") {
    for (Index at = 0; at < 9; ++at) {
        double wrong = 0, largest = 0;
        const auto result = check_square([&](auto& x, auto& dy) {
            auto g = right(x, dy);
            largest = g.cwiseAbs().maxCoeff();
            wrong = g.data()[at] *= 1.01;
            return g;
        });
        CHECK_FALSE(result);
        CHECK(result.tensor == "input 0");
        CHECK(result.row == at % 3);
        CHECK(result.col == at / 3);
        CHECK(result.elements == 9);
        CHECK(result.analytic == wrong);
        CHECK_THAT(result.numeric, WithinRel(wrong / 1.01, 1e-7));
        CHECK_THAT(result.relative_error,
                   WithinRel(std::abs(wrong / 101) / std::max(std::abs(wrong / 1.01), 1e-2 * largest), 1e-4));

        std::ostringstream expected, printed;
        expected << "input 0(" << at % 3 << ", " << at / 3 << "): backward says " << result.analytic << ", differences say "
                 << result.numeric << ", relative error " << result.relative_error;
        printed << result;
        CHECK_THAT(printed.str(), ContainsSubstring(expected.str()));
    }
}

TEST_CASE("gradcheck: NaN and infinity are refused wherever they stand, and told") {
    for (const double bad : {nan_value, std::numeric_limits<double>::infinity()}) {
        for (Index at = 0; at < 9; ++at) {
            const auto result = check_square([&](auto& x, auto& dy) {
                auto g = right(x, dy);
                g.data()[at] = bad;
                g.data()[(at + 1) % 9] *= 1.5;  // does not hide it
                return g;
            });
            CHECK_FALSE(result);
            CHECK(result.row == at % 3);
            CHECK(result.col == at / 3);
        }
    }
    CHECK_FALSE(check_op([](auto v) { return v * nan_value; }, Mat<double>::Ones(2, 2)));
}

TEST_CASE("gradcheck: a small element beside large ones is measured by a hundredth of the largest") {
    const Mat<double> x{{1e-4, 1}};
    const auto off_by = [&](double error) {
        return check_op(square_with([=](auto& v, auto& dy) {
                            auto g = right(v, dy);
                            g(0, 0) += error * dy(0, 1);
                            return g;
                        }),
                        x);
    };
    CHECK(off_by(1e-11));
    CHECK_FALSE(off_by(1e-8));
}

TEST_CASE("gradcheck: names the parameter whose gradient is wrong") {
    Rng rng(4);
    OneParam w{random_mat(2, 3, rng)};
    const auto result = check_op(
        w, [&](auto v) { return wrong_double(v.tape().watch(w.p)) * v; }, random_mat(3, 2, rng));
    CHECK_FALSE(result);
    CHECK(result.tensor == "p");
    CHECK(result.elements == 12);
    CHECK_THAT(result.relative_error, WithinRel(1e-3, 1e-3));
}

TEST_CASE("gradcheck: a fault that only one of several outputs shows is found") {
    Rng rng(5);
    const auto x = random_mat(4, 3, rng);
    const auto check_pair = [&](Unary first, Unary second) {
        return gradcheck([&](auto v) { return std::tuple(first(v), second(v)); }, x);
    };
    const auto twice = [](auto v) { return 2 * v; };
    CHECK(check_pair(twice, twice));
    CHECK_FALSE(check_pair(twice, wrong_double));
    CHECK_FALSE(check_pair(wrong_double, twice));
    CHECK_FALSE(gradcheck([](auto v) { return std::array{v, v, wrong_double(v)}; }, x));
    CHECK_FALSE(gradcheck([](auto v) { return std::tuple(PairState<Var<double>>{v, wrong_double(v)}, v); }, x));
    CHECK_FALSE(gradcheck([](auto v) { return PairState<Sequence<double>>{sequence(v, 3), sequence(wrong_double(v), 3)}; }, x));
}

TEST_CASE("gradcheck: a layer's parameters, input and initial state are compared") {
    Rng rng(6);
    Rnn<double> rnn(3, 4, rng);
    const auto result = gradcheck(rnn, {.inputs = 3, .batch = 2, .steps = 3});
    CHECK(result);
    CHECK(result.elements == 3 * 6 + 4 * 3 + 4 * 4 + 4 + 4 * 2);
}

TEST_CASE("gradcheck: a wrong path through any field of a cell's state is found") {
    Rng rng(7);
    FaultyCell cell{random_mat(4, 3, rng), random_mat(4, 4, rng)};
    CHECK(gradcheck(cell, {.inputs = 3}));
    for (const auto wrong : {Wrong::h, Wrong::c}) {
        cell.wrong = wrong;
        CHECK_FALSE(gradcheck(cell, {.inputs = 3}));
        CHECK_FALSE(gradcheck(cell, {.inputs = 3, .batch = 1, .steps = 1}));
    }
}
