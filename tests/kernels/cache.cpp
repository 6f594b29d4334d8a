#include "bptt/kernels/cache.hpp"

#include "catch.hpp"

namespace bptt::kernels {

TEST_CASE("cache: columns 512 bytes apart, or a multiple of them, get a cache line more") {
    CHECK(padded_stride<float>(128) == 144);
    CHECK(padded_stride<float>(256) == 272);
    CHECK(padded_stride<double>(64) == 72);
    for (const Index rows : {1, 16, 64, 127, 129, 144}) CHECK(padded_stride<float>(rows) == rows);
}

TEST_CASE("cache: blocks are 256 columns deep, and what is packed of B fits into 192 KiB") {
    CHECK(deepest == 256);
    CHECK(slab == 192);
    CHECK(head_columns == 96);
    CHECK(line<float> == 16);
    CHECK(line<double> == 8);
    CHECK(padded_depth * Index{sizeof(float)} % line_bytes == 16);
}

}  // namespace bptt::kernels
