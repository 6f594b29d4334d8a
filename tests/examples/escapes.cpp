#include "../../examples/support/escapes.hpp"

#include <stdexcept>

#include "catch.hpp"

using examples::unescaped;

TEST_CASE("unescaped: a new line, a tab, a backslash, and any byte") {
    CHECK(unescaped("--prime", "").empty());
    CHECK(unescaped("--prime", "a\n\tbé") == "a\n\tbé");
    CHECK(unescaped("--prime", "\\na\\tb\\\\n\\\\") == "\na\tb\\n\\");
    CHECK(unescaped("--prime", "\\x41\\xfF\\x0az\\xe9") == "A\xff\nz\xe9");
}

TEST_CASE("unescaped: another backslash is refused, with the option") {
    const std::string message =
        "--prime: after a backslash comes n, t, another backslash, or x and two hexadecimal digits, not \"";
    CHECK_THROWS_WITH(unescaped("--prime", "a\\"), message + "\"; \\\\ is a backslash");
    CHECK_THROWS_WITH(unescaped("--prime", "\\r"), message + "r\"; \\\\ is a backslash");
    for (const char* text : {"\\x", "\\x4", "\\xg0", "\\x4g", "\\x 4", "\\x-4", "\\X41", "\\N", "\\\\\\"})
        CHECK_THROWS_AS(unescaped("--prime", text), std::invalid_argument);
}
