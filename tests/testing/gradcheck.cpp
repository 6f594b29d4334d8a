#include "bptt/testing/gradcheck.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <sstream>
#include <tuple>
#include <vector>

#include "bptt/cells/rnn.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

struct TwoParams {
    Param<double> w, b;
    static void params(auto& m, auto&& f) {
        f("w", m.w);
        f("b", m.b);
    }
};
struct Nested {
    TwoParams top;
    Param<double> own;
    static void params(auto& m, auto&& f) {
        f("top", m.top);
        f("own", m.own);
        f("tied", m.own);
    }
};

std::vector<std::uint64_t> bits(const Mat<double>& m) {
    std::vector<std::uint64_t> all;
    for (const double x : m.reshaped()) all.push_back(std::bit_cast<std::uint64_t>(x));
    return all;
}

template <class R> std::string printed(const R& result) {
    std::ostringstream out;
    out << result;
    return out.str();
}

}  // namespace

TEST_CASE("gradcheck: accepts right gradients and counts what it compared") {
    Rng rng(1);
    const auto x = random_mat(3, 4, rng), y = random_mat(4, 2, rng);
    const auto result = gradcheck([](auto a, auto b) { return tanh(a * b); }, x, y);
    CHECK(result);
    CHECK(result.elements == 20);
    CHECK(result.excess <= 1);
    CHECK(result.relative_error <= 1e-8);
    CHECK_THAT(result.analytic, WithinRel(result.numeric, 1e-6));
}

TEST_CASE("gradcheck: accepts gradients that are large, small, zero, or of very different sizes") {
    Rng rng(2);
    const auto x = random_mat(3, 4, rng);
    for (const double scale : {1e-12, 1e-3, 1.0, 1e6, 1e12}) CHECK(check_op([=](auto v) { return square(v) * scale; }, x));
    CHECK(check_op([](auto v) { return v - v; }, x));
    CHECK(check_op([](auto v) { return v.tape().constant(Mat<double>::Ones(3, 4)) + 0 * v; }, x));
    Mat<double> sizes = x;
    sizes.col(0) *= 1e-9;
    sizes.col(1) *= 1e6;
    CHECK(check_op([](auto v) { return square(v); }, sizes));
}

TEST_CASE("gradcheck: takes the tape as well, and constants among the outputs") {
    Rng rng(3);
    const auto x = random_mat(3, 4, rng);
    const auto f = [&](Tape<double>& tape, Var<double> v) { return std::tuple(v % tape.constant(x), tape.constant(x)); };
    CHECK(gradcheck(f, x));
}

TEST_CASE("gradcheck: parameters are compared under their full names, tied ones once") {
    Rng rng(4);
    Nested model{{random_mat(2, 3, rng), random_mat(2, 1, rng)}, random_mat(3, 2, rng)};
    const auto x = random_mat(3, 4, rng);
    const auto f = [&](Var<double> v) { return tanh(model.own * (model.top.w * v + model.top.b)); };
    const auto result = gradcheck(model, f, x);
    CHECK(result);
    CHECK(result.elements == 12 + 6 + 2 + 6);
    model.top.b.grad.setConstant(7);
    model.own.grad.resize(0, 0);
    CHECK(gradcheck(model, f, x));  // whatever their gradients were
}

TEST_CASE("gradcheck: leaves the parameters as they were, bit for bit") {
    Rng rng(5);
    OneParam w{random_mat(3, 4, rng)};
    w.p.value(0, 0) = -0.0;
    w.p.value(1, 1) = std::numeric_limits<double>::denorm_min();
    w.p.value(2, 2) = 1e17;
    w.p.value(0, 3) = 0.1;
    const auto before = bits(w.p.value);
    const auto x = random_mat(4, 2, rng);
    gradcheck(
        w, [&](auto v) { return w.p * v; }, x);
    CHECK(bits(w.p.value) == before);
    gradcheck(
        w, [&](auto v) { return sigmoid(w.p * v) * std::numeric_limits<double>::quiet_NaN(); }, x);
    CHECK(bits(w.p.value) == before);
}

TEST_CASE("gradcheck: an output that depends on nothing is an error") {
    OneParam w{Mat<double>(Mat<double>::Ones(2, 2))};
    const Mat<double> x = Mat<double>::Ones(2, 2);
    const auto constant = [](auto v) { return v.tape().constant(v.value()); };
    CHECK_THROWS_WITH(check_op(w, constant, x), ContainsSubstring("depends on no"));
    CHECK_THROWS_WITH(gradcheck([&](Tape<double>& tape) { return tape.constant(x); }), ContainsSubstring("depends on no"));
    CHECK(w.p.value == Mat<double>::Ones(2, 2));
}

TEST_CASE("gradcheck: nothing to compare is no success") {
    const auto result = check_op([](auto v) { return v * 2; }, Mat<double>(3, 0));
    CHECK_FALSE(result);
    CHECK_THAT(printed(result), ContainsSubstring("nothing was compared"));
}

TEST_CASE("gradcheck: an input that no output depends on has gradient zero") {
    Rng rng(6);
    const auto x = random_mat(2, 3, rng);
    CHECK(check_op([](auto a, auto) { return square(a); }, x, x));
    CHECK(check_op([](auto, auto b) { return square(b); }, x, x));
}

TEST_CASE("gradcheck: a kink within its reach is reported") {
    CHECK_FALSE(check_op([](auto v) { return relu(v); }, Mat<double>::Constant(1, 1, 5e-4)));
    CHECK(check_op([](auto v) { return relu(v); }, Mat<double>::Constant(1, 1, 5e-3)));
}

TEST_CASE("gradcheck: leaves the parameters as they were where the function throws") {
    OneParam w{Mat<double>{{1, 2}}};
    int calls = 0;
    const auto f = [&](Tape<double>& tape) {
        throw_unless(++calls < 5, "enough");
        return tape.watch(w.p);
    };
    CHECK_THROWS_WITH(gradcheck(w, f), "enough");
    CHECK(w.p.value == Mat<double>{{1, 2}});
}
