#include "bptt/core/table.hpp"

#include "catch.hpp"

using bptt::detail::table;

TEST_CASE("table: each column as wide as its longest cell, which stands to the left or to the right") {
    CHECK(table({{"a", "count"}, {"long", "12"}}, "lr") == "a     count\nlong     12\n");
    CHECK(table({{"a", "bc"}, {"def", "g"}, {"", "h"}}, "rl") == "  a  bc\ndef  g\n     h\n");
    CHECK(table({{"a", ""}, {"bc"}}, "ll") == "a\nbc\n");  // nothing stands beyond a line's last cell
    CHECK(table({}, "l").empty());
}

TEST_CASE("table: a cell is as long as its code points are many") {
    CHECK(table({{"größer", "1"}, {"abc", "é"}, {"", "12"}}, "lr") == "größer   1\nabc      é\n        12\n");
}

TEST_CASE("digits_of: the shortest that are the number and no other") {
    using bptt::detail::digits_of;
    CHECK(digits_of(0.1) == "0.1");
    CHECK(digits_of(-2) == "-2");
    CHECK(digits_of(1e300) == "1e+300");
    CHECK(digits_of(0.1 + 0.2) == "0.30000000000000004");
}
