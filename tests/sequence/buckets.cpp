#include "bptt/sequence/buckets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ranges>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace bptt;

namespace {

/// Numbers, each a batch's string of digits, sorted by tens and then by ones.
struct Digits {
    using Batch = std::string;
    static constexpr const char* name = "digits";

    std::vector<std::size_t> all;

    std::size_t size() const { return all.size(); }
    std::array<std::size_t, 2> lengths(std::size_t k) const { return {all[k] / 10, all[k] % 10}; }
    void fill(std::string& batch, detail::Gather::Places places, detail::Gather&) const {
        batch.clear();
        for (const std::size_t k : places) batch += std::to_string(k) + ' ';
    }
};

std::vector<std::string> lines(const auto& buckets) {
    std::vector<std::string> all;
    for (const std::string& line : buckets) all.push_back(line);
    return all;
}
using Lines = std::vector<std::string>;

}  // namespace

static_assert(std::ranges::input_range<Buckets<Digits>>);

TEST_CASE("Buckets: sorted by the first length, then the second, then as given, and cut into batches") {
    const Digits digits{{31, 12, 11, 30, 12, 2}};
    CHECK(lines(Buckets<Digits>("test", digits, {.batch = 4})) == Lines{"5 2 1 4 ", "3 0 "});
    CHECK(lines(Buckets<Digits>("test", digits, {.batch = 3})) == Lines{"5 2 1 ", "4 3 0 "});
    CHECK(Buckets<Digits>("test", digits, {.batch = 6}).size() == 1);
    CHECK(Buckets<Digits>("test", digits, {.batch = 5}).size() == 2);
    CHECK(Buckets<Digits>("test", {std::vector<std::size_t>(129)}, {}).size() == 3);
    CHECK_THROWS_WITH(Buckets<Digits>("test", {}, {}), "test: no digits");
    CHECK_THROWS_WITH(Buckets<Digits>("test", digits, {.batch = 0}), "test: batch is 0, not positive");
}

TEST_CASE("Buckets: shuffled, equal ones meet anew, and each is there once") {
    Buckets<Digits> buckets("test", {{1, 1, 1, 1, 2, 2}}, {.batch = 2});
    Rng rng(3);
    std::set<Lines> seen;
    for (int epoch = 0; epoch < 20; ++epoch) {
        buckets.shuffle(rng);
        Lines now = lines(buckets);
        CHECK(std::ranges::count_if(now, [](const auto& line) { return line == "4 5 " || line == "5 4 "; }) == 1);
        std::string sorted;
        for (const auto& line : now) sorted += line;
        std::ranges::sort(sorted);
        CHECK(sorted == "      012345");
        seen.insert(now);
    }
    CHECK(seen.size() > 15);
}

TEST_CASE("Buckets: a shuffle that fails changes nothing") {
    Buckets<Digits> buckets("test", {{3, 2, 1}}, {.batch = 1});
    const auto before = lines(buckets);
    Rng none = Rng::zeros();
    CHECK_THROWS(buckets.shuffle(none));
    CHECK(lines(buckets) == before);
    CHECK(before == Lines{"2 ", "1 ", "0 "});
}

TEST_CASE("Buckets::from: the rest") {
    const Buckets<Digits> buckets("test", {{1, 2, 3}}, {.batch = 2});
    CHECK(lines(buckets.from(0)) == Lines{"0 1 ", "2 "});
    CHECK(lines(buckets.from(1)) == Lines{"2 "});
    CHECK(lines(buckets.from(2)).empty());
    for (const Index k : {-1, 3})
        CHECK_THROWS_WITH(buckets.from(k), "Buckets::from: k is " + std::to_string(k) + ", of 2 batches");
}

TEST_CASE("Gather: some of all numbers, columns and sequences, in memory that is used again") {
    const std::vector<std::size_t> places{2, 0}, more{0, 1, 2};
    detail::Gather gather;
    std::vector<Index> numbers;
    for (const auto& some : {places, more, places}) gather(numbers, {5, 6, 7}, some);
    CHECK(numbers == std::vector<Index>{7, 5});
    const Mat<double> all = (Mat<double>(2, 3) << 1, 2, 3, 4, 5, 6).finished();
    Mat<double> columns;
    for (const auto& some : {places, more, places}) gather(columns, all, some);
    CHECK(columns == (Mat<double>(2, 2) << 3, 1, 6, 4).finished());
    const std::vector<std::vector<Index>> sequences{{1, 2, 3}, {4, 5}, {6}};
    Tokens tokens;
    for (const auto& some : {places, more, places}) gather(tokens, sequences, some);
    CHECK(std::ranges::equal(tokens.ids(), std::vector<Index>{1, 6, 2, 3}));  // the longer one stands first inside
    CHECK(tokens.layout().length(0) == 1);
    CHECK(tokens.layout().length(1) == 3);
    gather(tokens, sequences, places, 1, 1);
    CHECK(std::ranges::equal(tokens.ids(), std::vector<Index>{2, 3}));
    CHECK(tokens.layout().length(0) == 0);
    gather(tokens, sequences, places, 0, 1);
    CHECK(std::ranges::equal(tokens.ids(), std::vector<Index>{1, 2}));
}
