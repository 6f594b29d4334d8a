#include "bptt/text/vocabulary.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

std::vector<std::string> symbols(std::string_view text, Unit unit) {
    std::vector<std::string> all;
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
    CHECK(symbols("ab\n", Unit::byte) == std::vector<std::string>{"a", "b", "\n"});
    CHECK(symbols("é", Unit::byte) == std::vector<std::string>{"\xc3", "\xa9"});
    CHECK(symbols(every_byte(), Unit::byte).size() == 256);
    CHECK(symbols("", Unit::byte).empty());
}

TEST_CASE("for_each_symbol: UTF-8 code points of one to four bytes") {
    CHECK(symbols("aé€😀z", Unit::code_point) == std::vector<std::string>{"a", "é", "€", "😀", "z"});
    CHECK(symbols("e\xcc\x81", Unit::code_point) ==
          std::vector<std::string>{"e", "\xcc\x81"});  // a combining accent stands alone
    CHECK(symbols(std::string_view("\0a", 2), Unit::code_point) == std::vector<std::string>{std::string(1, '\0'), "a"});
    CHECK(symbols("", Unit::code_point).empty());
}

TEST_CASE("for_each_symbol: the first and last code point of every row of the Unicode standard's table 3-7") {
    for (const std::string symbol :
         {"\x01", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xe0\xbf\xbf", "\xe1\x80\x80", "\xec\xbf\xbf",
          "\xed\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf0\xbf\xbf\xbf",
          "\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf"})
        CHECK(symbols("a" + symbol + "b", Unit::code_point) == std::vector<std::string>{"a", symbol, "b"});
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
        CHECK_THROWS_AS(symbols(bytes, Unit::code_point), std::invalid_argument);
        CHECK_THROWS_WITH(symbols("é\n\n" + bytes, Unit::code_point), "invalid UTF-8 in line 3");
        CHECK_THROWS_WITH(symbols(bytes + "z\n", Unit::code_point), "invalid UTF-8 in line 1");
        CHECK_NOTHROW(symbols(bytes, Unit::byte));
    }
}

TEST_CASE("Vocabulary: symbols once, numbered in byte order") {
    const Vocabulary v("hello é");
    CHECK(v.size() == 7);
    CHECK(v.unit() == Unit::byte);
    const std::vector<std::string> expected = {" ", "e", "h", "l", "o", "\xa9", "\xc3"};
    const std::vector<std::string> reversed = {"\xc3", "\xa9", "o", "l", "h", "e", " "};
    for (Index k = 0; k < v.size(); ++k) CHECK(v[k] == expected[static_cast<std::size_t>(k)]);
    for (Index k = v.size(); const std::string& s : reversed) CHECK(v[s] == --k);

    const Vocabulary points("z😀é€az", Unit::code_point);
    CHECK(points.unit() == Unit::code_point);
    CHECK(points.size() == 5);
    for (Index k = 0; const std::string s : {"a", "z", "é", "€", "😀"}) CHECK(points[s] == k++);
}

TEST_CASE("Vocabulary: the numbers do not depend on the order of the text") {
    const Vocabulary a("hello"), b("olleh");
    for (Index k = 0; k < a.size(); ++k) CHECK(a[k] == b[k]);
}

TEST_CASE("Vocabulary: encode and decode are inverse") {
    const std::string bytes = every_byte() + "some text\n" + every_byte();
    const Vocabulary v(bytes);
    CHECK(v.size() == 256);
    CHECK(v.encode(bytes).size() == bytes.size());
    CHECK(v.encode(bytes).front() == 255);
    CHECK(v.decode(v.encode(bytes)) == bytes);

    const std::string text = "naïve: 3 € für 😀\n";
    const Vocabulary points(text, Unit::code_point);
    CHECK(points.encode(text).size() == 17);
    CHECK(points.decode(points.encode(text)) == text);
    CHECK(points.decode({points["😀"], points["ü"]}) == "😀ü");
    CHECK(points.encode("").empty());
    CHECK(points.decode({}).empty());
}

