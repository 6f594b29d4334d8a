#include <algorithm>
#include <vector>

#include "bptt/kernels/gemm.hpp"
#include "catch.hpp"
#include "support/random.hpp"

namespace bptt::kernels {

TEMPLATE_TEST_CASE("gemm: what is beyond a packed matrix is zero", "", float, double) {
    const Index depth = 37;
    const std::vector<TestType> ones(3000, TestType(1));  // beyond the matrix, too
    for (const Index rows : {1, 3, 21, 33}) {
        for (const bool by_rows : {false, true}) {
            CAPTURE(rows, by_rows);
            std::vector<TestType> out(static_cast<std::size_t>(packed_size<TestType>(rows, depth)), TestType(9));
            pack(ones.data(), by_rows ? depth : 1, by_rows ? 1 : rows, rows, depth, out.data());
            CHECK(std::count(out.begin(), out.end(), TestType(1)) == rows * depth);
            CHECK(std::count(out.begin(), out.end(), TestType(0)) == std::ssize(out) - rows * depth);
        }
    }
}

TEMPLATE_TEST_CASE("gemm: a product that packs on its way equals Eigen's, and what surrounds it stays", "", float, double) {
    Rng rng(5);
    const auto random = [&](Index r, Index c) -> Mat<TestType> { return random_mat(r, c, rng).template cast<TestType>(); };
    std::vector<TestType> scratch(static_cast<std::size_t>(packing_scratch<TestType>));
    for (const Index rows : {1, 31, 32, 33, 70})
        for (const Index depth : {0, 1, 17, 256, 257, 513})
            for (const Index columns : {1, 2, 4, 7, 8, 9, 13, 29})
                for (const bool add : {false, true}) {
                    CAPTURE(rows, depth, columns, add);
                    const Mat<TestType> A = random(rows + 2, depth), B = random(depth + 2, columns);
                    Mat<TestType> C = random(rows + 3, columns + 1), expected = C;
                    auto inside = expected.topLeftCorner(rows, columns);
                    if (!add) inside.setZero();
                    inside += A.topRows(rows) * B.topRows(depth);
                    multiply_while_packing(A.data(), rows + 2, rows, depth, B.data(), depth + 2, columns, C.data(), rows + 3,
                                           add, scratch.data());
                    const double tolerance = (sizeof(TestType) == 4 ? 1e-6 : 1e-15) * static_cast<double>(depth + 1);
                    CHECK(static_cast<double>((C - expected).cwiseAbs().maxCoeff()) <= tolerance);
                    CHECK(C.bottomRows(3) == expected.bottomRows(3));
                    CHECK(C.rightCols(1) == expected.rightCols(1));
                }
}

}  // namespace bptt::kernels
