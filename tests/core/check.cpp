#include "bptt/core/check.hpp"

#include "catch.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

TEST_CASE("check: prints its parts, one after the other, alike in any locale") {
    const CommaLocale here;
    CHECK_NOTHROW(throw_unless(true, "never"));
    CHECK_THROWS_WITH(throw_unless(false, "f: a is ", 1.5, ", b is ", detail::Shape{1234567, 3}),
                      "f: a is 1.5, b is 1234567x3");
}