TEST_CASE("Vocabulary: what it does not know throws, and says what") {
    const Vocabulary v("abc", Unit::code_point);
    CHECK_THROWS_WITH(v["x"], "Vocabulary: unknown symbol \"x\"");
    CHECK_THROWS_WITH(v["ab"], "Vocabulary: unknown symbol \"ab\"");
    CHECK_THROWS_WITH(v.encode("aéb"), "Vocabulary: unknown symbol \"é\"");
    CHECK_THROWS_WITH(v.encode("ab\n\xff"), ContainsSubstring("unknown symbol \"\n\""));
    CHECK_THROWS_WITH(v.encode("ab\xff"), "invalid UTF-8 in line 1");
    CHECK_THROWS_WITH(v[-1], "Vocabulary: symbol -1 is outside 0..2");
    CHECK_THROWS_WITH(v[3], "Vocabulary: symbol 3 is outside 0..2");
    CHECK_THROWS_WITH(v.decode({0, 3}), "Vocabulary: symbol 3 is outside 0..2");
    CHECK_THROWS_AS(Vocabulary("a\xff", Unit::code_point), std::invalid_argument);
}

TEST_CASE("Vocabulary: of nothing") {
    CHECK(Vocabulary().size() == 0);
    CHECK(Vocabulary("").size() == 0);
    CHECK_THROWS_WITH(Vocabulary()["a"], "Vocabulary: unknown symbol \"a\"");
    CHECK_THROWS_AS(Vocabulary()[0], std::invalid_argument);
}

TEST_CASE("vocabulary: a char is a symbol, a number is an index, and contains() asks first") {
    const Vocabulary vocabulary("abc");
    CHECK(vocabulary['b'] == 1);
    CHECK(vocabulary["b"] == 1);
    CHECK(vocabulary[1] == "b");
    CHECK(vocabulary.contains("c"));
    CHECK_FALSE(vocabulary.contains("d"));
}

TEST_CASE("Vocabulary: a batch of texts keeps each one's length") {
    const Vocabulary v("abc");
    const Tokens tokens = v.batch({"ca", "", "abc"});
    CHECK(tokens.layout().batch == 3);
    CHECK(tokens.layout().steps == 3);
    for (Index b = 0; const Index length : {2, 0, 3}) CHECK(tokens.layout().length(b++) == length);
    CHECK(std::ranges::equal(tokens.ids(), std::vector<Index>{0, 2, 1, 0, 2}));  // the longest first, step by step

    const Tokens even = v.batch({"ab", "bc"});
    CHECK(even.layout() == Layout{2, 2});
    CHECK(std::ranges::equal(even.ids(), std::vector<Index>{0, 1, 1, 2}));
    const Tokens empty = v.batch({"", ""});
    CHECK(empty.layout() == Layout{2, 0});
}

TEST_CASE("Vocabulary: a batch counts in the vocabulary's unit, and throws where a text does not fit") {
    const Vocabulary points("aé😀", Unit::code_point), bytes("aé");
    const Tokens tokens = points.batch({"é", "😀aé"});
    CHECK(tokens.layout().length(0) == 1);
    CHECK(tokens.layout().length(1) == 3);
    CHECK(std::ranges::equal(tokens.ids(), std::vector<Index>{2, 1, 0, 1}));
    const Tokens two = bytes.batch({"é"});
    CHECK(two.layout().length(0) == 2);
    CHECK_THROWS_WITH(points.batch({"a", "é", "ax"}), "Vocabulary: unknown symbol \"x\" of text 2");
    CHECK_THROWS_WITH(points.batch({"a", "\xff"}), "invalid UTF-8 in line 1 of text 1");
    CHECK_THROWS_WITH(points.batch({}), ContainsSubstring("batch is 0"));
}
