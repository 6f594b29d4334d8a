#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/types.hpp>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tag {

using namespace bptt;

/// What a character of C++ source is part of: literals of strings and characters are strings, with prefix and suffix; of a
/// directive all is preprocessor but its comments and the end of its line.
enum class Kind : unsigned char { code, comment, string, number, preprocessor };
inline constexpr std::array kind_names = {"code", "comment", "string", "number", "preprocessor"};
inline constexpr Index kind_count = std::ssize(kind_names);

namespace detail {

/// Splits source into the tokens of C++20, as far as kinds differ (section numbers are of the standard, [lex]). A quote that is
/// not closed on its line is a character like others, as in "#error don't".
class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(source), found_(source.size(), Kind::code) {
        for (std::size_t k = 0; k < source.size();) {  // [lex.phases] 2: a backslash joins its line and the next
            const std::string_view rest = source.substr(k);
            if (rest.starts_with("\\\n") || rest.starts_with("\\\r\n")) {
                k += rest[1] == '\n' ? 2 : 3;
            } else {
                text_ += source[k];
                places_.push_back(k++);
            }
        }
        auto fill = [&, filled = found_.begin()](std::size_t end, Kind kind) mutable {
            const auto last = found_.begin() + static_cast<std::ptrdiff_t>(end);
            std::fill(filled, last, kind);
            filled = last;
        };
        Kind joined = Kind::code;  // what the joined ends of lines after a token are
        while (at_ < text_.size()) {
            fill(places_[at_], joined);
            const bool ends_with_line = comes("//");
            const Kind kind = token();
            fill(places_[at_ - 1] + 1, directive_ && kind != Kind::comment ? Kind::preprocessor : kind);
            joined = ends_with_line ? Kind::comment : directive_ ? Kind::preprocessor : Kind::code;
        }
        fill(source.size(), joined);
    }
    const std::vector<Kind>& found() const { return found_; }

private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    /// Whether a character can be in an identifier: bytes of other alphabets can.
    static bool is_word(char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
               static_cast<unsigned char>(c) >= 0x80;
    }
    static bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
        return std::ranges::count(words, word) > 0;
    }
    /// The character that comes after so many others; a new line at the end.
    char ahead(std::size_t k = 0) const { return at_ + k < text_.size() ? text_[at_ + k] : '\n'; }
    bool comes(std::string_view next) const { return std::string_view(text_).substr(at_).starts_with(next); }
    void skip_word() {
        while (is_word(ahead())) ++at_;
    }
    /// Skips all before the next occurrence of what ends it, and `size` characters of that.
    void skip_to(std::string_view end, std::size_t from, std::size_t size) {
        const std::size_t place = text_.find(end, from);
        at_ = place == text_.npos ? text_.size() : place + size;
    }

    /// Moves on by a token, at least one character.
    Kind token() {
        const char c = ahead();
        if (c == '\n') {
            directive_ = false, begins_line_ = true;
            return ++at_, Kind::code;
        }
        if (comes("//")) return skip_to("\n", at_, 0), Kind::comment;
        if (comes("/*")) return skip_to("*/", at_ + 2, 2), Kind::comment;
        if (c == ' ' || (c >= '\t' && c <= '\r')) return ++at_, Kind::code;
        if (begins_line_ && (comes("#") || comes("%:"))) directive_ = true;
        begins_line_ = false;
        if (is_digit(c) || (c == '.' && is_digit(ahead(1)))) return number();
        if (is_word(c)) return word();
        if (c == '"' || c == '\'') return literal();
        return ++at_, Kind::code;
    }
    /// [lex.ppnumber]
    Kind number() {
        for (;;) {
            const bool sign = is_any({&text_[at_], 1}, {"e", "E", "p", "P"}) && (ahead(1) == '+' || ahead(1) == '-');
            if (sign || (ahead() == '\'' && is_word(ahead(1))))
                at_ += 2;
            else if (ahead() == '.' || is_word(ahead()))
                ++at_;
            else
                return Kind::number;
        }
    }
    /// An identifier, or a literal that begins with one.
    Kind word() {
        const std::size_t first = at_;
        skip_word();
        const std::string_view word = std::string_view(text_).substr(first, at_ - first);
        if (ahead() == '"' && is_any(word, {"R", "LR", "uR", "UR", "u8R"})) return raw_string();
        if ((ahead() == '"' || ahead() == '\'') && is_any(word, {"L", "u", "U", "u8"})) return literal();
        if (directive_ && is_any(word, {"include", "include_next", "import", "__has_include"})) skip_header_name();
        return Kind::code;
    }
    /// [lex.header]: in <> may stand what would begin a comment or a literal.
    void skip_header_name() {
        const std::size_t open = text_.find_first_not_of(" \t(", at_), close = text_.find_first_of(">\n", at_);
        if (open < close && close != text_.npos && text_[open] == '<' && text_[close] == '>') at_ = close + 1;
    }
    /// [lex.ccon], [lex.string]
    Kind literal() {
        for (std::size_t k = 1; ahead(k) != '\n'; k += ahead(k) == '\\' ? 2 : 1)
            if (ahead(k) == ahead()) return at_ += k + 1, suffix();
        return ++at_, Kind::code;
    }
    /// [lex.string]: in it a backslash joins no lines, so that its end is sought in the source as it is.
    Kind raw_string() {
        const std::size_t quote = places_[at_], open = source_.find('(', quote);
        const std::string_view delimiter = source_.substr(quote + 1, open == source_.npos ? 0 : open - quote - 1);
        if (open == source_.npos || delimiter.size() > 16 || delimiter.find_first_of(" )\\\t\v\f\n\"") != delimiter.npos)
            return literal();
        const std::string end = ')' + std::string(delimiter) + '"';
        const std::size_t close = source_.find(end, open);
        const std::size_t beyond = close == source_.npos ? source_.size() : close + end.size();
        at_ = static_cast<std::size_t>(std::ranges::lower_bound(places_, beyond) - places_.begin());
        return suffix();
    }
    /// [lex.ext]
    Kind suffix() {
        if (!is_digit(ahead())) skip_word();
        return Kind::string;
    }

    std::string_view source_;
    std::string text_;                 // the source, lines joined
    std::vector<std::size_t> places_;  // in the source, of each character of the text
    std::vector<Kind> found_;
    std::size_t at_ = 0;
    bool begins_line_ = true, directive_ = false;
};

}  // namespace detail

/// What each character of C++ source is.
inline std::vector<Kind> lex(std::string_view source) { return detail::Lexer(source).found(); }

}  // namespace tag
