#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/random.hpp"
#include "bptt/text/vocabulary.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

/// The same in every way that can be asked.
void check_same(const Vocabulary& a, const Vocabulary& b) {
    REQUIRE(a.size() == b.size());
    CHECK(a.unit() == b.unit());
    for (const auto number : {&Vocabulary::unk, &Vocabulary::bos, &Vocabulary::eos}) {
        const auto of = [&](const Vocabulary& v) {
            try {
                return (v.*number)();
            } catch (const std::invalid_argument&) {
                return Index{-1};
            }
        };
        CHECK(of(a) == of(b));
    }
    for (Index k = 0; k < a.size(); ++k) {
        CHECK(a[k] == b[k]);
        CHECK(a.contains(a[k]) == b.contains(a[k]));
        if (a.contains(a[k])) CHECK(a[a[k]] == b[a[k]]);
    }
}

void check_round_trip(const Vocabulary& v) {
    const std::string text = v.serialize();
    CHECK_NOTHROW(for_each_symbol(text, Unit::code_point, [](std::string_view) {}));
    const Vocabulary back = Vocabulary::deserialize(text);
    check_same(v, back);
    CHECK(back.serialize() == text);
}

void refuses(std::string_view text, const std::string& message) {
    CHECK_THROWS_WITH(Vocabulary::deserialize(text), "Vocabulary::deserialize: line " + message);
    CHECK_THROWS_AS(Vocabulary::deserialize(text), std::invalid_argument);
}

/// From 0 to 0x10ffff, without surrogates.
std::string utf8(unsigned c) {
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xc0 | (c >> 6)), tail(0)};
    if (c < 0x10000) return {static_cast<char>(0xe0 | (c >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("Vocabulary::serialize: a line for the unit, then one for each symbol") {
    CHECK(Vocabulary("ba \n\\").serialize() == "byte\n\\n\n \n\\\\\na\nb\n");
    CHECK(Vocabulary(std::string_view("\0\xff\x1b", 3)).serialize() == "byte\n\\0\n\\x1b\n\\xff\n");
    CHECK(Vocabulary("né", Unit::code_point).serialize() == "code_point\nn\né\n");
    CHECK(Vocabulary("un été", {.unit = Unit::word, .unk = true, .bos = true, .eos = true}).serialize() ==
          "word unk bos eos\nun\nété\n");
    CHECK(Vocabulary("b", {.bos = true}).serialize() == "byte bos\nb\n");
    CHECK(Vocabulary().serialize() == "byte\n");
}

TEST_CASE("Vocabulary::deserialize: gives back bytes, code points and words, with every option") {
    std::string bytes(256, '\0'), points;
    std::iota(bytes.begin(), bytes.end(), '\0');
    for (unsigned c = 0; c < 0x110000; c += c < 0x1000 ? 1 : 0x0fff)
        if (c < 0xd800 || c > 0xdfff) points += utf8(c);
    const std::string words = "<bos> <unk> \\ \\n \\\\n \\x41 naïve 😀 a\x01z \x7f ü" + std::string(" \0x", 3);
    for (int k = 0; k < 8; ++k) {
        VocabularyOptions options{.unk = (k & 1) != 0, .bos = (k & 2) != 0, .eos = (k & 4) != 0};
        const Index specials = options.unk + options.bos + options.eos;
        check_round_trip(Vocabulary(bytes, options));
        CHECK(Vocabulary(bytes, options).size() == 256 + specials);
        options.unit = Unit::code_point;
        check_round_trip(Vocabulary(points, options));
        options.unit = Unit::word;
        check_round_trip(Vocabulary(words, options));
        CHECK(Vocabulary(words, options).size() == 12 + specials);
        check_round_trip(Vocabulary("", options));
    }
    check_round_trip(Vocabulary("a b b", {.unit = Unit::word, .unk = true, .min_count = 2}));
}

TEST_CASE("Vocabulary::deserialize: texts come through encode and decode as before") {
    Rng rng(7);
    for (const Unit unit : {Unit::byte, Unit::code_point, Unit::word, Unit::word_or_line_end}) {
        for (int round = 0; round < 50; ++round) {
            std::string text;
            for (Index n = rng.below(40); n > 0; --n) {
                if (detail::is_words(unit)) text += text.empty() ? "w" : unit == Unit::word || rng.below(4) ? " w" : "\nw";
                const auto c = static_cast<unsigned>(rng.below(3) ? 0x21 + rng.below(0x5e) : 0xa1 + rng.below(0xd000));
                text += unit == Unit::byte ? std::string(1, static_cast<char>(rng.below(256))) : utf8(c);
            }
            const Vocabulary v(text, {.unit = unit, .unk = true, .bos = true});
            const Vocabulary back = Vocabulary::deserialize(v.serialize());
            CHECK(back.encode(text) == v.encode(text));
            CHECK(back.decode(v.encode(text)) == text);
        }
    }
}

TEST_CASE("Vocabulary::deserialize: what serialize does not write throws, with its line") {
    const std::string units = " is not byte, code_point, word or word_or_line_end, then any of unk, bos, eos";
    refuses("", "1: it does not end with a newline");
    refuses("byte", "1: it does not end with a newline");
    refuses("byte\na\nb", "3: it does not end with a newline");
    for (const std::string header : {"", "bytes", "Byte", "words unk", "byte ", " byte", "byte  unk", "byte eos bos",
                                     "byte unk unk", "byte pad", "unk", "byte word", "byte\r", "byte unk,bos"})
        refuses(header + "\na\n", "1: \"" + header + '"' + units);
    for (const std::string line : {"\\q", "\\", "a\\", "\\x4", "\\x41", "\\xFF", "\t", "a\r", "\x7f", "\\x00"})
        refuses("word\n" + line + '\n', "2: \"" + line + "\" is not escaped as serialize() does");
    refuses("byte\na\né\n", "3: \"é\" is not escaped as serialize() does");
    refuses("code_point\n\\xc3\\xa9\n", "2: \"\\xc3\\xa9\" is not escaped as serialize() does");
    refuses("code_point\na\n\xff\n", "3: invalid UTF-8");
    refuses("\xff\na\n", "1: invalid UTF-8");
    refuses("byte\nab\n", "2: \"ab\" is not one byte");
    refuses("byte\n\n", "2: \"\" is not one byte");
    refuses("code_point\na\néa\n", "3: \"éa\" is not one code_point");
    refuses("code_point\n\n", "2: \"\" is not one code_point");
    for (const std::string line : {"a b", " a", "a ", " ", "", "a\\nb", "\\t", "\\x0ba"})
        refuses("word\n" + line + '\n', "2: \"" + line + "\" is not one word");
    refuses("word\na\nb\nb\n", "4: \"b\" is there twice");
    refuses("word\na\nb\na\n", "4: \"a\" is there twice");
}
