#include "../../examples/char_lm/known.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "support/folder.hpp"

using namespace char_lm;

TEST_CASE("line_and_column: both from 1, columns in characters") {
    CHECK(line_and_column("abc", 0) == "1:1");
    CHECK(line_and_column("abc", 2) == "1:3");
    CHECK(line_and_column("a\nbc\n", 1) == "1:2");
    CHECK(line_and_column("a\nbc\n", 2) == "2:1");
    CHECK(line_and_column("\n\nx", 2) == "3:1");
    CHECK(line_and_column("日é!", 3) == "1:2");
    CHECK(line_and_column("日é!", 4) == "1:2");  // the second byte of é
    CHECK(line_and_column("日é!", 5) == "1:3");
    CHECK(line_and_column("a\n\x80", 2) == "2:1");
}

TEST_CASE("read_known: an unknown symbol is refused with its file, line and column, or left out and counted") {
    const Folder folder;
    const auto one = folder.write("one", "ab\nba\n"), two = folder.write("two",
                                                                         "b\n\xc3\xa9"
                                                                         "ab\xc3\xa9");
    const auto empty = folder.write("empty", "");
    const Vocabulary v("ab\n");
    const auto message = [&](const std::vector<std::filesystem::path>& paths) {
        try {
            read_known(v, paths, false);
        } catch (const std::invalid_argument& e) {
            return std::string(e.what());
        }
        return std::string();
    };
    const std::string place = two.string() +
                              ":2:1: the model does not know \"\\xc3\"; unknown symbols in all: 4; "
                              "--skip-unknown leaves them out";
    CHECK(message({one}).empty());
    CHECK(message({two}) == place);
    CHECK(message({one, two}) == place);
    CHECK(message({one.parent_path()}) == place);

    const KnownText known = read_known(v, {one, two}, true);
    CHECK(v.decode(known.ids) == "ab\nba\nb\nab");
    CHECK(known.unknown == 4);
    CHECK(known.symbols == 14);
    CHECK(known.read == 14);
    const KnownText begin = read_known(v, {one, two}, false, 8);  // those after it may be unknown
    CHECK(v.decode(begin.ids) == "ab\nba\nb\n");
    CHECK(begin.unknown == 0);
    CHECK(begin.read == 8);
    CHECK(begin.symbols == 14);

    const Vocabulary unk("abb\n", {.unk = true});  // knows UNK, too
    const KnownText read = read_known(unk, {one, two}, false, 10);
    CHECK(unk.decode(read.ids) == "ab\nba\nb\n\uFFFD\uFFFD");
    CHECK(read.unknown == 2);
    CHECK(read.read == 10);
    CHECK(unk.decode(read_known(unk, {two}, true).ids) == "b\nab");
}
