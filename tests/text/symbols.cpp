#include "bptt/text/symbols.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

using Strings = std::vector<std::string>;

Strings symbols(std::string_view text, Unit unit) {
    Strings all;
    for_each_symbol(text, unit, [&](std::string_view s) { all.emplace_back(s); });
    return all;
}
std::string every_byte() {
    std::string text;
    for (int k = 255; k >= 0; --k) text += static_cast<char>(k);
    return text;
}

}  // namespace

TEST_CASE("for_each_symbol: bytes, whatever they are") {
    CHECK(symbols("ab\n", Unit::byte) == Strings{"a", "b", "\n"});
    CHECK(symbols("é", Unit::byte) == Strings{"\xc3", "\xa9"});
    CHECK(symbols(every_byte(), Unit::byte).size() == 256);
    CHECK(symbols("", Unit::byte).empty());
}

TEST_CASE("for_each_symbol: UTF-8 code points of one to four bytes") {
    CHECK(symbols("aé€😀z", Unit::code_point) == Strings{"a", "é", "€", "😀", "z"});
    CHECK(symbols("e\xcc\x81", Unit::code_point) == Strings{"e", "\xcc\x81"});  // a combining accent stands alone
    CHECK(symbols(std::string_view("\0a", 2), Unit::code_point) == Strings{std::string(1, '\0'), "a"});
    CHECK(symbols("", Unit::code_point).empty());
}

TEST_CASE("for_each_symbol: the first and last code point of every row of the Unicode standard's table 3-7") {
    for (const std::string symbol :
         {"\x01", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xe0\xbf\xbf", "\xe1\x80\x80", "\xec\xbf\xbf",
          "\xed\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf0\xbf\xbf\xbf",
          "\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf"})
        CHECK(symbols("a" + symbol + "b", Unit::code_point) == Strings{"a", symbol, "b"});
}

TEST_CASE("for_each_symbol: invalid UTF-8 throws, with its line") {
    struct Bad {
        const char* what;
        std::string bytes;
    };
    const std::vector<Bad> all = {
        {"stray continuation", "\x80"},
        {"stray continuation after a code point", "\xc3\xa9\xa9"},
        {"overlong, two bytes", "\xc0\xaf"},
        {"overlong, two bytes, the last", "\xc1\xbf"},
        {"overlong, three bytes", "\xe0\x9f\xbf"},
        {"overlong, four bytes", "\xf0\x8f\xbf\xbf"},
        {"first surrogate", "\xed\xa0\x80"},
        {"last surrogate", "\xed\xbf\xbf"},
        {"just beyond U+10FFFF", "\xf4\x90\x80\x80"},
        {"far beyond U+10FFFF", "\xf5\x80\x80\x80"},
        {"five bytes", "\xf8\x88\x80\x80\x80"},
        {"no lead", "\xfe"},
        {"no lead either", "\xff"},
        {"truncated, one of two", "\xc3"},
        {"truncated, two of three", "\xe2\x82"},
        {"truncated, three of four", "\xf0\x9f\x98"},
    };
    for (const auto& [what, bytes] : all) {
        INFO(what);
        for (const Unit unit : {Unit::code_point, Unit::word}) {
            CHECK_THROWS_AS(symbols(bytes, unit), std::invalid_argument);
            CHECK_THROWS_WITH(symbols("é\n\n" + bytes, unit), "for_each_symbol: invalid UTF-8 in line 3");
            CHECK_THROWS_WITH(symbols(bytes + "z\n", unit), "for_each_symbol: invalid UTF-8 in line 1");
        }
        CHECK_NOTHROW(symbols(bytes, Unit::byte));
    }
}

TEST_CASE("for_each_symbol: words, between ASCII whitespace and nothing else") {
    CHECK(symbols("the quick  fox.", Unit::word) == Strings{"the", "quick", "fox."});
    CHECK(symbols(" \t\n\v\f\ra \t\n\v\f\rb \t\n\v\f\r", Unit::word) == Strings{"a", "b"});
    for (const std::string space : {" ", "\t", "\n", "\v", "\f", "\r"})
        CHECK(symbols("é" + space + "€", Unit::word) == Strings{"é", "€"});
    CHECK(symbols("a\u00a0b\u2003c\u2028d", Unit::word) == Strings{"a\u00a0b\u2003c\u2028d"});
    const std::string controls("a\0\x07\x08\x0e\x1f\x7f!", 8);
    CHECK(symbols(controls, Unit::word) == Strings{controls});
    CHECK(symbols("", Unit::word).empty());
    CHECK(symbols(" \n", Unit::word).empty());
}

TEST_CASE("for_each_symbol: words and line ends") {
    CHECK(symbols("the quick\n fox. \r\n\n", Unit::word_or_line_end) == Strings{"the", "quick", "\n", "fox.", "\n", "\n"});
    CHECK(symbols("\na\tb\vé", Unit::word_or_line_end) == Strings{"\n", "a", "b", "é"});
    CHECK(symbols(" ", Unit::word_or_line_end).empty());
    CHECK_THROWS_WITH(symbols("a\n\xff", Unit::word_or_line_end), "for_each_symbol: invalid UTF-8 in line 2");
}

TEST_CASE("escape: one line of printable UTF-8, and back") {
    using detail::escape, detail::unescape;
    CHECK(escape(std::string_view("a\\b\n\r\t\0 ~", 9), Unit::code_point) == "a\\\\b\\n\\r\\t\\0 ~");
    CHECK(escape("\x01\x0b\x1f\x7f", Unit::word) == "\\x01\\x0b\\x1f\\x7f");
    CHECK(escape("é", Unit::word) == "é");
    CHECK(escape("é", Unit::byte) == "\\xc3\\xa9");
    CHECK(escape("\x80\xff", Unit::byte) == "\\x80\\xff");
    for (const Unit unit : {Unit::byte, Unit::word}) {
        CHECK(unescape(escape(every_byte(), unit)) == every_byte());
        CHECK(unescape(escape("\\n \\x41 \\\\", unit)) == "\\n \\x41 \\\\");
    }
}

TEST_CASE("unescape: a line that escape does not write does not come back as it was") {
    for (const std::string line : {"\\", "a\\", "\\q", "\\x", "\\x0", "\\x0g", "\\xg0", "\\x0B", "\\x41", "\\x5c", "\\x00",
                                   "\n", "\t", "\x7f", "\\N", "\\\\\\"}) {
        INFO(line);
        CHECK(detail::escape(detail::unescape(line), Unit::word) != line);
    }
    CHECK(detail::unescape(std::string_view("\\x01", 3)) == "\\x0");  // it does not look beyond the line
    CHECK(detail::unescape(std::string_view("\\n", 1)) == "\\");
    CHECK(detail::escape(detail::unescape("é"), Unit::byte) != "é");
    CHECK(detail::escape(detail::unescape("\\xc3\\xa9"), Unit::word) != "\\xc3\\xa9");
}

TEST_CASE("is_utf8: a text, of nothing too, utf8_size: where it ends to be one") {
    CHECK(detail::utf8_size("") == 0);
    CHECK(detail::utf8_size("aé€😀") == 10);
    CHECK(detail::utf8_size("aé\xc3") == 3);
    CHECK(detail::utf8_size("\xff aé") == 0);
    CHECK(detail::is_utf8(""));
    CHECK(detail::is_utf8("aé€😀"));
    CHECK_FALSE(detail::is_utf8("aé\xc3"));
    CHECK_FALSE(detail::is_utf8("\xff aé"));
}
