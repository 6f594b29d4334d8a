#include "bptt/text/symbol_numbers.hpp"

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace bptt;

TEST_CASE("SymbolNumbers: a number for each symbol, of one byte or more, and none for others") {
    detail::SymbolNumbers numbers;
    const std::vector<std::string> symbols = {
        "a", "\xff", std::string(1, '\0'), "", "ab", "é", "a word that is long enough for the heap"};
    for (Index k = 0; const std::string& s : symbols) {
        CHECK(numbers.find(s) == -1);
        CHECK(numbers[s] == -1);
        CHECK(numbers.find(s) == -1);
        numbers[s] = k;
        CHECK(numbers.find(s) == k);
        ++numbers[s];
        CHECK(numbers[s] == ++k);
    }
    CHECK(numbers.find("b") == -1);
    CHECK(numbers.find("ac") == -1);
}

TEST_CASE("SymbolNumbers: sorted by their bytes, those of one among the others") {
    detail::SymbolNumbers numbers;
    for (Index k = 0; const std::string s : {"b", "\xff", "ab", "a", "\xc3\xa9", "\x7f", "ba"}) numbers[s] = k++;
    numbers["zero"] = 0;
    using Pairs = std::vector<std::pair<std::string, Index>>;
    CHECK(numbers.sorted() ==
          Pairs{{"a", 3}, {"ab", 2}, {"b", 0}, {"ba", 6}, {"zero", 0}, {"\x7f", 5}, {"\xc3\xa9", 4}, {"\xff", 1}});
}
