#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace bptt::detail {

/// Bytes of the UTF-8 code point that begins at `at`; 0 where none does.
inline std::size_t code_point_size(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t k) { return at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0u; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;  // most of most texts
    const unsigned second = byte(1);
    const std::size_t size = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
    for (std::size_t k = 1; k < size; ++k)
        if ((byte(k) & 0xc0) != 0x80) return 0;
    // overlong forms, surrogates, beyond U+10FFFF (Unicode standard, table 3-7)
    const bool outside = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                         (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
    return outside ? 0 : size;
}

/// Where the first byte stands that begins no code point; the end of the text where all of it is UTF-8.
inline std::size_t utf8_size(std::string_view text) {
    std::size_t at = 0;
    for (std::size_t size = 1; at < text.size() && size > 0; at += size) size = code_point_size(text, at);
    return at;
}
inline bool is_utf8(std::string_view text) { return utf8_size(text) == text.size(); }

/// The length of a label in code points.
inline std::ptrdiff_t label_length(std::string_view label) {
    return std::ranges::count_if(label, [](char c) { return (c & 0xc0) != 0x80; });
}

}  // namespace bptt::detail
