#include "bptt/io/descriptor.hpp"

#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/closed_input.hpp"

using bptt::detail::Descriptor, bptt::detail::open_to_read, bptt::detail::read_at;

TEST_CASE("Descriptor: closes what it holds, once") {
    const Folder folder;
    const int fd = open_to_read(folder.write("a", "text"));
    REQUIRE(fd >= 0);
    Descriptor held(fd);
    bptt::detail::FileStatus status{};
    CHECK(bptt::detail::get_status(held, status));
    CHECK(status.st_size == 4);
    CHECK(bptt::detail::is_regular(status));
    held.close();
    CHECK(held.get() == -1);
    CHECK(!bptt::detail::get_status(Descriptor(fd), status));
    const Descriptor next(open_to_read(folder / "a"));
    held.close();
    CHECK(bptt::detail::get_status(next, status));
}

TEST_CASE("Descriptor: closes what it holds when it goes, 0 too") {
    const Folder folder;
    const auto file = folder.write("a", "text");
    bptt::detail::FileStatus status{};
    const ClosedInput closed;
    { const Descriptor held(open_to_read(file)); }
    CHECK(!bptt::detail::get_status(Descriptor(0), status));
}

TEST_CASE("read_at: reads from any place, and less than it is asked for at the end") {
    const Folder folder;
    const Descriptor fd(open_to_read(folder.write("a", "0123456789")));
    std::string text(4, ' ');
    CHECK(read_at(fd, text.data(), 4, 8) == 2);
    CHECK(text == "89  ");
    CHECK(read_at(fd, text.data(), 4, 1) == 4);
    CHECK(text == "1234");
    CHECK(read_at(fd, text.data(), 4, 10) == 0);
    CHECK(read_at(Descriptor(-1), text.data(), 4, 0) == -1);
}
