#include "../../examples/support/shown.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using examples::shown;

TEST_CASE("shown: lines, tabs and joiners stay, and what commands a terminal does not") {
    CHECK(shown("").empty());
    CHECK(shown("one\n\ttwo é日𝄞") == "one\n\ttwo é日𝄞");
    CHECK(shown("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧");
    CHECK(shown("\x1b]0;title\x07\x1b[2J") == "␛]0;title␇␛[2J");
    CHECK(shown("a\rb\x7f\xc2\x9b\u202e") == "a␍b⟨007F⟩⟨009B⟩⟨202E⟩");
    CHECK(shown("a\xff\n\xe2\x82") == "a⟨xFF⟩\n⟨xE2⟩⟨x82⟩");
}

namespace {

/// What is shown after each of the bytes of a text, and at its end.
std::vector<std::string> byte_by_byte(std::string_view text) {
    examples::ShownParts parts;
    std::vector<std::string> all;
    for (const char c : text) all.push_back(parts.add({&c, 1}));
    all.push_back(parts.rest());
    return all;
}
using Parts = std::vector<std::string>;

}  // namespace

TEST_CASE("ShownParts: a code point comes out whole, with its last byte") {
    CHECK(byte_by_byte("aé") == Parts{"a", "", "é", ""});
    CHECK(byte_by_byte("日𝄞") == Parts{"", "", "日", "", "", "", "𝄞", ""});
    CHECK(byte_by_byte("\u200d") == Parts{"", "", "\u200d", ""});
    CHECK(byte_by_byte("\u202e") == Parts{"", "", "⟨202E⟩", ""});
    for (const char* edge : {"\xe0\xa0\x80", "\xed\x9f\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        const Parts all = byte_by_byte(edge);
        CHECK(all[all.size() - 2] == edge);
    }
}

TEST_CASE("ShownParts: bytes that no code point begins with are shown at once, and others when it is known") {
    CHECK(byte_by_byte("\xff\x80") == Parts{"⟨xFF⟩", "⟨x80⟩", ""});
    CHECK(byte_by_byte("\xe2\x82z") == Parts{"", "", "⟨xE2⟩⟨x82⟩z", ""});
    CHECK(byte_by_byte("\xe2\xc3\xa9") == Parts{"", "⟨xE2⟩", "é", ""});
    CHECK(byte_by_byte("\xe0\x80") == Parts{"", "⟨xE0⟩⟨x80⟩", ""});  // an overlong form
    CHECK(byte_by_byte("\xf4\x90") == Parts{"", "⟨xF4⟩⟨x90⟩", ""});  // beyond U+10FFFF
    CHECK(byte_by_byte("\xf0\x9f\x98") == Parts{"", "", "", "⟨xF0⟩⟨x9F⟩⟨x98⟩"});
}

TEST_CASE("ShownParts: parts of any size give what the whole does") {
    const std::string text = "a\u00e9\x1b[2J\xe6\x97\xa5\xf0\x9d\x84\x9e\xe2\x82\xff\n\xc3";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        examples::ShownParts parts;
        std::string all;
        for (std::size_t at = 0; at < text.size(); at += size) all += parts.add(std::string_view(text).substr(at, size));
        CHECK(all + parts.rest() == shown(text));
    }
}
