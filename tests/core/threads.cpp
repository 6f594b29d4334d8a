#include "bptt/core/threads.hpp"

#include <sys/resource.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/child.hpp"
#include "support/malloc.hpp"

using namespace bptt;

namespace {

/// Whether run() calls each part once.
bool runs_all(const Threads& threads, Index parts) {
    std::vector<std::atomic<int>> runs(static_cast<std::size_t>(parts));
    threads.run(parts, [&](Index k) noexcept { ++runs[static_cast<std::size_t>(k)]; });
    return std::ranges::all_of(runs, [](int n) { return n == 1; });
}

/// Returns when `count` parts have called it, so that each of them is in a thread of its own.
void meet(std::atomic<int>& arrived, int count) {
    ++arrived;
    while (arrived < count) std::this_thread::yield();
}

}  // namespace

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
            meet(arrived, count);
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

TEST_CASE("threads: a part may run parts of its own") {
    for (const int count : {2, 3}) {
        const Threads threads(count);
        std::atomic<int> runs = 0;
        for (int again = 0; again < 100; ++again)
            threads.run(4, [&](Index) noexcept { threads.run(5, [&](Index) noexcept { ++runs; }); });
        CHECK(runs == 100 * 4 * 5);
        CHECK(runs_all(threads, 6));
    }
}

TEST_CASE("threads: several threads may use them at once") {
    const Threads threads(3);
    std::atomic<int> runs = 0, arrived = 0;
    const auto use = [&] {
        meet(arrived, 3);
        for (int again = 0; again < 500; ++again) {
            std::array<int, 4> numbers{};
            threads.run(4, [&](Index k) noexcept { numbers[static_cast<std::size_t>(k)] = static_cast<int>(k) + 1; });
            if (numbers == std::array{1, 2, 3, 4}) ++runs;
        }
    };
    std::thread one(use), another(use);
    use();
    one.join(), another.join();
    CHECK(runs == 3 * 500);
    CHECK(runs_all(threads, 4));
}

TEST_CASE("threads: run() returns when all parts have ended, however long they take") {
    const Threads threads(3);
    for (int again = 0; again < 10; ++again) {
        std::atomic<int> arrived = 0, ended = 0;
        threads.run(3, [&](Index k) noexcept {
            meet(arrived, 3);
            std::this_thread::sleep_for(std::chrono::milliseconds(2 * k));
            ++ended;
        });
        CHECK(ended == 3);
    }
}

#ifdef __linux__
TEST_CASE("threads: they fall asleep when there is nothing to do, and wake") {
    const auto awake = [] {  // how many threads of this process run or could run
        return std::ranges::count_if(std::filesystem::directory_iterator("/proc/self/task"), [](const auto& thread) {
            std::ifstream stat(thread.path() / "stat");
            std::string before, state;
            std::getline(stat, before, ')') >> state;
            return state == "R";
        });
    };
    const Threads threads(3);
    for (int again = 0; again < 10; ++again) {
        std::atomic<int> arrived = 0;
        threads.run(3, [&](Index) noexcept { meet(arrived, 3); });
        CHECK(arrived == 3);
        int looks = 0;
        while (awake() > 1 && looks < 5000) {  // of a busy machine
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            ++looks;
        }
        CHECK(looks < 5000);
    }
}
#endif

TEST_CASE("threads: they end with the last copy") {
    static std::atomic<int> ended;
    struct Witness {
        ~Witness() { ++ended; }
    };
    ended = 0;
    auto first = std::make_unique<Threads>(4), second = std::make_unique<Threads>(*first);
    std::atomic<int> arrived = 0;
    first->run(4, [&](Index k) noexcept {
        if (k > 0) thread_local const Witness witness;
        meet(arrived, 4);
    });
    first.reset();
    CHECK(ended == 0);
    CHECK(runs_all(*second, 4));
    second.reset();
    CHECK(ended == 3);
}

TEST_CASE("threads: in a child process the calling thread runs all parts") {
    for (const bool used : {false, true}) {
        auto threads = std::make_unique<Threads>(3);
        if (used) threads->run(3, [](Index) noexcept {});
        CHECK(holds_in_child([&] {
            const auto self = std::this_thread::get_id();
            bool here = threads->count() == 3;
            for (int again = 0; again < 20; ++again)
                threads->run(5, [&](Index) noexcept { here &= std::this_thread::get_id() == self; });
            const bool all = runs_all(*threads, 5);
            threads.reset();
            return here && all;
        }));
        CHECK(runs_all(*threads, 5));
    }
}

TEST_CASE("threads: a child process may end them unused") {
    auto threads = std::make_unique<Threads>(3);
    CHECK(holds_in_child([&] {
        threads.reset();
        return true;
    }));
}

// ThreadSanitizer refuses new threads in a child of several, and all sanitizers need more address space than the limit.
#if defined(BPTT_OWN_MALLOC)

TEST_CASE("threads: a child process may make others, which don't end with those of its parent") {
    auto threads = std::make_unique<Threads>(3);
    CHECK(holds_in_child([&] {
        const Threads others(3);
        threads.reset();
        std::atomic<int> arrived = 0;
        others.run(3, [&](Index) noexcept { meet(arrived, 3); });
        return arrived == 3;
    }));
}

TEST_CASE("threads: fewer where the system refuses more") {
    CHECK(holds_in_child([] {
        const rlimit a_gigabyte{1 << 30, 1 << 30};  // a stack has eight megabytes
        if (setrlimit(RLIMIT_AS, &a_gigabyte) != 0) return false;
        const Threads threads(10000);
        return threads.count() >= 1 && threads.count() < 10000 && runs_all(threads, 3 * threads.count());
    }));
}

#endif
