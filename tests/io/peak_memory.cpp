#include "bptt/core/types.hpp"
#include "catch.hpp"
#include "support/malloc.hpp"

#if defined(BPTT_OWN_MALLOC)

TEST_CASE("peak_memory: counts what lives at once") {
    CHECK(peak_memory([] {}) == 0);
    const long one = peak_memory([] {
        char* volatile p = new char[10000];
        delete[] p;
    });
    CHECK(one >= 10000);
    CHECK(one < 10100);
    const long two = peak_memory([] {
        for (int k = 0; k < 3; ++k) bptt::Mat<float>::Ones(100, 100).eval();
        const bptt::Mat<float> a(100, 100), b(100, 100);
        CHECK(a.size() == b.size());
    });
    CHECK(two >= 80000);
    CHECK(two < 90000);
}

#endif
