#include "bptt/kernels/unpacked.hpp"

#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

TEMPLATE_TEST_CASE("unpacked: products are added to what is there, and nothing beside it changes", "", float, double) {
    using M = Mat<TestType>;
    constexpr Index tall = 8 * kernels::Packet<TestType>::size;
    for (const Index rows : {Index(1), tall - 1, tall, 2 * tall + 3})
        for (const Index columns : {0, 1, 4, 5, 11}) {
            CAPTURE(rows, columns);
            Rng rng(1);
            const auto numbers = [&](Index r, Index c) { return M(random_mat(r, c, rng).template cast<TestType>()); };
            const M a = numbers(rows + 2, columns), x = numbers(columns, 1), z = numbers(rows, 1);
            const auto A = a.topRows(rows);
            const auto tolerance = static_cast<TestType>(sizeof(TestType) == 4 ? 1e-5 : 1e-12);
            M y = numbers(rows + 1, 1), expected = y;
            expected.topRows(rows) += A * x;
            kernels::add_product(a.data(), rows + 2, rows, columns, x.data(), y.data());
            CHECK(y.isApprox(expected, tolerance));
            CHECK(y(rows, 0) == expected(rows, 0));

            M t = numbers(columns + 1, 1), transposed = t;
            transposed.topRows(columns) += A.transpose() * z;
            kernels::add_transposed_product(a.data(), rows + 2, rows, columns, z.data(), t.data());
            CHECK(t.isApprox(transposed, tolerance));
            CHECK(t(columns, 0) == transposed(columns, 0));
        }
}
