#include "bptt/io/input_file.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "support/checkpoints.hpp"

using bptt::detail::InputFile;

TEST_CASE("InputFile: reads at any place") {
    const Folder folder;
    const InputFile in(folder.write("a", std::string("01\0"
                                                     "3456",
                                                     7)),
                       "test");
    CHECK(in.size() == 7);
    std::string three(3, ' ');
    in.read(2, three.data(), 3);
    CHECK(three == std::string("\0"
                               "34",
                               3));
    in.read(0, three.data(), 3);
    CHECK(three == std::string("01\0", 3));
    in.read(7, nullptr, 0);
}

TEST_CASE("InputFile: a file that becomes shorter while it is read is an error") {
    const Folder folder;
    const auto file = folder.write("a", "0123456789");
    const InputFile in(file, "test: a");
    std::filesystem::resize_file(file, 6);
    std::string ten(10, ' ');
    CHECK_THROWS_WITH(in.read(0, ten.data(), 10), "test: a: became shorter while it was read");
    CHECK_THROWS_AS(in.read(8, ten.data(), 1), std::invalid_argument);
}

TEST_CASE("InputFile: what is not a file, or not there, is an error") {
    const Folder folder;
    const auto fifo = folder / "fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(InputFile(fifo, "test: a"), "test: a: not a regular file");  // and does not wait for a writer
    CHECK_THROWS_WITH(InputFile(fifo.parent_path(), "test: a"), "test: a: not a regular file");
    CHECK_THROWS_WITH(InputFile("/dev/null", "test: a"), "test: a: not a regular file");
    CHECK_THROWS_WITH(InputFile(folder / "none", "test: a"), "test: a: cannot open: No such file or directory");
    CHECK_THROWS_WITH(InputFile("", "test: a"), "test: a: cannot open: No such file or directory");
}

TEST_CASE("InputFile: what may not be read is an error") {
    if (geteuid() == 0) return;  // root reads everything
    const Folder folder;
    const auto file = folder.write("a", "text");
    std::filesystem::permissions(file, std::filesystem::perms::none);
    CHECK_THROWS_WITH(InputFile(file, "test: a"), "test: a: cannot open: Permission denied");
}
