#include "bptt/text/edit_distance.hpp"

#include <algorithm>
#include <array>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/random.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;
using Words = std::vector<std::string>;

/// By its definition.
Index plain_distance(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return static_cast<Index>(a.size() + b.size());
    const std::string_view rest_a = a.substr(1), rest_b = b.substr(1);
    if (a[0] == b[0]) return plain_distance(rest_a, rest_b);
    return 1 + std::min({plain_distance(rest_a, rest_b), plain_distance(rest_a, b), plain_distance(a, rest_b)});
}

/// Up to 6 of three letters.
std::string random_text(Rng& rng) {
    std::string text;
    for (Index n = rng.below(7); n > 0; --n) text += static_cast<char>('a' + rng.below(3));
    return text;
}

}  // namespace

TEST_CASE("edit_distance: insertions, deletions and replacements") {
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "abc") == 0);
    CHECK(edit_distance("abcd", "bcd") == 1);
    CHECK(edit_distance("abcd", "abc") == 1);
    CHECK(edit_distance("abcd", "axcd") == 1);
    CHECK(edit_distance("ab", "ba") == 2);
}

TEST_CASE("edit_distance: as its definition has it, and a metric") {
    Rng rng(9);
    for (int round = 0; round < 400; ++round) {
        const std::string a = random_text(rng), b = random_text(rng), c = random_text(rng);
        INFO(a << ", " << b << ", " << c);
        const Index ab = edit_distance(a, b);
        CHECK(ab == plain_distance(a, b));
        CHECK(ab == edit_distance(b, a));
        CHECK((ab == 0) == (a == b));
        CHECK(edit_distance(a, c) <= ab + edit_distance(b, c));
    }
}

TEST_CASE("edit_distance: of any tokens that can be compared, in any range") {
    CHECK(edit_distance(Ids{1, 2, 3}, Ids{2, 3, 4, 5}) == 3);
    CHECK(edit_distance(Ids{1, 2, 3}, std::array<Index, 2>{1, 3}) == 1);
    const Ids ids{7, 8};
    CHECK(edit_distance(std::span(ids), std::list<int>{8}) == 1);
    CHECK(edit_distance(Words{"the", "cat"}, std::vector<std::string_view>{"a", "cat", "sat"}) == 2);
    const Index numbers[] = {1, 2};
    CHECK(edit_distance(numbers, Ids{1}) == 1);
    CHECK(edit_distance(std::string("abc"), "abc") == 0);  // no zero at the literal's end
    CHECK(edit_distance("abd", std::string("abc")) == 1);
    CHECK(edit_distance(std::string_view("ab"), std::string("abc")) == 1);
    CHECK(edit_distance(std::string("é"), std::string("e")) == 2);  // bytes
}

TEST_CASE("error_rate: of all errors among all tokens of the references") {
    CHECK(error_rate(std::vector<Ids>{{1, 2, 3}, {4}}, std::vector<Ids>{{1, 3}, {5, 6}}) == 0.75);
    CHECK(error_rate(Words{"abc"}, Words{"abc"}) == 0);
    CHECK(error_rate(Words{"abc", ""}, Words{"a", ""}) == 2);  // more errors than tokens
    CHECK(error_rate(std::list<Words>{{"a", "cat", "sat"}}, std::vector<Words>{{"the", "cat"}}) == 1);
}

TEST_CASE("error_rate: of several right forms the one with the least distance, then the longest") {
    using Forms = std::vector<Ids>;
    const std::vector<Ids> written{{1, 2, 3}, {4, 5}};
    CHECK(error_rate(written, std::vector<Forms>{{{9, 9, 9}, {1, 2}, {2}}, {{4, 5, 6, 7}}}) == 3.0 / 6);
    for (const Forms& forms : {Forms{{1, 2}, {1, 2, 3, 4}}, Forms{{1, 2, 3, 4}, {1, 2}}})  // both have one error
        CHECK(error_rate(std::vector<Ids>{{1, 2, 3}}, std::vector<Forms>{forms}) == 0.25);
    CHECK(error_rate(Words{"abc", "b"}, std::vector<Words>{{"abd", "x"}, {"b"}}) == 0.25);
}

TEST_CASE("error_rate: what cannot be counted is refused") {
    const Words two{"a", "b"}, none;
    CHECK_THROWS_WITH(error_rate(two, Words{"a"}), "error_rate: written has 2 sequences, references has 1");
    CHECK_THROWS_WITH(error_rate(none, none), "error_rate: references have no tokens");
    CHECK_THROWS_WITH(error_rate(two, Words{"", ""}), "error_rate: references have no tokens");
    CHECK_THROWS_WITH(error_rate(two, std::vector<Words>{{"a"}, {}}), "error_rate: reference 1 has none that is right");
}
