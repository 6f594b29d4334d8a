#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "bptt/autograd/param.hpp"
#include "bptt/core/random.hpp"
#include "catch.hpp"
#include "support/malloc.hpp"

// What promised() and result() below are made of.

template <class T> std::string number(const T& x) {
    static_assert(std::is_arithmetic_v<T>);
    return {reinterpret_cast<const char*>(&x), sizeof x};
}
inline std::string number(bptt::Rng rng) { return number(rng.next()); }
std::string numbers(const auto& m) {
    std::string all;
    for (const double x : m.reshaped()) all += number(x);
    return all;
}
std::string parameters(const auto& model) {
    std::string all;
    bptt::for_each_param(model, [&](std::string_view, const auto& p) { all += numbers(p.value); });
    return all;
}

/// A World is made the same each time; run() does something to it, promised() is what a failure of that leaves as it was, and
/// result() what a success comes to. Whichever allocation of run() fails, alone or with all after it, the promise is held to;
/// and then run() does what it always does. Returns how many allocations run() makes.
template <class World> long check_failures() {
    const auto finished = [] {
        World w;
        w.run();
        return w.result();
    };
    const std::string before = World().promised(), after = finished();
    REQUIRE((finished() == after));
    long failed = 0;
    for (const Fails fails : {Fails::once, Fails::from_then_on}) {
        failed = 0;
        for (long n = 1;; ++n) {
            World w;
            const Ending ending = with_failing_allocation(n, fails, [&] { w.run(); });
            CAPTURE(n, fails);
            if (ending == Ending::bad_alloc) {
                CHECK((w.promised() == before));  // as a bool: the strings are not to be printed
                w.run();
            }
            CHECK((w.result() == after));
            if (ending == Ending::not_reached) break;
            ++failed;
        }
    }
    return failed;
}
