#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/utf8.hpp>
#include <bptt/inspect/markup.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace examples {

/// A message or a file's name as it may go to a terminal, on one line: what would command it, or is not seen, has a form that
/// is.
using bptt::detail::visible;

/// A text as it may go to a terminal: visible(), but lines, tabs and the joiners that words and emoji are spelled with stay.
inline std::string shown(std::string_view text) {
    constexpr std::array<std::string_view, 4> kept = {"\n", "\t", "\u200c", "\u200d"};
    std::string out;
    while (!text.empty()) {
        const std::string_view symbol = text.substr(0, std::max<std::size_t>(1, bptt::detail::code_point_size(text, 0)));
        out += std::ranges::count(kept, symbol) > 0 ? std::string(symbol) : visible(symbol);
        text.remove_prefix(symbol.size());
    }
    return out;
}

/// shown() of a text that comes in parts: a code point waits until all of its bytes have come.
class ShownParts {
public:
    /// What can be shown now.
    std::string add(std::string_view part) {
        waiting_ += part;
        std::size_t whole = 0;
        while (whole < waiting_.size() && !is_begun(std::string_view(waiting_).substr(whole)))
            whole += std::max<std::size_t>(1, bptt::detail::code_point_size(waiting_, whole));
        const std::string out = shown(std::string_view(waiting_).substr(0, whole));
        waiting_.erase(0, whole);
        return out;
    }
    /// What still waits when nothing more comes.
    std::string rest() const { return shown(waiting_); }

private:
    /// Whether more bytes can make a code point of these: the least or the largest that can follow do.
    static bool is_begun(std::string_view bytes) {
        if (bytes.size() > 3) return false;
        return std::ranges::any_of(std::array{'\x80', '\xbf'}, [&](char next) {
            return bptt::detail::code_point_size(std::string(bytes) + std::string(3, next), 0) > bytes.size();
        });
    }

    std::string waiting_;
};

}  // namespace examples
