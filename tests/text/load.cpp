#include "bptt/text/load.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/folder.hpp"

using namespace bptt;
namespace fs = std::filesystem;

TEST_CASE("load_text: a file as bytes") {
    const Folder folder;
    const auto file = folder.write("a.txt", "hello\r\n\xff");
    const Text text = load_text(file);
    CHECK(text.vocabulary.size() == 7);
    CHECK(text.vocabulary.unit() == Unit::byte);
    CHECK(text.indices.size() == 8);
    CHECK(text.vocabulary.decode(text.indices) == "hello\r\n\xff");
    CHECK(load_text(file.string()).indices == text.indices);
    CHECK(load_text(file.c_str()).indices == text.indices);
}

TEST_CASE("load_text: a file as code points") {
    const Folder folder;
    const Text text = load_text(folder.write("a.txt", "été €"), Unit::code_point);
    CHECK(text.vocabulary.size() == 4);
    CHECK(text.vocabulary.unit() == Unit::code_point);
    CHECK(text.indices == std::vector<Index>{2, 1, 2, 0, 3});
}

TEST_CASE("load_text: invalid UTF-8 throws, naming the file and the line in that file") {
    const Folder folder;
    folder.write("a.txt", "fine\nfine\nfine\n");
    const auto bad = folder.write("b.txt", "fine\nbad \xc3\n");
    for (const auto& path : {bad, folder.top()}) {
        CHECK_THROWS_WITH(load_text(path, Unit::code_point), "load_text: " + bad.string() + ": invalid UTF-8 in line 2");
        CHECK_THROWS_AS(load_text(path, Unit::code_point), std::invalid_argument);
        CHECK_NOTHROW(load_text(path));
    }
}

TEST_CASE("load_text: a code point does not continue in the next file") {
    const Folder folder;
    const auto first = folder.write("a.txt", "a\xc3"), second = folder.write("b.txt", "\xa9");
    CHECK_THROWS_WITH(load_text(std::vector{first, second}, Unit::code_point),
                      ContainsSubstring("a.txt: invalid UTF-8 in line 1"));
}

TEST_CASE("read_text: a folder's files at any depth, sorted, without those that begin with a dot") {
    const Folder folder;
    folder.write("b.txt", "2");
    folder.write("a.txt", "1");
    folder.write("sub/deep/d.txt", "4");
    folder.write("sub/c.md", "3");
    folder.write("sub/deep/e", "5");
    folder.write(".hidden", "x");
    folder.write("sub/.hidden", "x");
    folder.write(".git/config", "x");
    folder.write("sub/.cache/inner/f.txt", "x");
    folder.write("empty.txt", "");
    CHECK(read_text({folder.top()}) == "12345");
    CHECK(read_text({folder / "sub"}) == "345");
    CHECK(read_text(folder / "sub") == "345");
    CHECK(read_text({folder / ".hidden"}) == "x");
    CHECK(read_text({folder / ".git"}) == "x");
}

TEST_CASE("read_text: several paths, in the order given") {
    const Folder folder;
    const auto a = folder.write("a.txt", "one "), b = folder.write("b.txt", "two "),
               sub = folder.write("sub/c.txt", "three ").parent_path();
    CHECK(read_text({b, a, sub, a}) == "two one three one ");
    const Text text = load_text({b, a});
    CHECK(text.vocabulary.decode(text.indices) == "two one ");
}

TEST_CASE("load_text: words, which do not continue in the next file") {
    const Folder folder;
    const auto a = folder.write("a.txt", "one two"), b = folder.write("b.txt", "three  one\n");
    const Text text = load_text({a, b, a}, Unit::word);
    CHECK(text.indices == std::vector<Index>{0, 2, 1, 0, 0, 2});
    CHECK(text.vocabulary.decode(text.indices) == "one two three one one two");
    CHECK(read_text({a, b}, Unit::word) == "one two\nthree  one\n");
    CHECK(read_text({a, b}, Unit::word_or_line_end) == "one two\nthree  one\n");
    CHECK(read_text({a, b}, Unit::code_point) == "one twothree  one\n");
}

