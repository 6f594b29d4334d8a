#include "bptt/core/utf8.hpp"

#include <array>
#include <string>
#include <string_view>

#include "catch.hpp"

using namespace bptt::detail;

namespace {

/// The code point as RFC 3629 writes it.
std::string encoded(unsigned c) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
    const auto lead = [&](unsigned mark, int shift) { return static_cast<char>(mark | c >> shift); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {lead(0xc0, 6), tail(0)};
    if (c < 0x10000) return {lead(0xe0, 12), tail(6), tail(0)};
    return {lead(0xf0, 18), tail(12), tail(6), tail(0)};
}

/// Whether these bytes are what some code point is written with: the one whose bits they have.
bool encodes(std::string_view bytes) {
    constexpr std::array<unsigned, 5> lead = {0, 0x7f, 0x1f, 0x0f, 0x07};  // the bits of the first byte, by size
    unsigned c = static_cast<unsigned char>(bytes[0]) & lead[bytes.size()];
    for (const char byte : bytes.substr(1)) c = c << 6 | (static_cast<unsigned char>(byte) & 0x3f);
    return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) && encoded(c) == bytes;  // no surrogates
}

}  // namespace

TEST_CASE("utf8: the size of the code point at a place, 0 where none begins") {
    CHECK(code_point_size("aé€😀", 0) == 1);
    CHECK(code_point_size("aé€😀", 1) == 2);
    CHECK(code_point_size("aé€😀", 2) == 0);
    CHECK(code_point_size("aé€😀", 3) == 3);
    CHECK(code_point_size("aé€😀", 6) == 4);
    CHECK(code_point_size("\xe2\x82", 0) == 0);
    CHECK(code_point_size(std::string_view("\0", 1), 0) == 1);
}

TEST_CASE("utf8: all of a text, or not") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("aé€😀"));
    CHECK_FALSE(is_utf8("aé€\xff"));
    CHECK_FALSE(is_utf8("\xc3"));
}

TEST_CASE("utf8: the bytes that begin a code point are those that some code point is written with, all of them") {
    const std::string last = "\x7f\x80\xbf\xc0";  // on both sides of what may follow a first byte
    int wrong = 0;
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second)
            for (const char third : last)
                for (const char fourth : last) {
                    const std::string s{static_cast<char>(first), static_cast<char>(second), third, fourth};
                    std::size_t expected = 0;
                    for (std::size_t length = 1; length <= 4; ++length) {
                        const std::string_view bytes = std::string_view(s).substr(0, length);
                        if (expected == 0 && encodes(bytes)) expected = length;
                        wrong += code_point_size(bytes, 0) == expected ? 0 : 1;
                    }
                }
    CHECK(wrong == 0);
}

TEST_CASE("utf8: what stands before a place or after the text does not matter") {
    const std::string_view text = "\xf0\x9f\x98\x80\x80";
    for (std::size_t length = 0; length < 4; ++length) {
        CHECK_FALSE((length > 0 && is_utf8(text.substr(0, length))));
        CHECK(code_point_size("€" + std::string(text.substr(0, length)), 3) == (length == 0 ? 1 : 0));
    }
    CHECK(is_utf8(text.substr(0, 4)));
    CHECK_FALSE(is_utf8(text));
}

TEST_CASE("label_length: in code points") {
    CHECK(label_length("") == 0);
    CHECK(label_length("aé𝄞⟨") == 4);
}
