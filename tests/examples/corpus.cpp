#include "../../examples/char_lm/corpus.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "support/folder.hpp"

using namespace char_lm;

namespace {

/// A text of 20 times `part`: the last is held back.
std::string twenty(const std::string& part) {
    std::string text;
    for (int k = 0; k < 20; ++k) text += part;
    return text;
}

Corpus corpus_of(const std::string& text, std::optional<Unit> unit, Index min_count) {
    const Folder folder;
    return read_corpus({folder.write("text", text)}, unit, min_count);
}

}  // namespace

TEST_CASE("held_back_from: 5 %, and no symbol is cut") {
    CHECK(held_back_from(twenty("ab"), Unit::byte) == 38);
    CHECK(held_back_from(twenty("é"), Unit::code_point) == 38);
    CHECK(held_back_from(std::string(37, 'a') + "日", Unit::byte) == 38);
    CHECK(held_back_from(std::string(37, 'a') + "日", Unit::code_point) == 40);
    CHECK(held_back_from(std::string(37, 'a') + " bc", Unit::word) == 38);
    CHECK(held_back_from(std::string(37, 'a') + "bc ", Unit::word) == 39);
    CHECK(held_back_from(std::string(37, 'a') + "b\nc", Unit::word_or_line_end) == 38);
    CHECK(held_back_from("", Unit::word) == 0);
}

TEST_CASE("read_corpus: characters where all is UTF-8, else bytes, or what is asked for") {
    CHECK(corpus_of(twenty("ab"), {}, 0).vocabulary.unit() == Unit::code_point);
    CHECK(corpus_of(twenty("é"), {}, 0).vocabulary.unit() == Unit::code_point);
    CHECK(corpus_of(twenty("é") + "\xe9", {}, 0).vocabulary.unit() == Unit::byte);
    CHECK(corpus_of(twenty("é"), Unit::byte, 0).count() == 40);
    CHECK(corpus_of(twenty("é e\n"), Unit::word_or_line_end, 0).held_back.size() == 3);
    CHECK_THROWS_WITH(corpus_of("\xe9", Unit::code_point, 0), ContainsSubstring("invalid UTF-8 in line 1"));
}

TEST_CASE("read_corpus: UNK is what is rare in what is learned from, and what is not there") {
    const std::string text = twenty("a b\n") + "c\n";  // "b\nc\n" is held back
    const Corpus words = corpus_of("rare " + text, Unit::word_or_line_end, 0);
    const Vocabulary& v = words.vocabulary;
    CHECK(v.size() == 4);  // with UNK and line ends
    CHECK(words.learned[0] == v.unk());
    CHECK(words.held_back.size() == 4);
    CHECK(words.held_back[2] == v.unk());
    CHECK(words.unknown(words.held_back) == 25);
    CHECK_FALSE(corpus_of("rare " + text, Unit::word_or_line_end, 1).vocabulary.has_unk());
    CHECK_FALSE(corpus_of("é" + text, Unit::byte, 0).vocabulary.has_unk());
    CHECK(corpus_of("é" + text, {}, 0).vocabulary.has_unk());
}

TEST_CASE("read_corpus: a UNK that is never learned is none, and then all symbols are known") {
    const Corpus all = corpus_of(twenty("a b\n") + "c\n", Unit::word_or_line_end, 2);
    CHECK_FALSE(all.vocabulary.has_unk());
    CHECK(all.vocabulary.contains("c"));
    CHECK(all.unknown(all.learned) == 0);
    CHECK_THROWS_WITH(corpus_of("a b c d e f", Unit::word_or_line_end, 2),
                      "none of the words to learn from comes 2 times; a smaller --min-count keeps some");
}
