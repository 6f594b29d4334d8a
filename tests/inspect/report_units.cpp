#include "bptt/inspect/report_units.hpp"

#include <limits>

#include "bptt/inspect/report.hpp"
#include "catch.hpp"

using namespace bptt;

TEST_CASE("report: values are kept to half of a 127th, as they are or, where a signal goes beyond 1, as their tanh") {
    CHECK(detail::report_values(Mat<double>{{1, -1, 0.25}}) == "f4Eg");                         // 127, -127, 32
    CHECK(detail::report_values(Mat<double>{{-282, 1, 0.25}}) == "gWEf");                       // -127, 97, 31
    CHECK(detail::report_values(Mat<double>{{0.5 / 127, -0.49 / 127, -0.5 / 127}}) == "AQD/");  // halves go away from zero
    const double largest = std::numeric_limits<double>::max();
    CHECK(detail::report_values(Mat<double>{{largest, -largest, 0}}) == "f4EA");
    CHECK(detail::report_values(Mat<double>{{1, 1}, {0, -1}}) == "f38=AIE=");  // each unit by itself
}

TEST_CASE("report: a value that is not finite is refused wherever it stands, and a score of a unit that is not there") {
    Report report("page");
    const Mat<double> zeros = Mat<double>::Zero(2, 3);
    const auto add = [&](const Mat<double>& values, Index unit) {
        report.text("text", {"a", "b", "c"}, Traced<double>{{{"h", false, values}}}, {{"p", {{"h", unit, 0, 0}}, 0}});
    };
    for (Index k = 0; k < zeros.size(); ++k) {
        Mat<double> values = zeros;
        values.reshaped()(k) = std::numeric_limits<double>::infinity();
        CHECK_THROWS_WITH(add(values, 0), "Report::text: \"h\" of traced is inf at unit " + std::to_string(k % 2) +
                                              ", position " + std::to_string(k / 2));
    }
    CHECK_THROWS_WITH(add(zeros, 2), ContainsSubstring("is 2, outside 0..1 of \"h\""));
    CHECK_NOTHROW(add(zeros, 1));
}
