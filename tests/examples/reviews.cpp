#include "../../examples/classify/reviews.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../../examples/classify/texts.hpp"
#include "catch.hpp"

using bptt::Index;
using classify::Grammar;

namespace {

/// The template of a review: its words with a letter for each thing and adjective.
std::string form_of(std::string text) {
    const auto replace = [&](const auto& words, const char* letter) {
        for (const std::string_view word : words)
            for (std::size_t at = 0; (at = text.find(word)) != text.npos;) text.replace(at, word.size(), letter);
    };
    replace(Grammar::things, "S"), replace(Grammar::good, "G"), replace(Grammar::bad, "B");
    return text;
}
std::string form(Index review, Index opinion, Index other, bool is_good) {
    const Index n = std::ssize(Grammar::opinions);
    bptt::Rng rng(1);
    return form_of(Grammar::review((review * n + other) * n + opinion, is_good, rng));
}

}  // namespace

TEST_CASE("Grammar: whether a review is good follows from what is negated, and from which of two opinions counts") {
    CHECK(form(0, 0, 0, true) == "S was G");
    CHECK(form(0, 0, 0, false) == "S was B");
    CHECK(form(0, 3, 0, true) == "S was not B at all");
    CHECK(form(0, 3, 0, false) == "S was not G at all");
    CHECK(form(1, 3, 7, true) == "S was not B at all, and i found S G");
    CHECK(form(2, 3, 7, false) == "i found S B, and also S was not G at all");
    CHECK(form(3, 3, 7, true) == "S was not B at all, though i found S B");
    CHECK(form(4, 9, 4, false) == "S was never B, but nobody could call S G");
    CHECK(form(8, 5, 1, true) == "while S was truly B, i must say that S was far from B");
}

TEST_CASE("reviews: they differ, are as often good as bad, and no template of those held out is learned from") {
    bptt::Rng rng(1);
    const auto learned = classify::reviews(6000, false, rng), held_out = classify::held_out_reviews();
    REQUIRE(held_out.size() == 2000);
    std::set<std::string> texts, forms, held_out_forms;
    for (const bptt::Pair& pair : learned) texts.insert(pair.source), forms.insert(form_of(pair.source));
    for (const bptt::Pair& pair : held_out) texts.insert(pair.source), held_out_forms.insert(form_of(pair.source));
    CHECK(texts.size() == 8000);
    CHECK(forms.size() > 1000);
    CHECK(held_out_forms.size() > 200);
    std::vector<std::string> both;
    std::ranges::set_intersection(forms, held_out_forms, std::back_inserter(both));
    CHECK(both.empty());
    const auto good = std::ranges::count(learned, "good", &bptt::Pair::target);
    CHECK(good > 2800);
    CHECK(good < 3200);
}

TEST_CASE("marks_apart: marks of punctuation are words, but not within one") {
    using classify::marks_apart, bptt::Unit;
    CHECK(marks_apart("not bad, at all!", Unit::word) == "not bad ,  at all ! ");
    CHECK(marks_apart("don't pay 10.5", Unit::word) == "don't pay 10.5");
    CHECK(marks_apart("(a) --b été, x", Unit::word) == " ( a )   -  - b été ,  x");
    CHECK(marks_apart("l’été'é", Unit::word) == "l’été'é");
    CHECK(marks_apart("bad, bad.", Unit::code_point) == "bad, bad.");
}
