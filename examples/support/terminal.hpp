#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

/// Whether standard output is a terminal that knows escape sequences.
inline bool knows_escapes() {
    const char* const name = std::getenv("TERM");
    const std::string_view term = name ? name : "";
    return isatty(STDOUT_FILENO) != 0 && !term.empty() && term != "dumb";
}

/// Whether a text is to have marks in place of colours: NO_COLOR is set, or the terminal knows none. What is no terminal, such
/// as a pipe to a pager, gets colours.
inline bool wants_no_color() {
    const char* const no_color = std::getenv("NO_COLOR");
    return (no_color && *no_color) || (isatty(STDOUT_FILENO) != 0 && !knows_escapes());
}

/// How wide the terminal is on which standard output is shown; 80 where it does not say.
inline std::size_t terminal_columns() {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// A part of a line, in ASCII, with the spaces before it. What matters most has rank 0.
struct LinePart {
    std::string text;
    int rank;
};

/// The parts, in their order, that fit into so many columns: from rank 0 on, up to the first that does not fit.
inline std::string fitted(const std::vector<LinePart>& parts, std::size_t columns) {
    std::string line;
    for (int rank = 0; rank < static_cast<int>(parts.size()); ++rank) {
        std::string longer;
        for (const LinePart& part : parts)
            if (part.rank <= rank) longer += part.text;
        if (longer.size() <= columns) line = longer;
    }
    return line;
}

}  // namespace examples
