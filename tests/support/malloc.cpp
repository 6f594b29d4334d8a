#include "support/malloc.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <new>

namespace {

std::atomic<long> count = 0, live = 0, peak = 0;
constexpr long never = std::numeric_limits<long>::max();
std::atomic<long> first_to_fail = never, last_to_fail = never;  // as numbers of `count`

}  // namespace

long allocations() { return count; }

long peak_memory(const std::function<void()>& f) {
    const long before = peak = live.load();
    f();
    return peak - before;
}

Ending with_failing_allocation(long n, Fails fails, const std::function<void()>& f) {
    struct Armed {
        Armed(long first, long last) {
            last_to_fail = last;
            first_to_fail = first;
        }
        ~Armed() { first_to_fail = never; }
    };
    const long nth = count + n;
    try {
        const Armed armed(nth, fails == Fails::once ? nth : never);
        f();
    } catch (const std::bad_alloc&) {
        return Ending::bad_alloc;
    }
    return count < nth ? Ending::not_reached : Ending::survived;
}

#if defined(BPTT_OWN_MALLOC)

namespace {
bool fails() {
    const long k = ++count;
    if (k < first_to_fail || k > last_to_fail) return false;
    errno = ENOMEM;
    return true;
}
void* given(void* p) {
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
void* malloc(std::size_t n) { return fails() ? nullptr : given(__libc_malloc(n)); }
void* calloc(std::size_t k, std::size_t n) { return fails() ? nullptr : given(__libc_calloc(k, n)); }
void* memalign(std::size_t align, std::size_t n) { return fails() ? nullptr : given(__libc_memalign(align, n)); }
void* aligned_alloc(std::size_t align, std::size_t n) { return memalign(align, n); }
int posix_memalign(void** p, std::size_t align, std::size_t n) {
    void* const memory = memalign(align, n);
    if (!memory) return ENOMEM;
    *p = memory;
    return 0;
}
void* realloc(void* p, std::size_t n) {
    if (fails()) return nullptr;
    live -= static_cast<long>(malloc_usable_size(p));
    return given(__libc_realloc(p, n));
}
void free(void* p) {
    live -= static_cast<long>(malloc_usable_size(p));
    __libc_free(p);
}
}

#endif