TEST_CASE("load_text: what is missing or holds no text throws, with its path") {
    const Folder folder;
    const auto good = folder.write("good.txt", "text"), empty = folder.write("empty.txt", "");
    const auto missing = folder / "none.txt", bare = folder / "bare";
    fs::create_directory(bare);
    folder.write("hidden/.dot", "text");
    const auto hidden = folder / "hidden";
    const auto refuses = [](const std::vector<fs::path>& paths, const std::string& message) {
        CHECK_THROWS_WITH(load_text(paths), message);
        CHECK_THROWS_AS(load_text(paths), std::invalid_argument);
    };
    refuses({}, "load_text: no paths");
    refuses({bare}, "load_text: " + bare.string() + " holds no text");
    refuses({hidden}, "load_text: " + hidden.string() + " holds no text");
    refuses({good, missing}, "load_text: there is no " + missing.string());
    refuses({good, empty}, "load_text: " + empty.string() + " holds no text");
}

TEST_CASE("load_text: what cannot be read throws, with its path") {
    if (geteuid() == 0) return;  // root reads everything
    const Folder folder;
    const auto file = folder.write("locked.txt", "text");
    fs::permissions(file, fs::perms::none);
    CHECK_THROWS_WITH(load_text(file), "load_text: cannot read " + file.string() + ": Permission denied");
    CHECK_THROWS_WITH(load_text(folder.top()), "load_text: cannot read " + file.string() + ": Permission denied");

    const auto locked = folder.write("folder/a.txt", "text").parent_path();
    fs::permissions(locked, fs::perms::none);
    CHECK_THROWS_WITH(load_text(locked), ContainsSubstring("load_text: cannot read " + locked.string()));
    CHECK_THROWS_AS(load_text(locked), std::invalid_argument);
    fs::permissions(locked, fs::perms::owner_all);
}

