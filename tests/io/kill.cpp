// Whenever a process is killed that saves over a file, the file is what was there before or what was being saved.
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <thread>

#include "bptt/core/random.hpp"
#include "bptt/io/checkpoint.hpp"
#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

/// Large enough for a kill to hit a write.
struct Large {
    Param<float> a{100, 300}, b{200, 100};
    explicit Large(float value = 0) { a.value.setConstant(value), b.value.setConstant(value); }
    static void params(auto& m, auto&& f) {
        f("a", m.a);
        f("b", m.b);
    }
};

struct Model {
    static void store(const std::filesystem::path& file, const Large& model) { save(file, model); }
    static void restore(const std::filesystem::path& file, Large& model) { load(file, model); }
};
struct Checkpoint {
    static void store(const std::filesystem::path& file, const Large& model) {
        save_checkpoint(file, [&](auto&& f) { f("model", model); });
    }
    static void restore(const std::filesystem::path& file, Large& model) {
        load_checkpoint(file, [&](auto&& f) { f("model", model); });
    }
};

template <class How>
[[noreturn]] void save_for_ever(const std::filesystem::path& file, const Large& first, const Large& second) noexcept {
    alarm(60);  // where the test has ended without a kill
    for (;;) {
        How::store(file, first);
        How::store(file, second);
    }
}

/// Kills processes that save, at random moments: `least`, and as many more as it takes until enough came between the making of
/// the new file and its taking the old one's place.
template <class How> void check_kills(int least) {
    const Folder folder;
    const auto file = folder / "m";
    const Large first(1), second(2);
    const std::string one = bits(first), two = bits(second);
    Rng rng(1);
    const auto start = std::chrono::steady_clock::now();
    for (int k = 0; k < 5; ++k) How::store(file, first);
    const auto one_save = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start) / 5;
    int unfinished = 0, ones = 0, twos = 0, kills = 0;
    const auto enough = [&] { return kills >= least && unfinished >= least / 5 && ones > 0 && twos > 0; };
    for (; !enough() && kills < 30 * least; ++kills) {
        int ready[2];
        REQUIRE(pipe(ready) == 0);
        const pid_t child = fork();
        REQUIRE(child >= 0);
        char byte = 0;
        if (child == 0) {
            if (write(ready[1], &byte, 1) == 1) save_for_ever<How>(file, first, second);
            _exit(1);
        }
        REQUIRE(read(ready[0], &byte, 1) == 1);
        close(ready[0]);
        close(ready[1]);
        std::this_thread::sleep_for(one_save * rng.uniform(0, 3));
        REQUIRE(kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));

        Large loaded;
        How::restore(file, loaded);
        ones += bits(loaded) == one;
        twos += bits(loaded) == two;
        REQUIRE(ones + twos == kills + 1);
        for (const auto& entry : std::filesystem::directory_iterator(file.parent_path()))
            if (entry.path() != file) {
                ++unfinished;
                std::filesystem::remove(entry.path());
            }
    }
    CAPTURE(kills, ones, twos, unfinished);
    CHECK(enough());
}

}  // namespace

TEST_CASE("save: processes killed while they save leave the old model or the new one") { check_kills<Model>(100); }
TEST_CASE("save_checkpoint: processes killed while they save leave the old run or the new one") {
    check_kills<Checkpoint>(100);
}
TEST_CASE("save_checkpoint: the same, a thousand of them", "[.][slow]") { check_kills<Checkpoint>(1000); }
