#include "bptt/io/byte_order.hpp"

#include <array>
#include <cstdint>
#include <string>

#include "catch.hpp"

using bptt::detail::swap_little_endian;

TEST_CASE("swap_little_endian: a big-endian machine turns the bytes of each number round") {
    std::string bytes = "01234567";
    swap_little_endian(bytes.data(), 1, 8, std::endian::big);
    CHECK(bytes == "76543210");
    swap_little_endian(bytes.data(), 1, 8, std::endian::big);
    CHECK(bytes == "01234567");
    swap_little_endian(bytes.data(), 1, 4, std::endian::big);  // as many numbers as it is told, and no more
    CHECK(bytes == "32104567");
    swap_little_endian(bytes.data(), 2, 4, std::endian::big);
    CHECK(bytes == "01237654");
    swap_little_endian(bytes.data(), 0, 8, std::endian::big);
    swap_little_endian(bytes.data(), 1, 8, std::endian::little);
    CHECK(bytes == "01237654");
}

TEST_CASE("swap_little_endian: here it makes the low byte the first") {
    std::uint32_t number = 0x04030201;
    swap_little_endian(&number, 1, sizeof number);
    CHECK(std::bit_cast<std::array<unsigned char, 4>>(number) == std::array<unsigned char, 4>{1, 2, 3, 4});
}
