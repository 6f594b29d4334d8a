#include "bptt/kernels/block.hpp"
#include "bptt/kernels/steps.hpp"
#include "catch.hpp"

namespace bptt::kernels {

TEST_CASE("steps: a chunk has several steps only of a narrow batch that one shard runs through") {
    constexpr Index narrow = widest - 1, steps = 1000;
    CHECK(chunk_room({narrow, steps}, 1) > narrow);
    CHECK(chunk_room({narrow, 2}, 1) == 2 * narrow);
    CHECK(chunk_room({widest, steps}, 1) == widest);
    CHECK(chunk_room({100, steps}, 1) == 100);
    CHECK(chunk_room({100, steps}, 3) == 100);
}

}  // namespace bptt::kernels
