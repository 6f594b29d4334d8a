#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "bptt/core/utf8.hpp"

namespace bptt::detail {

/// The number of the code point of `size` bytes, valid UTF-8.
inline std::uint32_t code_point(std::string_view text, std::size_t size) {
    std::uint32_t number = static_cast<unsigned char>(text[0]) & (size == 1 ? 0x7fu : 0xffu >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) number = number << 6 | (static_cast<unsigned char>(text[k]) & 0x3fu);
    return number;
}

/// Whether a code point is not seen, and may change how others are: controls, marks that turn the direction of writing, joiners
/// and other formats, line and paragraph separators, and those that XML forbids.
inline bool is_unseen(std::uint32_t c) {
    constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 10> ranges = {{{0x00, 0x1f},
                                                                                 {0x7f, 0x9f},
                                                                                 {0xad, 0xad},
                                                                                 {0x61c, 0x61c},
                                                                                 {0x180e, 0x180e},
                                                                                 {0x200b, 0x200f},
                                                                                 {0x2028, 0x202e},
                                                                                 {0x2060, 0x206f},
                                                                                 {0xfeff, 0xfeff},
                                                                                 {0xfff9, 0xffff}}};
    for (const auto& [first, last] : ranges)
        if (c >= first && c <= last) return c != 0xfffc && c != 0xfffd;
    return c >= 0xe0000 && c <= 0xe007f;
}

/// A text as it can be shown anywhere: what is not seen, and bytes that are not UTF-8, get a form that is. A control character
/// c < 32 becomes its picture, "␀" + c; another one "⟨200E⟩"; a byte "⟨xE2⟩".
inline std::string visible(std::string_view text) {
    constexpr std::string_view capitals = "0123456789ABCDEF";
    std::string out;
    for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
        const std::string_view rest = text.substr(at);
        size = code_point_size(text, at);
        const std::uint32_t c = size > 0 ? code_point(rest, size) : static_cast<unsigned char>(rest[0]);
        if (size > 0 && !is_unseen(c)) {
            out += rest.substr(0, size);
        } else if (size == 1 && c < 0x20) {
            (out += "\xe2\x90") += static_cast<char>(0x80 + c);  // U+2400 and on
        } else {
            out += size == 0 ? "⟨x" : "⟨";
            const int digits = size == 0 ? 2 : c > 0xffff ? 5 : 4;
            for (int k = digits - 1; k >= 0; --k) out += capitals[c >> (4 * k) & 0xf];
            out += "⟩";
        }
        if (size == 0) size = 1;
    }
    return out;
}

/// visible() as the text of an element, or the value of an attribute, of XML or HTML.
inline std::string markup(std::string_view text) {
    std::string out;
    for (const char c : visible(text)) {
        constexpr std::string_view special = "&<>\"'";
        constexpr std::array<std::string_view, 5> names = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
        const auto k = special.find(c);
        k == special.npos ? out += c : out += names[k];
    }
    return out;
}

/// White for w = 0, the color of red, green and blue for 1, each in proportion between: #rrggbb.
inline std::string tint(std::array<int, 3> color, double w) {
    std::array<char, 8> text{};
    const auto part = [&](std::size_t k) { return static_cast<unsigned>(std::lround(255 + w * (color[k] - 255))); };
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x", part(0), part(1), part(2));
    return text.data();
}

/// A symbol of a text as it is seen: the end of a line is "↵", a tab "⇥", nothing "⟨⟩"; others are as of visible().
inline std::string shown_symbol(std::string_view symbol) {
    return symbol == "\n" ? "↵" : symbol == "\t" ? "⇥" : symbol.empty() ? "⟨⟩" : visible(symbol);
}

/// A stream that writes numbers with a point, in any locale.
inline std::ostringstream classic_stream() {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    return out;
}

}  // namespace bptt::detail