TEST_CASE("load_text: what cannot be opened throws, with its path and the reason") {
    const Folder folder;
    const fs::path socket_path = folder / "socket";  // which nobody opens as a file, nor does root
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int unopened = socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(bind(unopened, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    close(unopened);
    CHECK_THROWS_WITH(load_text(socket_path), "load_text: cannot read " + socket_path.string() + ": No such device or address");
    CHECK_THROWS_AS(load_text(socket_path), std::invalid_argument);
}

TEST_CASE("load_text: what the file system refuses to look at throws, with the path and the reason") {
    const Folder folder;
    folder.write("a.txt", "text");
    const fs::path longest = folder / std::string(300, 'a');  // for root, too
    CHECK_THROWS_WITH(load_text(longest), "load_text: cannot read " + longest.string() + ": File name too long");
    fs::create_symlink(longest, folder / "link");
    CHECK_THROWS_WITH(load_text(folder.top()), "load_text: cannot read " + folder.top().string() + ": File name too long");
    CHECK_THROWS_AS(load_text(folder.top()), std::invalid_argument);
}

TEST_CASE("load_text: where reading fails halfway, its path is said") {
    const fs::path unreadable = "/proc/self/mem";  // opens, but has nothing at its beginning
    if (fs::exists(unreadable))
        CHECK_THROWS_WITH(load_text(unreadable), ContainsSubstring("load_text: cannot read /proc/self/mem: "));
}

TEST_CASE("load_text: the vocabulary's options") {
    const Folder folder;
    const auto a = folder.write("a.txt", "one two one"), b = folder.write("b.txt", "two three");
    const VocabularyOptions options{.unit = Unit::word, .unk = true, .bos = true, .eos = true, .min_count = 2};
    const std::vector<Index> expected{3, 4, 3, 4, 0};  // after UNK, BOS and EOS, of which the text has no BOS or EOS
    for (const Text& text :
         {load_text({a, b}, options), load_text(std::vector{a, b}, options), load_text(folder.top(), options)}) {
        CHECK(text.indices == expected);
        CHECK(text.vocabulary.serialize() == "word unk bos eos\none\ntwo\n");
    }
    CHECK(load_text(a, {.unit = Unit::code_point, .bos = true}).indices.size() == 11);
    CHECK_THROWS_WITH(load_text(a, {.min_count = 2}),
                      "Vocabulary: min_count is 2 without unk; symbols that are left out need it");
}

TEST_CASE("read_text: the byte-order mark of each file is left out, and no other") {
    const Folder folder;
    const std::string mark = "\xef\xbb\xbf";
    const auto a = folder.write("a.txt", mark + "one"), b = folder.write("b.txt", mark + mark + "two" + mark),
               c = folder.write("c.txt", "\xef\xbb");
    for (const Unit unit : {Unit::byte, Unit::code_point}) {
        CHECK(read_text(a, unit) == "one");
        CHECK(read_text({a, b}, unit) == "one" + mark + "two" + mark);
        CHECK(read_text({b, a}, unit) == mark + "two" + mark + "one");
    }
    CHECK(read_text({a, a}, Unit::word) == "one\none");
    CHECK(read_text(c) == "\xef\xbb");
    CHECK(load_text(a).vocabulary.size() == 3);
    const auto bare = folder.write("bare.txt", mark);
    CHECK_THROWS_WITH(read_text(bare), "read_text: " + bare.string() + " holds no text");
    CHECK_THROWS_WITH(read_text({a, bare}, Unit::word), "read_text: " + bare.string() + " holds no text");
}

TEST_CASE("load_text: a link to a file is that file, and one to nowhere in a folder is passed over") {
    const Folder folder, elsewhere;
    fs::create_symlink(elsewhere.write("target.txt", "linked"), folder / "link.txt");
    fs::create_symlink(elsewhere / "gone.txt", folder / "dangling.txt");
    CHECK(read_text({folder / "link.txt"}) == "linked");
    CHECK(read_text({folder.top()}) == "linked");
    CHECK_THROWS_WITH(read_text({folder / "dangling.txt"}), ContainsSubstring("read_text: there is no "));
}

TEST_CASE("read_text: a folder's file with a zero byte is refused by name, and a file that is named may hold anything") {
    const Folder folder;
    folder.write("a.txt", "text");
    const auto picture = folder.write("sub/b.png", std::string_view("\x89PNG\0\1", 6));
    for (const Unit unit : {Unit::byte, Unit::code_point}) {
        CHECK_THROWS_WITH(read_text(folder.top(), unit),
                          ContainsSubstring(unit == Unit::byte ? "read_text: " + picture.string() + " is no text" : "b.png"));
        CHECK_THROWS_AS(load_text(folder.top(), unit), std::invalid_argument);
    }
    CHECK(read_text({folder / "a.txt", picture}).size() == 10);
}

TEST_CASE("read_text: what has several links in a folder is taken once, where its first name stands") {
    const Folder folder, elsewhere;
    const auto once = folder.write("b.txt", "linked "), outside = elsewhere.write("x.txt", "outside ");
    fs::create_hard_link(once, folder / "d.txt");
    fs::create_symlink(once, folder / "a.txt");
    fs::create_symlink("a.txt", folder / "e.txt");
    folder.write("c.txt", "same");
    folder.write("c2.txt", "same");
    fs::create_symlink("c.txt", folder / "c3.txt");
    fs::create_symlink(outside, folder / "f.txt");
    fs::create_hard_link(outside, folder / "g.txt");
    CHECK(read_text(folder.top()) == "linked samesameoutside ");
    CHECK(read_text({folder / "a.txt", folder / "d.txt"}) == "linked linked ");
}

TEST_CASE("read_text: links that lead round in a circle") {
    const Folder folder;
    folder.write("sub/a.txt", "text");
    fs::create_directory_symlink(folder.top(), folder / "sub" / "top");
    fs::create_directory_symlink(folder / "sub", folder / "b");
    fs::create_symlink("d", folder / "c");
    fs::create_symlink("c", folder / "d");
    CHECK(read_text(folder.top()) == "text");
    CHECK(read_text(folder / "b") == "text");
}
