#include "bptt/ops/activation.hpp"

#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

TEST_CASE("activations: gradients") {
    Rng rng(1);
    for (int k = 0; k < 50; ++k) {
        const Index rows = random_size(rng), cols = random_size(rng);
        const auto x = random_off_zero(rows, cols, rng);
        CHECK(gradcheck([](auto v) { return tanh(v); }, x));
    }
}
