#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "bptt/core/check.hpp"
#include "bptt/core/utf8.hpp"

namespace bptt {

/// What counts as one symbol of a text. A word is a run of anything but ASCII whitespace; word_or_line_end has "\n" as a
/// symbol, too, so that a model of words can learn lines.
enum class Unit { byte, code_point, word, word_or_line_end };

namespace detail {

inline bool is_words(Unit unit) { return unit == Unit::word || unit == Unit::word_or_line_end; }
inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr std::string_view escaped{"\\\n\r\t\0", 5}, escapes = "\\nrt0", hex = "0123456789abcdef";

/// A symbol as printable UTF-8 on one line.
inline std::string escape(std::string_view symbol, Unit unit) {
    std::string line;
    for (const char c : symbol) {
        const unsigned byte = static_cast<unsigned char>(c);
        if (const auto k = escaped.find(c); k != escaped.npos)
            (line += '\\') += escapes[k];
        else if (byte < 0x20 || byte == 0x7f || (byte > 0x7f && unit == Unit::byte))
            ((line += "\\x") += hex[byte / 16]) += hex[byte % 16];
        else
            line += c;
    }
    return line;
}

/// The inverse of escape(). For a line that escape() never writes, it returns a symbol that escape() writes differently.
inline std::string unescape(std::string_view line) {
    std::string symbol;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const std::string_view rest = line.substr(at + 1);
        char c = line[at];
        if (c == '\\' && !rest.empty()) {
            if (const auto k = escapes.find(rest[0]); k != escapes.npos) {
                c = escaped[k];
                at += 1;
            } else if (rest[0] == 'x' && rest.size() > 2) {
                c = static_cast<char>(16 * hex.find(rest[1]) + hex.find(rest[2]));  // any other character: npos, a wrong byte
                at += 3;
            }
        }
        symbol += c;
    }
    return symbol;
}

}  // namespace detail

namespace detail {
/// for_each_symbol(); `what` is whose error it is that the text is invalid: a function's, and a file's.
template <class F> void for_each_symbol_of(std::string_view what, std::string_view text, Unit unit, F f) {
    std::size_t word = 0;  // where the current one began
    for (std::size_t at = 0, size = 1; at < text.size(); at += size) {
        if (unit != Unit::byte) {
            size = code_point_size(text, at);
            if (size == 0) fail({what, ": invalid UTF-8 in line ", 1 + std::ranges::count(text.substr(0, at), '\n')});
        }
        if (!is_words(unit)) {
            f(text.substr(at, size));
        } else if (is_space(text[at])) {
            if (word < at) f(text.substr(word, at - word));
            if (unit == Unit::word_or_line_end && text[at] == '\n') f(text.substr(at, 1));
            word = at + 1;
        }
    }
    if (is_words(unit) && word < text.size()) f(text.substr(word));
}
}  // namespace detail

/// Calls f(symbol) for each symbol of `text`. Throws where the text is invalid UTF-8, with the line, unless bytes are the unit.
template <class F> void for_each_symbol(std::string_view text, Unit unit, F f) {
    detail::for_each_symbol_of("for_each_symbol", text, unit, std::move(f));
}

}  // namespace bptt
