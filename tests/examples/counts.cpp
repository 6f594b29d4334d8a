#include "../../examples/char_lm/counts.hpp"

#include "catch.hpp"

using namespace char_lm;

TEST_CASE("Counts: what single symbols and pairs foresee") {
    const std::vector<Index> learned = {0, 1, 0, 1, 2}, ids = {0, 1, 3, 0};
    const Counts counts(learned, 4);  // counts and one: 3, 3, 2, 1 of 9
    CHECK_THAT(counts.unigrams(ids), WithinAbs(-(std::log(3 / 9.0) + std::log(1 / 9.0) + std::log(3 / 9.0)) / 3, 1e-12));
    const double after_0 = 0.5 * 2 / 2 + 0.5 * 3 / 9, after_1 = 0.5 * 0 / 2 + 0.5 * 1 / 9, after_3 = 3 / 9.0;
    CHECK_THAT(counts.bigrams(ids), WithinAbs(-(std::log(after_0) + std::log(after_1) + std::log(after_3)) / 3, 1e-12));
}
