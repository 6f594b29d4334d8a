#include "bptt/ops/shape.hpp"

#include <limits>
#include <vector>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/errors.hpp"
#include "support/gradients.hpp"

using namespace bptt;

TEST_CASE("shape: gradients of rows and cols") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const Index row = rng.below(s.rows), height = 1 + rng.below(s.rows - row);
        const Index col = rng.below(s.cols), width = 1 + rng.below(s.cols - col);
        CHECK(check_op([=](auto x) { return rows(x, row, height); }, a));
        CHECK(check_op([=](auto x) { return cols(x, col, width); }, a));
        CHECK(check_op([=](auto x) { return x % x * transpose(rows(x, row, 1)) + x * transpose(rows(x, 0, 1)); }, a));
        CHECK(check_op([=](auto x) { return cols(x, 0, width) - cols(x % x, col, width) % cols(x, col, width); }, a));
        CHECK(check_op([=](auto x) { return cols(cols(x, col, width), width - 1, 1) % rows(cols(x, col, 1), 0, s.rows); }, a));
    });
}

TEST_CASE("shape: gradients of reshape and transpose") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        CHECK(check_op([](auto x) { return reshape(x, x.cols(), x.rows()); }, a));
        CHECK(check_op([](auto x) { return reshape(x, x.size(), 1) * reshape(x, 1, x.size()); }, a.leftCols(1)));
        CHECK(check_op([](auto x) { return transpose(x); }, a));
        CHECK(check_op([](auto x) { return transpose(x) % reshape(x, x.cols(), x.rows()); }, a));
    });
}

TEST_CASE("shape: gradients of split") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(6 * (1 + s.rows % 3), 1 + s.cols % 5, rng);
        CHECK(check_op([](auto x) { return split<1>(x)[0]; }, a));
        CHECK(check_op([](auto x) { return split<2>(x)[0] - split<2>(x)[1] % split<2>(x)[0]; }, a));
        CHECK(gradcheck([](auto x) { return split<3>(x); }, a));
        CHECK(check_op([](auto x) { return split<6>(x)[4]; }, a));
    });
}

TEST_CASE("shape: gradients of concat_rows and concat_cols") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto below = random_mat(1 + rng.below(4), s.cols, rng), beside = random_mat(s.rows, 1 + rng.below(4), rng);
        CHECK(check_op([](auto x, auto y) { return concat_rows({x, y}); }, a, below));
        CHECK(check_op([](auto x, auto y) { return concat_rows({y, x, y, y}); }, a, below));
        CHECK(check_op([](auto x, auto y) { return concat_cols({x, y}); }, a, beside));
        CHECK(check_op([](auto x, auto y) { return concat_cols({y, x, x, y}); }, a, beside));
        CHECK(check_op([](auto x) { return concat_cols({cols(x, 0, 1), x, cols(x, x.cols() - 1, 1)}); }, a));
        CHECK(check_op([](auto x) { return concat_rows(std::span<const Var<double>>(std::vector{x, x})); }, a));
        CHECK(check_op([](auto x) { return concat_cols(std::span<const Var<double>>(std::vector{x})); }, a));
    });
}

TEST_CASE("shape: parts that are constants get no gradient") {
    Rng rng(1);
    const auto a = random_mat(3, 4, rng);
    CHECK(check_op([&](auto x) { return concat_rows({x.tape().constant(a), x, x.tape().constant(a)}); }, a));
    CHECK(check_op([&](auto x) { return concat_cols({x.tape().constant(a), x, x.tape().constant(a)}); }, a));
    Tape<double> tape;
    const auto c = tape.constant(a), x = tape.variable(a);
    backward(sum(concat_rows({c, x})) + sum(concat_cols({x, c})));
    CHECK_FALSE(c.reached());
    for (const auto& y : {rows(c, 0, 2), cols(c, 0, 2), reshape(c, 2, 6), transpose(c), split<3>(c)[1], concat_rows({c, c})})
        CHECK_FALSE(y.tracked());
}

TEST_CASE("shape: values") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const Index row = rng.below(s.rows), col = rng.below(s.cols);
        Tape<double> tape;
        const auto x = tape.constant(a);
        CHECK(rows(x, row, s.rows - row).value() == a.bottomRows(s.rows - row));
        CHECK(cols(x, col, s.cols - col).value() == a.rightCols(s.cols - col));
        CHECK(transpose(x).value() == a.transpose());
        const Mat<double> flat = Eigen::Map<const Mat<double>>(a.data(), a.size(), 1);
        CHECK(reshape(x, a.size(), 1).value() == flat);
        const auto tall = concat_rows({x, -x, rows(x, row, 1)}), wide = concat_cols({x, -x, cols(x, col, 1)});
        CHECK(tall.value() == (Mat<double>(2 * s.rows + 1, s.cols) << a, -a, a.row(row)).finished());
        CHECK(wide.value() == (Mat<double>(s.rows, 2 * s.cols + 1) << a, -a, a.col(col)).finished());
        const auto halves = split<2>(rows(tall, 0, 2 * s.rows));
        CHECK(halves[0].value() == a);
        CHECK(halves[1].value() == -a);
    });
}

