#include "bptt/core/check.hpp"

#include <vector>

#include "catch.hpp"
#include "support/comma_locale.hpp"
#include "support/numbers.hpp"

using namespace bptt;

TEST_CASE("check: prints its parts, one after the other, alike in any locale") {
    const CommaLocale here;
    CHECK_NOTHROW(throw_unless(true, "never"));
    CHECK_THROWS_WITH(throw_unless(false, "f: a is ", 1.5, ", b is ", detail::Shape{1234567, 3}),
                      "f: a is 1.5, b is 1234567x3");
}

TEST_CASE("check_finite: the first value by rows that is not, float or double, of a part, too") {
    Mat<float> x = Mat<float>::Constant(3, 5, 1e38f);
    CHECK_NOTHROW(detail::check_finite(x, "f: "));
    CHECK_NOTHROW(detail::check_finite(Mat<float>(0, 2), "f: "));
    x(2, 0) = static_cast<float>(-inf), x(1, 4) = static_cast<float>(NaN);
    CHECK_THROWS_WITH(detail::check_finite(x, "f: x ", 7, ": "), "f: x 7: row 1, column 4 is nan, not finite");
    CHECK_THROWS_WITH(detail::check_finite(x.bottomRows(1), "f: "), "f: row 0, column 0 is -inf, not finite");
    CHECK_NOTHROW(detail::check_finite(x.topRows(1), "f: "));
}
