#include "bptt/train/series.hpp"

#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

Mat<double> counted(Index features, Index steps) {
    Mat<double> series(features, steps);
    for (Index t = 0; t < steps; ++t)
        for (Index i = 0; i < features; ++i) series(i, t) = static_cast<double>(10 * t + i);
    return series;
}

}  // namespace

TEST_CASE("windows_before: the columns before each end, those of a step side by side") {
    const std::vector<Index> ends = {3, 7, 4};
    Mat<double> expected(2, 9);
    expected << 0, 40, 10, 10, 50, 20, 20, 60, 30,  //
        1, 41, 11, 11, 51, 21, 21, 61, 31;
    CHECK(windows_before(counted(2, 7), 3, ends) == expected);
    CHECK(windows_before(Mat<float>(counted(2, 7).cast<float>()), 3, ends) == expected.cast<float>());
    CHECK(windows_before(counted(2, 7), 3, {}).cols() == 0);
}

TEST_CASE("values_after: the first features of the columns from each end on, one step under the other") {
    const std::vector<Index> ends = {0, 5};
    Mat<double> expected(4, 2);
    expected << 0, 50, 1, 51, 10, 60, 11, 61;
    CHECK(values_after(counted(3, 7), 2, 2, ends) == expected);
    CHECK(values_after(counted(3, 7), 3, 7, std::vector<Index>{0}) == counted(3, 7).reshaped());
    CHECK(values_after(counted(3, 7), 2, 2, {}).cols() == 0);
}
