#pragma once

#include <bptt/core/check.hpp>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace examples {

/// The text that an option means: \n, \t, \\ and \xHH stand for a new line, a tab, a backslash and a byte. Throws where a
/// backslash begins none of these.
inline std::string unescaped(std::string_view option, std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::string_view two = text.substr(0, 2), digits = text.substr(0, 4).substr(two.size());
        const auto take = [&](char c, std::size_t size) { out += c, text.remove_prefix(size); };
        unsigned byte = 0;
        if (text[0] != '\\')
            take(text[0], 1);
        else if (two == "\\n")
            take('\n', 2);
        else if (two == "\\t")
            take('\t', 2);
        else if (two == "\\\\")
            take('\\', 2);
        else if (const auto end = digits.data() + digits.size();
                 two == "\\x" && digits.size() == 2 && std::from_chars(digits.data(), end, byte, 16).ptr == end)
            take(static_cast<char>(byte), 4);
        else
            bptt::throw_unless(false, option,
                               ": after a backslash comes n, t, another backslash, or x and two hexadecimal "
                               "digits, not \"",
                               text.substr(1, 3), "\"; \\\\ is a backslash");
    }
    return out;
}

}  // namespace examples
