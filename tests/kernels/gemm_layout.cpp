#include <algorithm>
#include <vector>

#include "bptt/kernels/gemm.hpp"
#include "catch.hpp"

namespace bptt::kernels {

TEST_CASE("gemm: columns 512 bytes apart, or a multiple of them, get a cache line more") {
    CHECK(padded_stride<float>(128) == 144);
    CHECK(padded_stride<float>(256) == 272);
    CHECK(padded_stride<double>(64) == 72);
    for (const Index rows : {1, 16, 64, 127, 129, 144}) CHECK(padded_stride<float>(rows) == rows);
}

TEST_CASE("gemm: the rows that a panel has too many are zeros in every column") {
    const std::vector<float> a(35 * 3, 1.0f);
    for (const bool transposed : {false, true}) {
        std::vector<float> out(static_cast<std::size_t>(packed_size<float>(35, 3)), 9.0f);
        pack(a.data(), transposed ? 3 : 1, transposed ? 1 : 35, 35, 3, out.data());
        CHECK(std::count(out.begin(), out.end(), 1.0f) == 35 * 3);
        CHECK(std::count(out.begin(), out.end(), 0.0f) == static_cast<Index>(out.size()) - 35 * 3);
    }
}

}  // namespace bptt::kernels
