#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "bptt/core/check.hpp"
#include "bptt/core/instruction_set.hpp"

#if defined(BPTT_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#endif

namespace bptt {

/// A bump allocator: memory is handed out piece by piece and freed all at once. It calls no destructors.
class Arena {
public:
    static constexpr std::size_t alignment = 64;  // a cache line, and the widest packet

    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena() { release(); }

    /// Uninitialised bytes, valid until clear(); align: a power of two, at most `alignment`. Throws std::bad_alloc, and then
    /// nothing has changed.
    void* allocate(std::size_t bytes, std::size_t align = alignment) {
        throw_unless(align - 1 < alignment && (align & (align - 1)) == 0, "Arena: align is ", align,
                     ", not a power of two up to ", alignment);
        std::size_t begin = (used_ + align - 1) & ~(align - 1);
        if (!last_ || bytes > size() - begin) {
            if (last_ && bytes >= usual_size()) return block_of_its_own(bytes);
            grow(bytes);
            begin = 0;
        }
        used_ = begin + bytes;
        unpoison(data() + begin, bytes);
        return data() + begin;
    }

    /// Room for n objects, uninitialised.
    template <class U> U* array(Index n) {
        static_assert(std::is_trivially_destructible_v<U>, "nothing in an arena is destroyed");
        if (n < 0 || n > (std::numeric_limits<Index>::max)() / static_cast<Index>(sizeof(U))) throw std::bad_alloc();
        return static_cast<U*>(allocate(static_cast<std::size_t>(n) * sizeof(U)));
    }

    /// An object made in place.
    template <class U> U* create(U value) {
        static_assert(std::is_trivially_destructible_v<U>, "nothing in an arena is destroyed");
        return new (allocate(sizeof(U), alignof(U))) U(std::move(value));
    }

    /// Makes room: the next `bytes` bytes, padding for alignment included, are handed out without calling operator new.
    void reserve(std::size_t bytes) {
        if (bytes > size() - used_) grow(bytes);
    }

    /// Frees everything. Several blocks are replaced by one as large as all of them, so that a steady workload stops
    /// allocating. Without NDEBUG a block that is kept reads as NaN; under AddressSanitizer none is kept, so that it reports
    /// every use after clear().
    void clear() noexcept {
        if (last_ && (last_->previous || sanitized)) {
            wanted_ = capacity_;
            release();
        }
#ifndef NDEBUG
        if (last_) std::memset(data(), 0xff, used_);  // a NaN, as float and as double
#endif
        used_ = 0;
    }

    /// Bytes held, used or not.
    std::size_t capacity() const { return capacity_; }

private:
    struct alignas(alignment) Block {
        Block* previous;
        std::size_t size;
    };

    std::byte* data() const { return reinterpret_cast<std::byte*>(last_ + 1); }
    std::size_t size() const { return last_ ? last_->size : 0; }

    /// The least size of a block for small pieces: a quarter of the capacity, so that blocks are few, in 64 KiB..4 MiB.
    std::size_t usual_size() const {
        constexpr std::size_t least = std::size_t{1} << 16, most = std::size_t{1} << 22;
        return std::clamp(capacity_ / 4, least, most);
    }
    Block* new_block(Block* previous, std::size_t bytes) {
        const std::size_t size = (bytes + alignment - 1) & ~(alignment - 1);
        Block* const block = new (::operator new (sizeof(Block) + size, std::align_val_t{alignment})) Block{previous, size};
        capacity_ += size;
        return block;
    }
    void grow(std::size_t bytes) {
        last_ = new_block(last_, (std::max)({bytes, usual_size(), wanted_}));
        used_ = 0;
        wanted_ = 0;
        poison(data(), size());
    }
    /// Inserts a block for one large piece below the last block, which goes on to be filled.
    void* block_of_its_own(std::size_t bytes) {
        last_->previous = new_block(last_->previous, bytes);
        return last_->previous + 1;
    }
    void release() noexcept {
        while (last_) {
            unpoison(data(), size());
            ::operator delete (std::exchange(last_, last_->previous), std::align_val_t{alignment});
        }
        capacity_ = 0;
    }

#if defined(BPTT_ADDRESS_SANITIZER)
    static constexpr bool sanitized = true;
    static void poison(void* p, std::size_t n) { ASAN_POISON_MEMORY_REGION(p, n); }
    static void unpoison(void* p, std::size_t n) { ASAN_UNPOISON_MEMORY_REGION(p, n); }
#else
    static constexpr bool sanitized = false;
    static void poison(void*, std::size_t) {}
    static void unpoison(void*, std::size_t) {}
#endif

    Block* last_ = nullptr;
    std::size_t used_ = 0;      // bytes of the last block, whose size is a multiple of the alignment
    std::size_t capacity_ = 0;  // bytes of all blocks
    std::size_t wanted_ = 0;    // what the next block should hold, after a clear()
};

}  // namespace bptt
