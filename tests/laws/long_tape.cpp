// No recursion anywhere: a graph may be as long as memory allows, on the smallest stack.
#include <pthread.h>

#include <functional>

#include "bptt/bptt.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

void run_on_small_stack(std::function<void()> f) {
    pthread_attr_t attributes;
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    pthread_t thread;
    const auto start = [](void* p) -> void* { return (*static_cast<std::function<void()>*>(p))(), nullptr; };
    REQUIRE(pthread_create(&thread, &attributes, start, &f) == 0);
    REQUIRE(pthread_join(thread, nullptr) == 0);
    pthread_attr_destroy(&attributes);
}

}  // namespace

TEST_CASE("long tape: a million steps on a stack of 256 KiB, through w = 1 the gradient stays exactly 1", "[slow]") {
    constexpr Index steps = 1000000;
    double gradient = 0, last = 0;
    run_on_small_stack([&] {
        Rng rng(1);
        Rnn<double, Activation::identity> cell(1, 1, rng);
        cell.Wx.value << 0;
        cell.Wh.value << 1;
        Tape<double> tape;
        const auto h0 = tape.variable(Mat<double>{{0.25}});
        const auto x = sequence(tape.constant(Mat<double>::Zero(1, steps)), 1);
        const auto h = final_state(unroll(cell, x, {h0})).h;
        backward(h);
        last = h.item();
        gradient = h0.grad()(0, 0);
    });
    CHECK(last == 0.25);
    CHECK(gradient == 1);
}

TEST_CASE("long tape: a million single ops on a stack of 256 KiB", "[slow]") {
    double gradient = 0;
    run_on_small_stack([&] {
        Tape<float> tape;
        const auto x = tape.variable(Mat<float>{{1}});
        auto y = x;
        for (int k = 0; k < 1000000; ++k) y = y + 0;
        backward(y);
        gradient = static_cast<double>(x.grad()(0, 0));
    });
    CHECK(gradient == 1);
}
