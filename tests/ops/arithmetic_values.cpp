#include "bptt/ops/arithmetic.hpp"
#include "support/gradients.hpp"

using namespace bptt;

TEMPLATE_TEST_CASE("arithmetic: elementwise operators against plain loops", "", float, double) {
    for_shapes([](Shape s, Rng& rng) {
        const Mat<TestType> a = random_mat(s.rows, s.cols, rng).cast<TestType>();
        Tape<TestType> tape;
        const auto x = tape.constant(a);
        for (const Shape small : {s, Shape{s.rows, 1}, Shape{1, s.cols}, Shape{1, 1}}) {
            const Mat<TestType> b = random_mat(small.rows, small.cols, rng).cast<TestType>();
            const auto y = tape.constant(b);
            const auto same = [&](Var<TestType> z, auto f) {
                return z.value() == Mat<TestType>::NullaryExpr(s.rows, s.cols, [&](Index row, Index col) {
                           return f(a(row, col), b(small.rows == 1 ? 0 : row, small.cols == 1 ? 0 : col));
                       });
            };
            CHECK(same(x + y, [](auto p, auto q) { return p + q; }));
            CHECK(same(y + x, [](auto p, auto q) { return p + q; }));
            CHECK(same(x - y, [](auto p, auto q) { return p - q; }));
            CHECK(same(y - x, [](auto p, auto q) { return q - p; }));
            CHECK(same(x % y, [](auto p, auto q) { return p * q; }));
            CHECK(same(y % x, [](auto p, auto q) { return p * q; }));
            CHECK(same(x / y, [](auto p, auto q) { return p / q; }));
            CHECK(same(y / x, [](auto p, auto q) { return q / p; }));
        }
    });
}

TEMPLATE_TEST_CASE("arithmetic: values with a number on either side", "", float, double) {
    Rng rng(5);
    const Mat<TestType> a = random_mat(5, 7, rng).cast<TestType>();
    Tape<TestType> tape;
    const auto x = tape.constant(a);
    CHECK((-x).value() == -a);
    CHECK((x + 2).value() == (a.array() + 2).matrix());
    CHECK((2 + x).value() == (a.array() + 2).matrix());
    CHECK((x - 2).value() == (a.array() - 2).matrix());
    CHECK((2 - x).value() == (2 - a.array()).matrix());
    CHECK((x * 3).value() == 3 * a);
    CHECK((3 * x).value() == 3 * a);
    CHECK((x / 3).value() == a / 3);
    CHECK((3 / x).value() == (3 / a.array()).matrix());
}

TEST_CASE("arithmetic: a Param has the values of its Var") {
    Rng rng(6);
    const Param<double> p(random_mat(5, 5, rng));
    Tape<double> tape;
    const auto x = tape.constant(random_mat(5, 5, rng)), w = tape.constant(p.value);
    CHECK((p * x).value() == (w * x).value());
    CHECK((x * p).value() == (x * w).value());
    CHECK((p + x).value() == (w + x).value());
    CHECK((x + p).value() == (x + w).value());
    CHECK((p - x).value() == (w - x).value());
    CHECK((x - p).value() == (x - w).value());
    CHECK((p % x).value() == (w % x).value());
    CHECK((x % p).value() == (x % w).value());
    CHECK((p / x).value() == (w / x).value());
    CHECK((x / p).value() == (x / w).value());
}
