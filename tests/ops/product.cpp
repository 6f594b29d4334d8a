#include "bptt/ops/product.hpp"

#include <limits>
#include <optional>
#include <vector>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/errors.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

/// a b by plain loops, over pointers: without optimisation all else takes ten times as long.
Mat<double> product(const Mat<double>& a, const Mat<double>& b) {
    const Index rows = a.rows(), inner = a.cols();
    Mat<double> y = Mat<double>::Zero(rows, b.cols());
    const double *const left = a.data(), *right = b.data();
    double* to = y.data();
    for (Index col = 0; col < b.cols(); ++col, to += rows, right += inner)
        for (Index k = 0; k < inner; ++k)
            for (Index row = 0; row < rows; ++row) to[row] += left[k * rows + row] * right[k];
    return y;
}

/// A product with `count` rows of a, or with all of them where first < 0; the gradients of a and b start as ones.
template <class T> std::vector<Mat<T>> outcome(const Mat<T>& a, Index first, Index count, const Mat<T>& b, const Mat<T>& dy,
                                               int threads, bool a_tracked = true, bool b_tracked = true) {
    const Threads crew(threads);
    Tape<T> tape(crew);
    const auto on_tape = [&](const Mat<T>& m, bool tracked) { return tracked ? tape.variable(m) : tape.constant(m); };
    const auto p = on_tape(a, a_tracked), q = on_tape(b, b_tracked);
    const auto y = first < 0 ? p * q : multiply_rows(p, first, count, q);
    backward(sum(y % tape.constant(dy)) + sum(p) + sum(q));
    std::vector<Mat<T>> all{y.value()};
    if (a_tracked) all.push_back(p.grad());
    if (b_tracked) all.push_back(q.grad());
    return all;
}

/// Sizes of a product: rows, of which `count` from `first` on take part, the inner dimension, columns.
struct Sizes {
    Index rows, inner, columns, first = -1, count = 0;
};
template <class T> void check_product(const Sizes& s, Rng& rng) {
    CAPTURE(s.rows, s.inner, s.columns, s.first, s.count);
    const auto random = [&](Index rows, Index cols) -> Mat<T> { return random_mat(rows, cols, rng).template cast<T>(); };
    const Index from = std::max<Index>(s.first, 0), count = s.first < 0 ? s.rows : s.count;
    const Mat<T> a = random(s.rows, s.inner), b = random(s.inner, s.columns), dy = random(count, s.columns);
    Mat<double> A(count, s.inner), da = Mat<double>::Ones(s.rows, s.inner), db = Mat<double>::Ones(s.inner, s.columns);
    const Mat<double> B = b.template cast<double>(), dY = dy.template cast<double>();
    if (s.inner > 0) {  // a block of an empty matrix would begin beyond a null pointer
        A = a.middleRows(from, count).template cast<double>();
        da.middleRows(from, count) += product(dY, B.transpose());
    }
    db += product(A.transpose(), dY);
    const Mat<double> expected[] = {product(A, B), da, db};
    const auto alone = outcome(a, s.first, s.count, b, dy, 1);
    for (std::size_t k = 0; k < 3; ++k) {
        REQUIRE(shape(alone[k]) == shape(expected[k]));
        if (expected[k].size() == 0) continue;
        const double limit = std::numeric_limits<T>::epsilon() * static_cast<double>(s.rows + s.inner + s.columns);
        CHECK((alone[k].template cast<double>() - expected[k]).cwiseAbs().maxCoeff() <= 2 * limit);
    }
    CHECK(outcome(a, s.first, s.count, b, dy, 2 + static_cast<int>(s.columns % 3)) == alone);
    CHECK(outcome(a, s.first, s.count, b, dy, 1, false) == std::vector<Mat<T>>{alone[0], alone[2]});
    CHECK(outcome(a, s.first, s.count, b, dy, 1, true, false) == std::vector<Mat<T>>{alone[0], alone[1]});
}

}  // namespace

TEST_CASE("product: gradients") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto b = random_mat(s.cols, 1 + rng.below(9), rng);
        CHECK(check_op([](auto x, auto y) { return x * y; }, a, b));
        CHECK(check_op([&](auto x) { return x * x.tape().constant(b); }, a));
        CHECK(check_op([&](auto x) { return x.tape().constant(a) * x; }, b));
    });
}

TEST_CASE("product: gradients with some rows") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto b = random_mat(s.cols, 1 + rng.below(9), rng);
        const Index first = rng.below(s.rows), count = rng.below(s.rows - first + 1);
        const auto product = [=](auto x, auto y) { return multiply_rows(x, first, count, y); };
        CHECK(check_op(product, a, b));
        CHECK(check_op([=](auto x, auto y) { return product(x, y) + 2 * product(x, y); }, a, b));
        CHECK(check_op([=](auto x) { return product(x, x.tape().constant(b)); }, a));
        CHECK(check_op([=](auto y) { return product(y.tape().constant(a), y); }, b));
    });
}

