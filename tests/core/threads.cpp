#include "bptt/core/threads.hpp"

#include <array>
#include <vector>

#include "catch.hpp"

using namespace bptt;

TEST_CASE("threads: every part runs once, whatever their number") {
    for (const int count : {1, 2, 4}) {
        const Threads threads(count);
        CHECK(threads.count() == count);
        for (int again = 0; again < 50; ++again)
            for (Index parts = 0; parts <= 6; ++parts) {
                std::array<std::atomic<int>, 6> runs{};
                threads.run(parts, [&](Index k) noexcept { ++runs[static_cast<std::size_t>(k)]; });
                for (Index k = 0; k < 6; ++k) CHECK(runs[static_cast<std::size_t>(k)] == (k < parts ? 1 : 0));
            }
    }
}

TEST_CASE("threads: parts run side by side, the first in the caller's thread") {
    for (const int count : {2, 3}) {
        const Threads threads(count);
        std::atomic<int> arrived = 0;
        std::vector<std::thread::id> ids(static_cast<std::size_t>(count));
        threads.run(count, [&](Index k) noexcept {
            ids[static_cast<std::size_t>(k)] = std::this_thread::get_id();
            ++arrived;
            while (arrived < count) std::this_thread::yield();  // none ends before all have begun
        });
        CHECK(ids[0] == std::this_thread::get_id());
        for (std::size_t k = 1; k < ids.size(); ++k)
            for (std::size_t j = 0; j < k; ++j) CHECK(ids[k] != ids[j]);
    }
}

TEST_CASE("threads: what the parts have written is there when run() returns") {
    const Threads threads(2);
    std::vector<int> numbers(1000);
    for (int round = 1; round <= 200; ++round) {
        threads.run(2, [&](Index k) noexcept {
            for (std::size_t i = static_cast<std::size_t>(k); i < numbers.size(); i += 2) numbers[i] = round;
        });
        CHECK(std::ranges::count(numbers, round) == 1000);
    }
}
