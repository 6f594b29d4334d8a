#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/utf8.hpp"

namespace bptt::detail {

/// The shortest digits that are this number and no other, whatever the locale.
inline std::string digits_of(double x) {
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
}

/// Rows of cells as lines, each column as wide as the longest of its cells, which are UTF-8. `aligned` says for each column
/// whether its cells stand to the left or to the right: "lr".
inline std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view aligned) {
    std::vector<std::ptrdiff_t> widths(aligned.size());
    for (const auto& row : rows)
        for (std::size_t k = 0; k < row.size(); ++k) widths[k] = (std::max)(widths[k], label_length(row[k]));
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t k = 0; k < row.size(); ++k) {
            const std::string spaces(static_cast<std::size_t>(widths[k] - label_length(row[k])), ' ');
            line += (k > 0 ? "  " : "") + (aligned[k] == 'r' ? spaces + row[k] : row[k] + spaces);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return text;
}

}  // namespace bptt::detail
