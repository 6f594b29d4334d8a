#include "bptt/inspect/report_data.hpp"

#include "catch.hpp"

using namespace bptt;

TEST_CASE("report: base64 as RFC 4648 has it") {
    const auto encoded = [](std::string_view text) {
        return detail::base64({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
    };
    CHECK(encoded("").empty());
    CHECK(encoded("f") == "Zg==");
    CHECK(encoded("fo") == "Zm8=");
    CHECK(encoded("foo") == "Zm9v");
    CHECK(encoded("foobar") == "Zm9vYmFy");
    CHECK(encoded("\xfb\xff\xfe") == "+//+");
}
