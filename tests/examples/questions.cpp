#include "../../examples/support/questions.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"

using examples::Question;
using Lines = std::vector<std::string>;

namespace {

Lines lines(const std::vector<bptt::Pair>& pairs) {
    Lines all;
    for (const bptt::Pair& pair : pairs) all.push_back(pair.source + ' ' + pair.target);
    return all;
}
/// Questions 0 … size - 1, each with two targets.
std::vector<Question> numbered(int size) {
    std::vector<Question> all;
    for (int k = 0; k < size; ++k) all.push_back({std::to_string(k), {"a", "b"}});
    return all;
}
std::set<std::string> sources(const std::vector<Question>& questions) {
    std::set<std::string> all;
    for (const Question& question : questions) all.insert(question.source);
    return all;
}

}  // namespace

TEST_CASE("questions_of: all targets of a source, in the order of the pairs, and pairs_of them again") {
    const auto questions = examples::questions_of({{"b", "1"}, {"a", "2"}, {"b", "3"}, {"c", "1"}, {"b", "1"}});
    REQUIRE(questions.size() == 3);
    CHECK(questions[0].source == "b");
    CHECK(questions[0].targets == Lines{"1", "3", "1"});
    CHECK(questions[1].source == "a");
    CHECK(questions[1].targets == Lines{"2"});
    CHECK(lines(examples::pairs_of(questions)) == Lines{"b 1", "b 3", "b 1", "a 2", "c 1"});
    CHECK(examples::questions_of({}).empty());
    CHECK(examples::pairs_of({}).empty());
}

TEST_CASE("hold_out: one of so many, at least one, with all of their targets, and others with another seed") {
    bptt::Rng any(1);
    auto hundred = numbered(100);
    CHECK(examples::hold_out(hundred, 4, any).size() == 25);
    for (const auto& [size, held_out] : std::vector<std::pair<int, std::size_t>>{{2, 1}, {39, 1}, {40, 2}, {1000, 50}}) {
        bptt::Rng rng(3), other(4);
        auto questions = numbered(size), again = questions;
        const auto taken = examples::hold_out(questions, 20, rng);
        CHECK(taken.size() == held_out);
        CHECK(questions.size() + taken.size() == static_cast<std::size_t>(size));
        auto both = sources(questions);
        both.merge(sources(taken));
        CHECK(both.size() == static_cast<std::size_t>(size));
        for (const Question& question : taken) CHECK(question.targets == Lines{"a", "b"});
        if (size == 1000) {
            CHECK(sources(taken) != sources(examples::hold_out(again, 20, other)));
            const auto number = [](const Question& question) { return std::stoi(question.source); };
            CHECK(!std::ranges::is_sorted(questions, {}, number));
        }
    }
}
