#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace bptt::detail {

/// Rows of cells as lines, each column as wide as its widest cell. `aligned` says for each column whether its cells stand to
/// the left or to the right: "lr".
inline std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view aligned) {
    std::vector<std::size_t> widths(aligned.size());
    for (const auto& row : rows)
        for (std::size_t k = 0; k < row.size(); ++k) widths[k] = (std::max)(widths[k], row[k].size());
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t k = 0; k < row.size(); ++k) {
            const std::string spaces(widths[k] - row[k].size(), ' ');
            line += (k > 0 ? "  " : "") + (aligned[k] == 'r' ? spaces + row[k] : row[k] + spaces);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return text;
}

}  // namespace bptt::detail
