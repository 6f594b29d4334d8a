#include "../../examples/support/progress.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "catch.hpp"

namespace {

/// What is written to standard output while f() runs and that is a file, or a terminal of 80 columns.
template <class F> std::string written(bool to_terminal, F f) {
    std::array<int, 2> ends{};
    if (to_terminal) {
        ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
        REQUIRE((grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0));
        ends[1] = open(ptsname(ends[0]), O_WRONLY | O_NOCTTY);
    } else {
        REQUIRE(pipe(ends.data()) == 0);
    }
    std::fflush(stdout);
    const int before = dup(STDOUT_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    f();
    std::puts("end");
    std::fflush(stdout);
    dup2(before, STDOUT_FILENO);
    std::string all;
    for (char c = 0; !all.ends_with("end") && read(ends[0], &c, 1) == 1;) all += c;
    for (const int end : {before, ends[0], ends[1]}) close(end);
    return all;
}

void wait_over_two_seconds() { std::this_thread::sleep_for(std::chrono::milliseconds(2010)); }

}  // namespace

TEST_CASE("LongTask: it is silent for two seconds, then shows how far it is, and wipes that in the end") {
    setenv("TERM", "xterm", 1);
    const auto quick = [] {
        examples::LongTask task("measured");
        task.show(1, 4);
    };
    const auto slow = [] {
        examples::LongTask task("measured");
        task.show(1, 4);
        wait_over_two_seconds();
        task.show(1, 4);
        task.show(2, 4);  // too soon for another line
    };
    CHECK(written(true, quick) == "end");
    CHECK(written(true, slow) == "\r 25.0 %   measured   0:06 left\x1b[K\r\x1b[Kend");
    CHECK(written(false, slow) == "end");
}
