#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace bptt {

/// A number for each position of a text, 0 or 1 where it is a yes or no; not a number where it is unknown.
struct TextProperty {
    std::string name;
    std::vector<double> values;
};

namespace detail {

/// Reads a text symbol by symbol, and knows where in it it is: as C++ has comments and quotes. Prose has them, too, but for its
/// apostrophes, which are no quotes, and its http://, which is no comment; a quote that stays open ends with its paragraph. It
/// knows no raw strings.
class TextScanner {
public:
    explicit TextScanner(const std::vector<std::string>& symbols) : symbols_(symbols) {}

    void read(std::size_t at) {
        const std::string_view c = symbols_[at];
        const bool is_escaped = in_quotes() && escape_;
        escape_ = in_quotes() && c == "\\" && !is_escaped;
        capitals_ = c.size() == 1 && c[0] >= 'A' && c[0] <= 'Z' ? capitals_ + 1 : 0;
        if (c == "\n") {
            const bool paragraph = column_ == 0;
            column_ = 0;
            previous_ = before_previous_ = {};
            if (where_ == line_comment || (in_quotes() && paragraph)) where_ = code;
        } else if (c != "\r") {
            ++column_;
            change_at(at, is_escaped);
        }
    }
    bool in_comment() const { return where_ == line_comment || where_ == block_comment; }
    bool in_quotes() const { return where_ == quotes || where_ == letter; }
    std::ptrdiff_t column() const { return column_; }
    std::ptrdiff_t depth() const { return depth_; }
    std::ptrdiff_t capitals() const { return capitals_; }

private:
    enum Where { code, line_comment, block_comment, quotes, letter };

    void change_at(std::size_t at, bool is_escaped) {
        const std::string_view c = symbols_[at];
        bool is_over = false;  // a comment: its last character begins no other
        switch (where_) {
            case code:
                if (previous_ == "/" && c == "/" && before_previous_ != ":")
                    where_ = line_comment;
                else if (previous_ == "/" && c == "*")
                    where_ = block_comment, opened_ = at;
                else if (c == "\"")
                    where_ = quotes;
                else if (c == "'" && is_letter(at))
                    where_ = letter;
                else if (c == "(" || c == "[" || c == "{")
                    ++depth_;
                else if (c == ")" || c == "]" || c == "}")
                    depth_ = std::max<std::ptrdiff_t>(0, depth_ - 1);
                break;
            case line_comment:
                break;
            case block_comment:
                if (previous_ == "*" && c == "/" && at > opened_ + 1) where_ = code, is_over = true;
                break;
            case quotes:
            case letter:
                if (!is_escaped && c == (where_ == quotes ? "\"" : "'")) where_ = code;
                break;
        }
        before_previous_ = previous_;
        previous_ = is_over ? std::string_view() : c;
    }
    /// Whether 'x' or '\x' begins here, which an apostrophe does not.
    bool is_letter(std::size_t at) const {
        const auto is = [&](std::size_t k, const char* c) { return at + k < symbols_.size() && symbols_[at + k] == c; };
        return is(1, "\\") ? is(3, "'") : is(2, "'") && !is(1, "'");
    }

    const std::vector<std::string>& symbols_;
    Where where_ = code;
    std::string_view previous_, before_previous_;  // in the same line
    std::size_t opened_ = 0;                       // where a block comment did
    std::ptrdiff_t column_ = 0, depth_ = 0, capitals_ = 0;
    bool escape_ = false;
};

}  // namespace detail

/// What units of character models are known to follow (Karpathy et al. 2015), at each symbol of a text, as it is once that
/// symbol has been read: whether it is inside a comment, in quotes, in a word of two or more capitals; its column, 0 after a
/// new line; how many brackets ( [ { are open; and whether the next symbol is a new line, which is unknown at the last one.
inline std::vector<TextProperty> text_properties(const std::vector<std::string>& symbols) {
    std::vector<TextProperty> all = {{"inside a comment", {}}, {"in quotes", {}},     {"in capitals", {}},
                                     {"column", {}},           {"nesting depth", {}}, {"a new line is next", {}}};
    detail::TextScanner scanner(symbols);
    for (std::size_t at = 0; at < symbols.size(); ++at) {
        scanner.read(at);
        const bool last = at + 1 == symbols.size();
        const double next = last ? std::numeric_limits<double>::quiet_NaN() : symbols[at + 1] == "\n";
        const double values[] = {static_cast<double>(scanner.in_comment()),    static_cast<double>(scanner.in_quotes()),
                                 static_cast<double>(scanner.capitals() >= 2), static_cast<double>(scanner.column()),
                                 static_cast<double>(scanner.depth()),         next};
        for (std::size_t k = 0; k < all.size(); ++k) all[k].values.push_back(values[k]);
    }
    return all;
}

}  // namespace bptt
