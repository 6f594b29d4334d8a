#include "bptt/text/vocabulary.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;

std::string all_bytes() {
    std::string text;
    for (int k = 255; k >= 0; --k) text += static_cast<char>(k);
    return text;
}

}  // namespace

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
    const std::string bytes = all_bytes() + "some text\n" + all_bytes();
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
    CHECK_THROWS_WITH(v.encode("aéb"), "Vocabulary: unknown symbol \"é\"");
    CHECK_THROWS_WITH(v.encode("ab\n\xff"), "Vocabulary: unknown symbol \"\\n\"");
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
    CHECK_THROWS_WITH(points.batch({"a", "\xff"}), "Vocabulary: invalid UTF-8 in line 1 of text 1");
}

TEST_CASE("Vocabulary: words, decoded with one space between") {
    const Vocabulary v("the cat\n\tsees the bird", Unit::word);
    CHECK(v.unit() == Unit::word);
    CHECK(v.size() == 4);
    for (Index k = 0; const std::string s : {"bird", "cat", "sees", "the"}) CHECK(v[s] == k++);
    CHECK(v.encode(" cat the\r\ncat ") == Ids{1, 3, 1});
    CHECK(v.decode({1, 3, 1}) == "cat the cat");
    CHECK(v.encode("  ").empty());
    CHECK(v.decode({}).empty());
    CHECK_THROWS_WITH(v.encode("the \xff"), "Vocabulary: invalid UTF-8 in line 1");
}

TEST_CASE("Vocabulary: words and line ends, decoded with a space between the words of a line") {
    const Vocabulary v("a bb\n\nc", {.unit = Unit::word_or_line_end, .unk = true});
    CHECK(v["\n"] == 1);
    CHECK(v.encode("\n a  c \r\nx") == Ids{1, 2, 4, 1, 0});
    CHECK(v.decode({1, 2, 4, 1, 1, 0, 3}) == "\na c\n\n\uFFFD bb");
    CHECK(v.decode({2, 1}) == "a\n");
}

TEST_CASE("Vocabulary: UNK, BOS and EOS come first, each only if asked for") {
    const std::string text = "ba";
    for (int k = 0; k < 8; ++k) {
        const bool unk = k & 1, bos = k & 2, eos = k & 4;
        CAPTURE(unk, bos, eos);
        const Vocabulary v(text, {.unk = unk, .bos = bos, .eos = eos});
        Index next = 0;
        const auto stands = [&](bool there, Index (Vocabulary::*number)() const, const std::string& name) {
            if (!there) {
                CHECK_THROWS_AS((v.*number)(), std::invalid_argument);
                CHECK_THROWS_WITH((v.*number)(), "Vocabulary: it was made without " + name);
            } else {
                CHECK((v.*number)() == next);
                CHECK(v[next++] == '<' + name + '>');
            }
            CHECK_FALSE(v.contains('<' + name + '>'));
        };
        CHECK(v.has_unk() == unk);
        stands(unk, &Vocabulary::unk, "unk");
        stands(bos, &Vocabulary::bos, "bos");
        stands(eos, &Vocabulary::eos, "eos");
        CHECK(v["a"] == next);
        CHECK(v["b"] == next + 1);
        CHECK(v.size() == next + 2);
    }
}

TEST_CASE("Vocabulary: unknown symbols are UNK, shown as U+FFFD, BOS and EOS do not show") {
    const Vocabulary words("a b", {.unit = Unit::word, .unk = true, .bos = true, .eos = true});
    CHECK(words.encode("b x a yy") == Ids{4, 0, 3, 0});
    CHECK(words.decode({1, 4, 0, 2, 3, 0, 2}) == "b \uFFFD a \uFFFD");
    CHECK(words.decode({1, 2}).empty());
    CHECK_THROWS_WITH(words["x"], "Vocabulary: unknown symbol \"x\"");
    CHECK_THROWS_WITH(words.decode({1, -1}), "Vocabulary: symbol -1 is outside 0..4");
    const Vocabulary points("aé", {.unit = Unit::code_point, .unk = true, .eos = true});
    CHECK(points.encode("é😀a") == Ids{3, 0, 2});
    CHECK(points.decode({3, 0, 2, 1}) == "é\uFFFDa");
    const Vocabulary bytes("a", {.unk = true});
    CHECK(bytes.encode("é") == Ids{0, 0});
    CHECK(bytes.decode({1, 0}) == "a\uFFFD");
}

TEST_CASE("Vocabulary: a special symbol's name in a text is a word like any other") {
    const Vocabulary v("<bos> a <unk>", {.unit = Unit::word, .unk = true, .bos = true});
    CHECK(v.size() == 5);
    CHECK(v["<bos>"] == 2);
    CHECK(v.encode("<unk> <bos> <eos>") == Ids{3, 2, 0});
    CHECK(v.decode({1, 2, 3}) == "<bos> <unk>");
    const Vocabulary without("a", {.unit = Unit::word, .bos = true});
    CHECK_THROWS_WITH(without.encode("<bos>"), "Vocabulary: unknown symbol \"<bos>\"");
}

TEST_CASE("Vocabulary: what is seen fewer than min_count times is unknown") {
    const Vocabulary v("a b b c c c", {.unit = Unit::word, .unk = true, .min_count = 2});
    CHECK(v.encode("a b c") == Ids{0, 1, 2});
    CHECK(Vocabulary("aabbb", {.unk = true, .min_count = 3}).size() == 2);
    CHECK(Vocabulary("aabbb", {.unk = true, .min_count = 4}).size() == 1);
}

TEST_CASE("Vocabulary: min_count is positive, and above 1 it needs unk") {
    CHECK_THROWS_WITH(Vocabulary("a", {.min_count = 0}), "Vocabulary: min_count is 0, not positive");
    CHECK_THROWS_WITH(Vocabulary("a", {.bos = true, .min_count = 2}),
                      "Vocabulary: min_count is 2 without unk; symbols that are left out need it");
}

TEST_CASE("Vocabulary::of: a list's symbols, in its order, each one word or what else the unit is") {
    const Vocabulary classes = Vocabulary::of({"pos", "neg"}), letters = Vocabulary::of({"b", "a"}, {.unit = Unit::byte});
    CHECK(classes.encode("neg pos") == Ids{1, 0});
    CHECK(letters.encode("ab") == Ids{1, 0});
    CHECK_THROWS_WITH(Vocabulary::of({"b", "a", "b"}), "Vocabulary::of: \"b\" is there twice");
    CHECK_THROWS_WITH(Vocabulary::of({"b", "a\n"}), "Vocabulary::of: \"a\\n\" is not one word");
}

TEST_CASE("Vocabulary: of several texts, counted together, joined nowhere") {
    const std::vector<std::string> texts = {"a b", "b c", "", "c"};
    const Vocabulary v(texts, {.unit = Unit::word, .unk = true, .min_count = 2});
    CHECK(v.size() == 3);
    CHECK(v.encode("a b c bb") == Ids{0, 1, 2, 0});
    CHECK(Vocabulary(std::vector<std::string>{"ab", "ca"}, {.bos = true}).size() == 4);
    const std::vector<std::string> bad = {"é", "a\xc3", "\xa9"};
    CHECK_THROWS_WITH(Vocabulary(bad, {.unit = Unit::code_point}), "Vocabulary: invalid UTF-8 in line 1 of text 1");
}
