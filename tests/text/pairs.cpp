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

TEST_CASE("load_pairs: another line throws, with the file, its number and the reason") {
    const auto refuses = [](std::string_view content, const std::string& message) {
        const File file(content);
        CHECK_THROWS_WITH(load_pairs(file.path()), "load_pairs: " + file.path().string() + message);
        CHECK_THROWS_AS(load_pairs(file.path()), std::invalid_argument);
    };
    refuses("a b\n", ":1: no tab between source and target");
    refuses("a\tb\nc\td\te\n", ":2: more than one tab");
    refuses("a\t\tb\n", ":1: more than one tab");
    refuses("a\tb\t\n", ":1: more than one tab");
    refuses("\tb\n", ":1: an empty source");
    refuses("\xef\xbb\xbf\tb\n", ":1: an empty source");
    refuses("a\tb\r\nc\t\r\n", ":2: an empty target");
    refuses("a\t", ":1: an empty target");
    refuses("\t\n", ":1: an empty source");
    refuses("a\tb\n\nc\td\n", ":2: an empty line");
    refuses("a\tb\r\n\r\nc\td\r\n", ":2: an empty line");
    refuses("a\tb\n\n", ":2: an empty line");
    refuses("a\tb\na\tb\nc\td\xff\n", ":3: invalid UTF-8");
    refuses("a\xc3\t\xa9\n", ":1: invalid UTF-8");
    refuses("", " holds no pairs");
    refuses("\xef\xbb\xbf", " holds no pairs");
}

TEST_CASE("load_pairs: what cannot be read throws, with its path") {
    const fs::path folder = fs::temp_directory_path();
    CHECK_THROWS_WITH(load_pairs(folder), ContainsSubstring("load_pairs: cannot read " + folder.string() + ": "));
    CHECK_THROWS_AS(load_pairs(folder), std::invalid_argument);
    CHECK_THROWS_WITH(load_pairs(folder / "bptt_none"),
                      "load_pairs: cannot read " + (folder / "bptt_none").string() + ": No such file or directory");
}
