#include <cstring>
#include <limits>

#include "bptt/models/language_model.hpp"
#include "live/reference.hpp"
#include "support/child.hpp"
#include "support/malloc.hpp"

#if defined(__linux__)
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

using namespace bptt;

namespace {

/// Allocations are not counted there, and a step takes a hundred times as long.
#if defined(BPTT_ADDRESS_SANITIZER)
constexpr int a_million = 1'000;
#else
constexpr int a_million = 1'000'000;
#endif

template <class L> L some_layer(Rng& rng) {
    if constexpr (std::is_constructible_v<L, Index, Index, Index, Rng&>)
        return L(1, 12, 2, rng);
    else
        return L(1, 12, rng);
}

TEMPLATE_TEST_CASE("a million steps take no memory", "", Rnn<float>, (Lstm<float, Peephole::full>), Gru<float>,
                   Stacked<Lstm<float>>, LayerNormLstm<float>, OwnCell<float>) {
    Rng rng(1);
    const auto layer = some_layer<TestType>(rng);
    const Linear<float> head(12, 1, rng);
    auto live = stream(layer, head);
    const int steps = std::is_same_v<TestType, OwnCell<float>> ? a_million / 100 : a_million;
    const long before = allocations();
    float y = 0;
    for (int t = 0; t < steps; ++t) y = live.step(y - 0.5f)(0);
    live.reset();
    CHECK(allocations() == before);
    CHECK(std::isfinite(y));
}

#if defined(__linux__) && !defined(BPTT_ADDRESS_SANITIZER)
TEMPLATE_TEST_CASE("a million steps call nothing of the system", "", Lstm<float>, Gru<float>, OwnCell<float>) {
    Rng rng(2);
    const auto layer = some_layer<TestType>(rng);
    auto live = stream(layer, Linear<float>(12, 1, rng));
    const int steps = std::is_same_v<TestType, OwnCell<float>> ? a_million / 100 : a_million;
    const auto run = [&](auto&& each) {
        return holds_in_child([&] {
            if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) return false;  // then all but read and write kills
            float y = 0;
            for (int t = 0; t < steps; ++t) {
                y = live.step(y - 0.5f)(0);
                each(t);
            }
            syscall(SYS_exit, std::isfinite(y) ? 0 : 1);  // not exit_group, which kills, too
            return false;
        });
    };
    CHECK(run([](int) {}));
    CHECK_FALSE(run([](int t) {
        if (t == 100) getppid();
    }));
}
#endif

TEST_CASE("a stream that is given another shape ends the program with a message") {
    Rng rng(3);
    const Gru<float> cell(2, 3, rng);
    auto live = stream(cell);
    const auto message = [&](const auto& step) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        CHECK_FALSE(holds_in_child([&] {
            dup2(ends[1], 2);
            std::set_terminate([] {
                try {
                    throw;
                } catch (const std::exception& e) {
                    [[maybe_unused]] const auto written = write(2, e.what(), std::strlen(e.what()));
                }
                _exit(3);
            });
            step();
            return true;
        }));
        close(ends[1]);
        char text[300] = {};
        [[maybe_unused]] const auto count = read(ends[0], text, sizeof text - 1);
        close(ends[0]);
        return std::string(text);
    };
    CHECK(message([&] { live.step(0.5f); }) == "Stream::step: x has 1 numbers, not 2 of each of 1 voices");
    const Mat<float> wide = Mat<float>::Zero(2, 2);
    auto words = stream(LanguageModel<Gru<float>>(5, {2, 3, rng}, rng));
    CHECK(message([&] { words.step(Index{5}); }) == "TokenStream: token 5 is outside 0..4");
    CHECK(message([&] { live.step(wide); }) == "Stream::step: x is 2x2, not 2x1 (inputs x voices)");
}

#if defined(EIGEN_VECTORIZE_SSE) || defined(__aarch64__)
TEST_CASE("denormal numbers are zeros in a stream, and outside it what they were") {
    Rng rng(4);
    Rnn<float, Activation::identity> cell(1, 3, rng);
    cell.Wx.value.setConstant(1);
    auto live = stream(cell);
    CHECK(live.step(1e-40f).isZero(0));
    CHECK(live.step(1e-30f)(0) == 1e-30f);
    volatile float small = std::numeric_limits<float>::min();
    CHECK(small / 2 > 0);
}
#endif

}  // namespace
