#include "bptt/ops/reduce.hpp"

#include <limits>

#include "bptt/ops/arithmetic.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

/// No two elements are closer than 5e-3 to being the largest, where max has its kink.
Mat<double> with_one_largest(Index rows, Index cols, Rng& rng) {
    while (true) {
        auto x = random_mat(rows, cols, rng);
        if ((x.array() >= x.maxCoeff() - 5e-3).count() == 1) return x;
    }
}

const std::pair<const char*, Unary> reducing_ops[] = {{"sum", [](auto x) { return sum(x); }},
                                                      {"mean", [](auto x) { return mean(x); }},
                                                      {"rowwise_sum", [](auto x) { return rowwise_sum(x); }},
                                                      {"colwise_sum", [](auto x) { return colwise_sum(x); }},
                                                      {"rowwise_mean", [](auto x) { return rowwise_mean(x); }},
                                                      {"colwise_mean", [](auto x) { return colwise_mean(x); }},
                                                      {"max", [](auto x) { return max(x); }}};

}  // namespace

TEST_CASE("reductions: gradients") {
    for (const auto& each : reducing_ops) {
        CAPTURE(each.first);
        const Unary op = each.second;
        for_shapes([&](Shape s, Rng& rng) {
            const auto x = with_one_largest(s.rows, s.cols, rng);
            CHECK(check_op(op, x));
            CHECK(check_op([&](auto v) { return op(v) - op(v) % op(v) * 3; }, x));
        });
    }
}

TEMPLATE_TEST_CASE("reductions: values against plain loops", "", float, double) {
    for_shapes([](Shape s, Rng& rng) {
        const Mat<TestType> a = random_mat(s.rows, s.cols, rng).cast<TestType>();
        Mat<double> rows = Mat<double>::Zero(s.rows, 1), columns = Mat<double>::Zero(1, s.cols);
        double total = 0, top = -1;
        for (Index col = 0; col < s.cols; ++col) {
            for (Index row = 0; row < s.rows; ++row) {
                const double x = a(row, col);
                rows(row) += x;
                columns(col) += x;
                total += x;
                top = std::max(top, x);
            }
        }
        Tape<TestType> tape;
        const auto x = tape.constant(a);
        const double limit = std::numeric_limits<TestType>::epsilon() * static_cast<double>(s.rows * s.cols);
        CHECK_THAT(sum(x).item(), WithinAbs(total, limit));
        CHECK_THAT(mean(x).item(), WithinAbs(total / static_cast<double>(s.rows * s.cols), limit));
        CHECK_THAT(distance(rowwise_sum(x).value(), rows), WithinAbs(0, limit));
        CHECK_THAT(distance(colwise_sum(x).value(), columns), WithinAbs(0, limit));
        CHECK_THAT(distance(rowwise_mean(x).value(), rows / static_cast<double>(s.cols)), WithinAbs(0, limit));
        CHECK_THAT(distance(colwise_mean(x).value(), columns / static_cast<double>(s.rows)), WithinAbs(0, limit));
        CHECK(max(x).item() == static_cast<TestType>(top));
    });
}

TEMPLATE_TEST_CASE("reductions: NaN at any position reaches the result", "", float, double) {
    for (Index n = 1; n <= 33; ++n) {
        for (Index at = 0; at < n; ++at) {
            CAPTURE(n, at);
            Mat<TestType> x = Eigen::VectorX<TestType>::LinSpaced(n, -1, 1);
            x(at) = TestType(NaN);
            Tape<TestType> tape;
            const auto column = tape.constant(x), row = tape.constant(x.transpose());
            for (const auto& v : {column, row}) {
                CHECK(std::isnan(sum(v).item()));
                CHECK(std::isnan(mean(v).item()));
                CHECK(std::isnan(max(v).item()));
            }
            CHECK(std::isnan(colwise_sum(column).item()));
            CHECK(std::isnan(rowwise_sum(row).item()));
            CHECK(rowwise_sum(column).value().array().isNaN().count() == 1);
            CHECK(colwise_sum(row).value().array().isNaN().count() == 1);
        }
    }
}

TEST_CASE("max: finds the largest wherever it stands, infinities included") {
    for (Index at = 0; at < 33; ++at) {
        Mat<double> a = Mat<double>::Constant(3, 11, -inf);
        Tape<double> tape;
        CHECK(max(tape.constant(a)).item() == -inf);
        a.data()[at] = -1e4;
        const auto x = tape.variable(a);
        const auto y = max(x);
        backward(y);
        CHECK(y.item() == -1e4);
        CHECK(x.grad() == (a.array() > -inf).cast<double>().matrix());
    }
}

TEST_CASE("max: of equal elements one has the gradient") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(5, 7));
    backward(max(x) * 3);
    CHECK(x.grad().sum() == 3);
    CHECK(x.grad().maxCoeff() == 3);
}

TEST_CASE("reductions: k uses have k times the gradient") {
    for (const auto& [name, op] : reducing_ops) {
        CAPTURE(name);
        Rng rng(1);
        const auto a = with_one_largest(3, 5, rng);
        Mat<double> once;
        for (int k = 1; k <= 40; ++k) {
            Tape<double> tape;
            const auto x = tape.variable(a);
            auto y = sum(op(x));
            for (int use = 1; use < k; ++use) y = y + sum(op(x));
            backward(y);
            if (k == 1) once = x.grad();
            CHECK_THAT(distance(x.grad(), k * once), WithinAbs(0, 1e-12));
        }
    }
}

TEST_CASE("reductions: sums over nothing are zero, constants stay constants") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Zero(3, 0)), y = tape.variable(Mat<double>::Zero(0, 3));
    CHECK(sum(x).item() == 0);
    CHECK(rowwise_sum(x).value() == Mat<double>::Zero(3, 1));
    CHECK(colwise_sum(y).value() == Mat<double>::Zero(1, 3));
    CHECK(shape(colwise_sum(x)) == Shape{1, 0});
    CHECK(shape(rowwise_sum(y)) == Shape{0, 1});
    backward(sum(x) + sum(rowwise_sum(x)) + sum(colwise_sum(y)));
    CHECK(shape(x.grad()) == Shape{3, 0});
    for (const auto& each : reducing_ops) CHECK_FALSE(each.second(tape.constant(Mat<double>::Ones(2, 3))).tracked());
}
