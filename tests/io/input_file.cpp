#include "bptt/io/input_file.hpp"

#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/closed_input.hpp"

using bptt::detail::InputFile;

namespace {

/// What pread() below does while a test wants it: the first call fails, and each takes so many bytes at once.
struct Reads {
    int error = 0;                            // of the first, or none
    std::size_t most = ~std::size_t{0} >> 1;  // bytes
} reads;

}  // namespace

extern "C" ssize_t pread(int fd, void* to, size_t size, off_t offset) {
    if (const int error = std::exchange(reads.error, 0)) {
        errno = error;
        return -1;
    }
    return syscall(SYS_pread64, fd, to, std::min(size, reads.most), offset);
}

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

TEST_CASE("InputFile: short and interrupted reads are continued, others that fail are not") {
    const Folder folder;
    const InputFile in(folder.write("a", "0123456789"), "test: a");
    std::string text(6, ' ');
    for (const std::size_t most : {std::size_t{1}, std::size_t{3}}) {
        reads = {.error = EINTR, .most = most};  // which stays in errno
        in.read(2, text.data(), 5);
        CHECK(text == "23456 ");
        text = "      ";
    }
    reads = {.error = EIO};
    CHECK_THROWS_WITH(in.read(2, text.data(), 5), "test: a: cannot read: Input/output error");
    reads = {};
}

TEST_CASE("InputFile: the descriptor 0 is one like all others") {
    const Folder folder;
    const auto file = folder.write("a", "text");
    const ClosedInput closed;
    CHECK(InputFile(file, "test: a").size() == 4);
}

TEST_CASE("InputFile: a file that becomes shorter while it is read is an error") {
    const Folder folder;
    const auto file = folder.write("a", "0123456789");
    const InputFile in(file, "test: a");
    std::filesystem::resize_file(file, 6);
    std::string ten(10, ' ');
    errno = EINTR;  // of an earlier call
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
