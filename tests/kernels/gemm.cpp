#include "bptt/kernels/gemm.hpp"

#include <vector>

#include "catch.hpp"
#include "support/random.hpp"

namespace bptt::kernels {

namespace {

/// C as multiply() makes it, in the middle of a larger matrix, against Eigen's product; what surrounds C stays.
template <class T>
void check_product(Index rows, Index depth, Index columns, bool add, bool transposed, Rng& rng, bool single = false) {
    INFO(rows << "x" << depth << " times " << depth << "x" << columns << ", add " << add << ", transposed " << transposed);
    const Mat<T> stored = (transposed ? random_mat(depth, rows, rng) : random_mat(rows, depth, rng)).template cast<T>();
    const Mat<T> A = transposed ? Mat<T>(stored.transpose()) : stored;
    const Mat<T> B = random_mat(depth + 2, columns, rng).template cast<T>();
    Mat<T> C = random_mat(rows + 3, columns, rng).template cast<T>(), expected = C;
    auto inside = expected.topRows(rows);
    if (!add) inside.setZero();
    inside += A * B.topRows(depth);
    std::vector<T> packed(static_cast<std::size_t>(packed_size<T>(rows, depth)));
    pack(stored.data(), transposed ? depth : 1, transposed ? 1 : rows, rows, depth, packed.data());
    multiply(packed.data(), rows, depth, B.data(), depth + 2, columns, C.data(), rows + 3, add, single);
    const double tolerance = (sizeof(T) == 4 ? 1e-6 : 1e-15) * static_cast<double>(depth + 1);
    CHECK(static_cast<double>((C - expected).cwiseAbs().maxCoeff()) <= tolerance);
    CHECK(C.bottomRows(3) == expected.bottomRows(3));
}

template <class T> void check_products(std::uint64_t seed) {
    Rng rng(seed);
    for (Index rows = 1; rows <= 70; ++rows)
        for (Index columns = 1; columns <= 26; ++columns)
            check_product<T>(rows, 1 + (rows + columns) % 7, columns, columns % 2 == 0, rows % 2 == 0, rng);
    for (const Index depth : {0, 1, 15, 16, 17, 255, 256, 257, 513})
        for (const bool add : {false, true}) check_product<T>(37, depth, 13, add, add, rng);
    check_product<T>(70, 33, 150, true, true, rng);
    for (const Index rows : {1, 8, 31, 32, 33, 64, 70, 127, 128, 129, 200, 270})  // several panels at a time, then one
        for (const Index depth : {0, 1, 2, 3, 4, 5, 9, 256, 259})
            for (const bool add : {false, true}) check_product<T>(rows, depth, 1, add, add, rng, true);
}

}  // namespace

TEST_CASE("gemm: a packed product equals Eigen's") {
    check_products<float>(1);
    check_products<double>(2);
}

TEST_CASE("gemm: a sum of outer products equals Eigen's, in any order of columns") {
    Rng rng(3);
    for (const Index depth : {0, 1, 5, 255, 256, 257, 600})
        for (const Index rows : {1, 31, 32, 33, 70})
            for (const Index columns : {Index{1}, Index{11}, Index{12}, Index{13}, Index{29}, 2 * slab + 1}) {
                if (columns > slab && depth != 257) continue;  // more columns of B than are packed at a time
                INFO(rows << "x" << columns << " from " << depth);
                const Mat<double> a = random_mat(rows + 1, depth, rng), b = random_mat(columns, depth, rng);
                Mat<double> C = random_mat(rows + 2, columns, rng), expected = C;
                expected.topRows(rows) += a.topRows(rows) * b.rowwise().reverse().transpose();
                std::vector<double> scratch(static_cast<std::size_t>(outer_scratch<double>));
                Mat<double> sums = random_mat(rows, 1, rng),
                            expected_sums = sums + (a * Mat<double>::Ones(depth, 1)).topRows(rows);
                const auto column = [&](Index k) { return b.data() + (depth - 1 - k) * columns; };
                add_outer(a.data(), rows + 1, rows, depth, column, columns, C.data(), rows + 2, sums.data(), scratch.data());
                CHECK((C - expected).cwiseAbs().maxCoeff() <= 1e-14 * static_cast<double>(depth + 1));
                CHECK(C.bottomRows(2) == expected.bottomRows(2));
                CHECK((sums - expected_sums).cwiseAbs().maxCoeff() <= 1e-14 * static_cast<double>(depth + 1));
            }
}

TEST_CASE("gemm: a number does not depend on its neighbours") {
    Rng rng(4);
    const Index rows = 45, depth = 300, columns = 29;
    const Mat<float> A = random_mat(rows, depth, rng).cast<float>(), B = random_mat(depth, columns, rng).cast<float>();
    std::vector<float> packed(static_cast<std::size_t>(packed_size<float>(rows, depth)));
    pack(A.data(), 1, rows, rows, depth, packed.data());
    Mat<float> together(rows, columns), alone(rows, columns);
    multiply(packed.data(), rows, depth, B.data(), depth, columns, together.data(), rows, false);
    for (Index j = 0; j < columns; ++j)
        multiply(packed.data(), rows, depth, B.col(j).data(), depth, 1, alone.col(j).data(), rows, false);
    CHECK(together == alone);
}

TEST_CASE("gemm: parts cover everything once and differ by one unit at most") {
    for (Index n = 0; n <= 40; ++n)
        for (Index parts = 1; parts <= 6; ++parts)
            for (const Index unit : {1, 4}) {
                CHECK(part(n, parts, 0, unit) == 0);
                CHECK(part(n, parts, parts, unit) == n);
                Index least = n, most = 0;
                for (Index k = 0; k < parts; ++k) {
                    const Index begin = part(n, parts, k, unit),
                                units = (part(n, parts, k + 1, unit) - begin + unit - 1) / unit;
                    CHECK((begin % unit == 0 || begin == n));
                    least = std::min(least, units), most = std::max(most, units);
                }
                CHECK(most - least <= 1);
            }
}

}  // namespace bptt::kernels
