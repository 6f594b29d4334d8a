#include "../../examples/support/terminal.hpp"

#include <vector>

#include "catch.hpp"

using examples::fitted;

TEST_CASE("fitted: what matters least goes first, and nothing is cut") {
    const std::vector<examples::LinePart> parts = {
        {"50 %", 0}, {" loss 1.5", 1}, {" nats", 3}, {" 900/s", 4}, {" 1:23 left", 2}};
    CHECK(fitted(parts, 1000) == "50 % loss 1.5 nats 900/s 1:23 left");
    CHECK(fitted(parts, 34) == "50 % loss 1.5 nats 900/s 1:23 left");
    CHECK(fitted(parts, 33) == "50 % loss 1.5 nats 1:23 left");
    CHECK(fitted(parts, 28) == "50 % loss 1.5 nats 1:23 left");
    CHECK(fitted(parts, 27) == "50 % loss 1.5 1:23 left");
    CHECK(fitted(parts, 22) == "50 % loss 1.5");
    CHECK(fitted(parts, 12) == "50 %");
    CHECK(fitted(parts, 3).empty());
    CHECK(fitted({}, 80).empty());
}

TEST_CASE("fitted: where a part does not fit, none that matters less takes its place") {
    CHECK(fitted({{"50 %", 0}, {" a long one", 1}, {" x", 2}}, 10) == "50 %");
}
