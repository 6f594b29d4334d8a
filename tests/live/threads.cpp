#include <atomic>
#include <thread>
#include <vector>

#include "bptt/live/swap.hpp"
#include "catch.hpp"

using namespace bptt;

TEST_CASE("weights are swapped while a stream runs and two threads prepare them") {
    Rng rng(1);
    const Lstm<float> quiet(1, 8, rng), loud(1, 8, rng);
    Swappable live(stream(quiet));
    std::atomic<bool> running{true};
    std::vector<std::thread> threads;
    for (const Lstm<float>* next : {&quiet, &loud})
        threads.emplace_back([&live, &running, next] {
            while (running) live.prepare(stream(*next));
        });
    int swaps = 0;
    float y = 0;
    for (int t = 0; t < 20'000 || swaps < 50; ++t) {
        swaps += live.swap();
        y = live->step(y - 0.5f)(0);
    }
    running = false;
    for (auto& thread : threads) thread.join();
    CHECK(std::isfinite(y));
}
