#pragma once

#include <bptt/core/utf8.hpp>
#include <bptt/inspect/markup.hpp>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// A text for what has no colour: below each of its lines is one of marks, mark(k) for symbol k.
template <class Mark> std::string marked_text(const std::vector<std::string>& symbols, Mark mark) {
    std::string all, line, marks;
    const auto end_line = [&] { all += std::exchange(line, "") + '\n' + std::exchange(marks, "") + '\n'; };
    for (std::size_t k = 0; k < symbols.size(); ++k) {
        const std::string shown = bptt::detail::shown_symbol(symbols[k]);
        line += shown;
        marks.append(static_cast<std::size_t>(bptt::detail::label_length(shown)), mark(k));
        if (symbols[k] == "\n") end_line();
    }
    if (!line.empty()) end_line();
    return all;
}

}  // namespace examples
