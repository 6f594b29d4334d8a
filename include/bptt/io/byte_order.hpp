#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

namespace bptt::detail {

/// Turns `count` numbers of `size` bytes each from a machine's byte order into a file's, which is little-endian, or back.
/// Bytes, as a register might change a number that has the wrong order.
inline void swap_little_endian(void* numbers, std::size_t count, std::size_t size, std::endian machine = std::endian::native) {
    if (machine == std::endian::little) return;
    for (auto* each = static_cast<std::byte*>(numbers); count > 0; --count, each += size) std::reverse(each, each + size);
}

}  // namespace bptt::detail
