#include "bptt/autograd/arena.hpp"

#include <cstdint>
#include <cstring>

#include "catch.hpp"
#include "support/malloc.hpp"

using namespace bptt;

TEST_CASE("arena: pieces are aligned and do not overlap") {
    Arena arena;
    std::byte* end = nullptr;
    for (std::size_t n : {1u, 8u, 63u, 64u, 65u, 1000u, 1u << 20}) {
        auto* p = static_cast<std::byte*>(arena.allocate(n));
        CHECK(reinterpret_cast<std::uintptr_t>(p) % Arena::alignment == 0);
        std::memset(p, 1, n);
        CHECK((end == nullptr || p >= end || p < end - n));
        end = p + n;
    }
    CHECK(reinterpret_cast<std::uintptr_t>(arena.allocate(3, 16)) % 16 == 0);
    CHECK(arena.allocate(0) != nullptr);
}

TEST_CASE("arena: even nothing has a place") {
    Arena none, array, cleared;
    CHECK(none.allocate(0) != nullptr);
    CHECK(none.capacity() > 0);
    CHECK(array.array<double>(0) != nullptr);
    cleared.clear();
    CHECK(cleared.capacity() == 0);
}

TEST_CASE("arena: a block is 64 KiB, or a quarter of all before it, up to 4 MiB") {
    Arena arena;
    const auto write = [&](std::size_t n) { std::memset(arena.allocate(n), 1, n); };
    const auto capacity_after = [&](std::size_t n) {
        write(n);
        return arena.capacity();
    };
    constexpr std::size_t K = 1024, M = K * K;
    CHECK(capacity_after(40 * K) == 64 * K);
    CHECK(capacity_after(24 * K) == 64 * K);  // it is full now
    CHECK(capacity_after(1) == 128 * K);
    CHECK(capacity_after(63 * K) == 128 * K);
    CHECK(capacity_after(40 * K) == 192 * K);  // not in what is left of the second
    CHECK(capacity_after(24 * K) == 192 * K);
    CHECK(capacity_after(1024 * K) == 1216 * K);
    CHECK(capacity_after(1) == 1216 * K + 304 * K);
    CHECK(capacity_after(100 * M) == 1520 * K + 100 * M);
    while (arena.capacity() == 1520 * K + 100 * M) write(K);
    CHECK(arena.capacity() == 1520 * K + 104 * M);
}

TEST_CASE("arena: what is larger than the usual block has a block of its own, and the last one goes on to be filled") {
    Arena arena;
    auto* const first = static_cast<std::byte*>(arena.allocate(64));
    auto* const large = static_cast<std::byte*>(arena.allocate(100'001));
    CHECK(reinterpret_cast<std::uintptr_t>(large) % Arena::alignment == 0);
    std::memset(large, 1, 100'001);
    CHECK(arena.allocate(64) == first + 64);
    CHECK(arena.capacity() == (1 << 16) + 100'032);
    Arena alone;
    alone.allocate((1 << 16) + 1);
    CHECK(alone.capacity() == (1 << 16) + 64);
    Arena equal;
    auto* const start = static_cast<std::byte*>(equal.allocate(64));
    equal.allocate(1 << 16);
    CHECK(equal.allocate(64) == start + 64);
}

#if defined(BPTT_ADDRESS_SANITIZER)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

TEST_CASE("arena: after clear() the same work takes the same memory, in one block") {
    Arena arena;
    const auto work = [&] {
        void* const first = arena.allocate(5000);
        for (int k = 1; k < 100; ++k) arena.allocate(5000);
        return first;
    };
    work();
    const std::size_t capacity = arena.capacity();
    CHECK(capacity >= 500'000);
    arena.clear();
    void* const first = work();
    const long before = allocations();
    for (int round = 0; round < 10; ++round) {
        arena.clear();
        CHECK((work() == first) == !sanitized);  // AddressSanitizer is to see whoever still uses what was there
        CHECK(arena.capacity() == capacity);
    }
    CHECK(allocations() == before);
    for (int k = 0; k < 100; ++k) arena.allocate(5000);  // more than before takes a quarter more, not as much again
    CHECK(arena.capacity() < 2 * capacity);
}

TEST_CASE("arena: gives back what it holds") {
    const long peak = peak_memory([] {
        for (int k = 0; k < 10; ++k) Arena().allocate(1 << 20);
        Arena arena;
        for (int k = 0; k < 10; ++k) {
            arena.clear();
            for (int n = 0; n < 20; ++n) arena.allocate(50'000);
        }
    });
    CHECK(peak < 3 << 20);
}

TEST_CASE("arena: what was reserved comes from one block") {
    Arena arena, small;
    arena.allocate(1000);
    arena.reserve(1 << 20);
    const std::size_t capacity = arena.capacity();
    for (int k = 0; k < 1024; ++k) arena.allocate(1024);
    CHECK(arena.capacity() == capacity);
    small.reserve(1);
    CHECK(small.capacity() == 1 << 16);
    small.reserve(1 << 16);
    small.allocate(1 << 15);
    small.reserve(1 << 15);
    CHECK(small.capacity() == 1 << 16);
    small.reserve((1 << 15) + 1);
    CHECK(small.capacity() == 1 << 17);
}

TEST_CASE("arena: more than there can be throws and changes nothing") {
    Arena arena;
    auto* p = arena.create(42);
    const std::size_t capacity = arena.capacity();
    CHECK_THROWS_AS(arena.array<double>(Index{1} << 61), std::bad_alloc);
#if defined(BPTT_OWN_MALLOC)  // others end the program where operator new would throw
    CHECK_THROWS_AS(arena.array<double>(Index{1} << 45), std::bad_alloc);
#endif
    CHECK_THROWS_AS(arena.array<double>(-1), std::bad_alloc);
    CHECK(arena.capacity() == capacity);
    CHECK(*p == 42);
    CHECK(*arena.create(43) == 43);
}