TEMPLATE_TEST_CASE("product: values and gradients against plain loops, with any number of threads", "", float, double) {
    Rng rng(1);
    for (Index n = 1; n <= 70; ++n) {  // as rows, inner dimension and columns
        const Index m = 1 + 23 * n % 70, k = 1 + 37 * n % 19;
        for (const Sizes& s : {Sizes{n, k, m}, {k, n, 1}, {1, n, m}, {n, 2, 2}, {n, m, k, n / 3, n - n / 2}})
            check_product<TestType>(s, rng);
        check_product<TestType>({n + 1, k, 1, 1, n}, rng);
        check_product<TestType>({n + 2, 1, m, 1, n}, rng);
    }
    for (const Index n : {1, 2, 3, 5, 8, 9})
        for (const Index m : {1, 2, 4, 5, 9})
            for (const Index k : {1, 2, 3, 4, 7, 9}) check_product<TestType>({n + 3, m, k, n % 4, n}, rng);
    for (const Sizes& s :
         {Sizes{70, 65, 60}, {300, 20, 40}, {33, 300, 65}, {20, 30, 300}, {257, 513, 3}, {65, 259, 29, 17, 40}})
        check_product<TestType>(s, rng);
}

TEST_CASE("product: a variable that stands on both sides") {
    Rng rng(2);
    for (const Index n : {1, 3, 7, 8, 17, 33}) {
        CHECK(check_op([](auto x) { return x * x; }, random_mat(n, n, rng)));
        CHECK(check_op([](auto x) { return multiply_rows(x, 0, 1, x); }, random_mat(n, n, rng)));
    }
    const Mat<double> a = random_mat(90, 90, rng), dy = random_mat(90, 90, rng);
    Tape<double> tape;
    const auto x = tape.variable(a);
    backward(sum((x * x) % tape.constant(dy)));
    CHECK((x.grad() - product(dy, a.transpose()) - product(a.transpose(), dy)).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("product: operands of no rows, no columns or no inner dimension") {
    Rng rng(3);
    for (const Index n : {0, 1, 2, 40})
        for (const Index m : {0, 1, 2, 40})
            for (const Index k : {0, 1, 2, 40}) {
                check_product<double>({n, m, k}, rng);
                check_product<double>({n + 2, m, k, 1, n}, rng);
            }
}

TEMPLATE_TEST_CASE("product: NaN and infinity reach what they take part in, and nothing else", "", float, double) {
    using Limits = std::numeric_limits<TestType>;
    for (const Sizes s : {Sizes{5, 4, 3}, {40, 30, 35}, {40, 30, 1}, {1, 30, 35}, {40, 1, 35}})
        for (const TestType odd : {Limits::quiet_NaN(), Limits::infinity()}) {
            CAPTURE(s.rows, s.inner, s.columns, odd);
            Mat<TestType> a = Mat<TestType>::Ones(s.rows, s.inner), b = Mat<TestType>::Ones(s.inner, s.columns);
            a(s.rows - 1, s.inner - 1) = odd;
            const Mat<TestType> dy = Mat<TestType>::Ones(s.rows, s.columns);
            const auto all = outcome(a, -1, 0, b, dy, 1);
            CHECK_FALSE(all[0].bottomRows(1).array().isFinite().any());
            CHECK(all[0].topRows(s.rows - 1).allFinite());
            CHECK(all[1].allFinite());
            CHECK_FALSE(all[2].bottomRows(1).array().isFinite().any());
            CHECK(all[2].topRows(s.inner - 1).allFinite());
        }
}

TEST_CASE("product: the scratch is as long as the row of a wide matrix that is copied to it") {
    Rng rng(4);
    const Param<double> W(random_mat(2, 30000, rng)), x(random_mat(30000, 3, rng));
    for (const bool recorded : {false, true}) {
        Tape<double> tape;
        std::optional<Tape<double>::Pause> pause;
        if (!recorded) pause.emplace(tape);
        const auto y = multiply_rows(tape.watch(W), 1, 1, tape.watch(x));
        CHECK(y.value().isApprox(W.value.row(1) * x.value, 1e-13));
        CHECK(tape.capacity() > 30000 * sizeof(double));
        if (recorded) backward(sum(y));
    }
    CHECK(x.grad.isApprox(W.value.row(1).transpose().replicate(1, 3), 1e-13));
    CHECK(W.grad.row(1).isApprox(x.value.rowwise().sum().transpose(), 1e-13));
}

TEST_CASE("product: constants record nothing") {
    Tape<double> tape;
    const auto c = tape.constant(Mat<double>::Ones(3, 3));
    CHECK_FALSE((c * c).tracked());
    CHECK_FALSE(multiply_rows(c, 1, 2, c).tracked());
    const auto x = tape.variable(Mat<double>::Ones(3, 3));
    CHECK((c * x).tracked());  // nothing comes back
    backward(sum(x));
    CHECK(x.grad() == Mat<double>::Ones(3, 3));
    CHECK_FALSE(c.reached());
}

TEST_CASE("product: rows that a does not have, or unfitting shapes, are refused") {
    Rng rng(3);
    const auto p = used_param({4, 3}, rng);
    Tape<double> tape;
    const auto a = tape.watch(p), b = tape.variable(random_mat(3, 2, rng)), other = tape.variable(random_mat(4, 2, rng));
    constexpr Index most = std::numeric_limits<Index>::max();
    for (const Shape s : {Shape{-1, 2}, {3, 2}, {5, 0}, {0, -1}, {1, most}}) {
        const auto range = std::to_string(s.cols) + " rows from " + std::to_string(s.rows);
        check_refused(p, [&] { multiply_rows(a, s.rows, s.cols, b); }, {"multiply_rows: ", range, "a is 4x3", "b is 3x2"});
    }
    check_refused(p, [&] { multiply_rows(a, 0, 2, other); }, {"multiply_rows: ", "a is 4x3", "b is 4x2"});
    check_refused(p, [&] { (a * other); }, {"a * b: ", "a is 4x3", "b is 4x2"});
}