TEST_CASE("shape: cols and reshape are views, their gradients are parts of the whole one") {
    Rng rng(2);
    Tape<double> tape;
    const auto x = tape.variable(random_mat(3, 4, rng));
    const auto columns = cols(x, 1, 2), again = reshape(x, 4, 3), inner = cols(columns, 1, 1);
    CHECK(columns.value().data() == x.value().data() + 3);
    CHECK(again.value().data() == x.value().data());
    CHECK(inner.value().data() == x.value().data() + 6);
    backward(sum(columns) + sum(inner) * 2);
    CHECK(x.grad() == Mat<double>{{0, 1, 3, 0}, {0, 1, 3, 0}, {0, 1, 3, 0}});
    CHECK(columns.grad() == x.grad().middleCols(1, 2));
    CHECK(inner.grad() == Mat<double>::Constant(3, 1, 3));
    CHECK(again.grad().data() == x.grad().data());
}

TEST_CASE("shape: a part that is used k times has k times the gradient") {
    for (Index k = 1; k <= 40; ++k) {
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>::Ones(4, 3));
        const std::vector<Var<double>> parts(static_cast<std::size_t>(k), x);
        const auto tall = sum(concat_rows(std::span(parts))), wide = sum(concat_cols(std::span(parts)));
        auto some = sum(rows(x, 1, 2));
        for (Index use = 1; use < k; ++use) some = some + sum(rows(x, 1, 2));
        backward(tall + wide + some);
        const auto times = static_cast<double>(k);
        CHECK(x.grad().middleRows(1, 2) == Mat<double>::Constant(2, 3, 3 * times));
        CHECK(x.grad().row(0) == Mat<double>::Constant(1, 3, 2 * times));
        CHECK(x.grad().row(3) == Mat<double>::Constant(1, 3, 2 * times));
    }
}

TEST_CASE("shape: empty parts") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(3, 4));
    CHECK(shape(rows(x, 3, 0)) == Shape{0, 4});
    CHECK(shape(cols(x, 4, 0)) == Shape{3, 0});
    CHECK(shape(reshape(cols(x, 0, 0), 0, 7)) == Shape{0, 7});
    CHECK(shape(transpose(cols(x, 0, 0))) == Shape{0, 3});
    CHECK(shape(split<2>(rows(x, 0, 0))[1]) == Shape{0, 4});
    backward(sum(concat_cols({cols(x, 0, 0), x, cols(x, 4, 0)})) + sum(concat_rows({rows(x, 0, 0), x})));
    CHECK(x.grad() == Mat<double>::Constant(3, 4, 2));
}

TEST_CASE("shape: parts outside of x are refused") {
    Rng rng(3);
    const auto p = used_param({3, 4}, rng);
    Tape<double> tape;
    const auto x = tape.watch(p);
    constexpr Index most = std::numeric_limits<Index>::max();
    for (const auto [first, count] : {Shape{-1, 2}, {2, 2}, {3, 1}, {4, 0}, {0, -1}, {0, 4}, {0, most}, {1, most}}) {
        const auto from = first, n = count;
        const auto range = std::to_string(n) + " rows from " + std::to_string(from);
        check_refused(p, [=] { rows(x, from, n); }, {"rows: ", range, "x is 3x4"});
    }
    for (const auto [first, count] : {Shape{-1, 2}, {3, 2}, {4, 1}, {5, 0}, {0, -1}, {0, 5}, {0, most}, {1, most}}) {
        const auto from = first, n = count;
        const auto range = std::to_string(n) + " columns from " + std::to_string(from);
        check_refused(p, [=] { cols(x, from, n); }, {"cols: ", range, "x is 3x4"});
    }
}

TEST_CASE("shape: reshape and concat refuse what does not fit") {
    Rng rng(4);
    const auto p = used_param({3, 4}, rng), tall = used_param({5, 4}, rng), wide = used_param({3, 6}, rng);
    Tape<double> tape;
    const auto x = tape.watch(p), y = tape.watch(tall), z = tape.watch(wide);
    for (const Shape s : {Shape{5, 2}, {12, 0}, {-3, -4}, {0, 0}, {4, 4}, {3, 3}})
        check_refused(p, [&] { reshape(x, s.rows, s.cols); }, {"reshape: ", "x is 3x4", "new shape " + text(s)});
    constexpr Index half = Index{1} << 32;  // half * half wraps to 0
    check_refused(p, [&] { reshape(cols(x, 0, 0), half, half); }, {"reshape: ", "x is 3x0", "4294967296x4294967296"});
    check_refused(p, [&] { concat_rows({x, y, z}); }, {"concat_rows: ", "the first part is 3x4", "3x6"});
    check_refused(p, [&] { concat_cols({x, z, y}); }, {"concat_cols: ", "the first part is 3x4", "5x4"});
}
