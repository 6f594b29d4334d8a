// Counted is malloc itself, which operator new and Eigen end in.
#include "support/peak_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "bptt/core/arena.hpp"  // defines __SANITIZE_ADDRESS__ for clang, too
#include "bptt/core/types.hpp"
#include "catch.hpp"

namespace {
std::atomic<long> live = 0, peak = 0;
}

long peak_memory(const std::function<void()>& f) {
    const long before = peak = live.load();
    f();
    return peak - before;
}

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

namespace {
void* counted(void* p) {
    peak = std::max(peak.load(), live += static_cast<long>(malloc_usable_size(p)));
    return p;
}
}  // namespace
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
void* malloc(std::size_t n) { return counted(__libc_malloc(n)); }
void* calloc(std::size_t k, std::size_t n) { return counted(__libc_calloc(k, n)); }
void* memalign(std::size_t align, std::size_t n) { return counted(__libc_memalign(align, n)); }
void* aligned_alloc(std::size_t align, std::size_t n) { return counted(__libc_memalign(align, n)); }
int posix_memalign(void** p, std::size_t align, std::size_t n) {
    *p = counted(__libc_memalign(align, n));
    return *p ? 0 : 12;
}
void* realloc(void* p, std::size_t n) {
    live -= static_cast<long>(malloc_usable_size(p));
    return counted(__libc_realloc(p, n));
}
void free(void* p) {
    live -= static_cast<long>(malloc_usable_size(p));
    __libc_free(p);
}
}

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
