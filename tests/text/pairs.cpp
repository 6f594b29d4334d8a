#include "bptt/text/pairs.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace bptt;
namespace fs = std::filesystem;

namespace {

/// A file of its own, removed at the end.
class File {
public:
    explicit File(std::string_view content) {
        std::string name = (fs::temp_directory_path() / "bptt_pairs_XXXXXX").string();
        const int file = mkstemp(name.data());
        if (file < 0) throw std::runtime_error("mkstemp");
        close(file);
        path_ = name;
        std::ofstream(path_, std::ios::binary) << content;
    }
    ~File() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// The pairs of a file with this content, a source and a target after the other.
std::vector<std::string> loaded(std::string_view content) {
    std::vector<std::string> all;
    for (const Pair& pair : load_pairs(File(content).path())) {
        all.push_back(pair.source);
        all.push_back(pair.target);
    }
    return all;
}

}  // namespace

TEST_CASE("load_pairs: a source, a tab, a target on each line") {
    const std::vector<std::string> expected = {"ein Satz", "a sentence", "été", " 😀 "};
    CHECK(loaded("ein Satz\ta sentence\nété\t 😀 \n") == expected);
    CHECK(loaded("ein Satz\ta sentence\nété\t 😀 ") == expected);
    CHECK(loaded("ein Satz\ta sentence\r\nété\t 😀 \r\n") == expected);
    CHECK(loaded("\xef\xbb\xbf"
                 "ein Satz\ta sentence\nété\t 😀 \r\n") == expected);
    CHECK(loaded("a\rb\tc\r\r\n") == std::vector<std::string>{"a\rb", "c\r"});  // only the line's own end goes
    CHECK(loaded("a\t\xef\xbb\xbf\n") == std::vector<std::string>{"a", "\xef\xbb\xbf"});
}

TEST_CASE("load_pairs: further columns and blank lines are left out, and counted") {
    const auto odd_of = [](std::string_view content) {
        OddLines odd{.blank = 7, .longer = 7};  // it counts anew
        load_pairs(File(content).path(), odd);
        return std::vector<Index>{odd.blank, odd.longer};
    };
    const std::vector<std::string> one = {"a", "b"}, two = {"a", "b", "c", "d"};
    CHECK(loaded("a\tb\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 (x)\n") == one);
    CHECK(loaded("a\tb\t\n") == one);
    CHECK(loaded("a\tb\t\xff\te\r\nc\td") == two);
    CHECK(loaded("a\tb\n\nc\td\n\n") == two);
    CHECK(loaded("\xef\xbb\xbf\r\na\tb\r\n  \r\nc\td\r\n\r\n") == two);
    CHECK(odd_of("a\tb\nc\td") == std::vector<Index>{0, 0});
    CHECK(odd_of("a\tb\t\nc\td\te\tf\n") == std::vector<Index>{0, 2});
    CHECK(odd_of("\na\tb\tc\n \n\r\nc\td\n") == std::vector<Index>{3, 1});
}

TEST_CASE("load_pairs: another line throws, with the file, its number and the reason") {
    const auto refuses = [](std::string_view content, const std::string& message) {
        const File file(content);
        OddLines odd{.blank = 7, .longer = 7};
        CHECK_THROWS_WITH(load_pairs(file.path(), odd), "load_pairs: " + file.path().string() + message);
        CHECK_THROWS_AS(load_pairs(file.path()), std::invalid_argument);
        CHECK((odd.blank == 7 && odd.longer == 7));
    };
    refuses("a b\n", ":1: no tab between source and target");
    refuses("a\t\tb\n", ":1: an empty target");
    refuses("\tb\n", ":1: an empty source");
    refuses("\xef\xbb\xbf\tb\n", ":1: an empty source");
    refuses("a\tb\r\nc\t\r\n", ":2: an empty target");
    refuses("a\t", ":1: an empty target");
    refuses("\t\n", ":1: an empty source");
    refuses("a\tb\na\tb\nc\td\xff\n", ":3: invalid UTF-8");
    refuses("a\xc3\t\xa9\n", ":1: invalid UTF-8");
    refuses("", " holds no pairs");
    refuses("\xef\xbb\xbf", " holds no pairs");
    refuses("\n \n", " holds no pairs");
}

TEST_CASE("load_pairs: of several such lines the first five are shown, blank ones have numbers, too, and all are counted") {
    const auto message = [](std::string_view content) {
        const File file(content);
        try {
            load_pairs(file.path());
        } catch (const std::invalid_argument& e) {
            return std::string(e.what()).substr(("load_pairs: " + file.path().string()).size());
        }
        return std::string();
    };
    CHECK(message("a\n\na\tb\n\tb\n") == ":1: no tab between source and target; line 4: an empty source");
    const std::string five =
        ":1: an empty target; line 2: an empty target; line 3: an empty target; line 4: an empty target; line 5: an empty "
        "target";
    CHECK(message("a\t\na\t\na\t\na\t\na\t\n") == five);
    CHECK(message("a\t\na\t\na\t\na\t\na\t\nb\n") == five + "; such lines in all: 6");
}

TEST_CASE("load_pairs: what cannot be read throws, with its path") {
    const fs::path folder = fs::temp_directory_path();
    CHECK_THROWS_WITH(load_pairs(folder), ContainsSubstring("load_pairs: cannot read " + folder.string() + ": "));
    CHECK_THROWS_AS(load_pairs(folder), std::invalid_argument);
    CHECK_THROWS_WITH(load_pairs(folder / "bptt_none"),
                      "load_pairs: cannot read " + (folder / "bptt_none").string() + ": No such file or directory");
}
