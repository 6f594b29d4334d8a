#include "../../examples/translate/measure.hpp"

#include <vector>

#include "catch.hpp"

TEST_CASE("copied: symbols of the answer that are once in the source, and where the attention was largest") {
    translate::Task task{};
    task.copied = [](const std::string& symbol) { return symbol != "the"; };
    const bptt::VocabularyOptions words{.unit = bptt::Unit::word, .unk = true};
    const translate::Setup setup{.task = &task, .source = {"a b c the the", words}, .target = {"a b c the new", words}};
    translate::Measures found;
    auto& answer = found.answers.emplace_back();
    for (const char* word : {"a", "b", "c", "the", "new", "a"}) answer.tokens.push_back(setup.target[word]);
    answer.alignment.setConstant(5, 6, 0.1f);
    answer.alignment(0, 0) = answer.alignment(0, 1) = answer.alignment(4, 2) = answer.alignment(0, 5) = 0.6f;
    // The source has "a" once, "b" twice, "c" once, at 4; "new" it cannot have.
    const auto [all, right] = translate::copied(setup, {{"a b b unheard c", {}}}, found);
    CHECK(all == 3);
    CHECK(right == 3);
    answer.alignment(1, 2) = 0.7f;
    CHECK(translate::copied(setup, {{"a b b unheard c", {}}}, found).found == 2);
    CHECK(translate::copied(setup, {{"a b b a c", {}}}, found).all == 1);
}
