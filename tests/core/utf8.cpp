#include "bptt/core/utf8.hpp"

#include "catch.hpp"

using namespace bptt::detail;

TEST_CASE("utf8: the size of the code point at a place; 0 where none begins") {
    CHECK(code_point_size("aé€😀", 0) == 1);
    CHECK(code_point_size("aé€😀", 1) == 2);
    CHECK(code_point_size("aé€😀", 2) == 0);
    CHECK(code_point_size("aé€😀", 3) == 3);
    CHECK(code_point_size("aé€😀", 6) == 4);
    CHECK(code_point_size("\xe2\x82", 0) == 0);
    CHECK(code_point_size(std::string_view("\0", 1), 0) == 1);
}

TEST_CASE("utf8: all of a text, or not") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("aé€😀"));
    CHECK_FALSE(is_utf8("aé€\xff"));
    CHECK_FALSE(is_utf8("\xc3"));
}
