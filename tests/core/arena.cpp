#include "bptt/core/arena.hpp"

#include <cstdint>
#include <cstring>

#include "catch.hpp"

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

TEST_CASE("arena: after clear() the same work takes the same memory, in one block") {
    Arena arena;
    const auto work = [&] {
        for (int k = 0; k < 100; ++k) arena.allocate(5000);
    };
    work();
    arena.clear();
    work();
    const std::size_t capacity = arena.capacity();
    void* first = nullptr;
    for (int round = 0; round < 10; ++round) {
        arena.clear();
        void* p = arena.allocate(8);
        CHECK((first == nullptr || p == first));
        first = p;
        arena.clear();
        work();
        CHECK(arena.capacity() == capacity);
    }
}

TEST_CASE("arena: what was reserved comes from one block") {
    Arena arena;
    arena.allocate(1000);
    arena.reserve(1 << 20);
    const std::size_t capacity = arena.capacity();
    for (int k = 0; k < 1024; ++k) arena.allocate(1024);
    CHECK(arena.capacity() == capacity);
}

TEST_CASE("arena: more than there can be throws and changes nothing") {
    Arena arena;
    auto* p = arena.create(42);
    const std::size_t capacity = arena.capacity();
    CHECK_THROWS_AS(arena.array<double>(Index{1} << 61), std::bad_alloc);
#ifndef __SANITIZE_ADDRESS__  // it ends the program where operator new would throw
    CHECK_THROWS_AS(arena.array<double>(Index{1} << 45), std::bad_alloc);
#endif
    CHECK_THROWS_AS(arena.array<double>(-1), std::bad_alloc);
    CHECK(arena.capacity() == capacity);
    CHECK(*p == 42);
    CHECK(*arena.create(43) == 43);
}
