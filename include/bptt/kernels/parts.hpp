#pragma once

#include <type_traits>

#include "bptt/core/types.hpp"

namespace bptt::kernels {

/// Divides one buffer of numbers into parts that begin 64 bytes, a cache line, apart or a multiple of that. Without a buffer it
/// only counts how long the buffer must be: take the same parts twice, first to count them, then to get them.
template <class T> class Parts {
public:
    Parts() = default;
    /// buffer: as many numbers as size() was after counting, aligned to 64 bytes. It outlives its parts.
    explicit Parts(T* buffer) : maybe_buffer_(buffer) {}

    /// The next part: room for `count` objects, uninitialised. Null while counting.
    template <class U = T> U* take(Index count) {
        static_assert(std::is_trivial_v<U>, "nothing in a part is constructed or destroyed");
        constexpr Index line = 64, size = sizeof(U);
        T* const begin = maybe_buffer_ ? maybe_buffer_ + size_ : nullptr;
        size_ += (count * size + line - 1) / line * (line / static_cast<Index>(sizeof(T)));
        return reinterpret_cast<U*>(begin);
    }
    /// Numbers that all parts so far take together.
    Index size() const { return size_; }

private:
    T* maybe_buffer_ = nullptr;
    Index size_ = 0;
};

}  // namespace bptt::kernels
