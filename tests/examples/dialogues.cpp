#include "../../examples/chat/dialogues.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "catch.hpp"

namespace {

std::set<std::string> questions(const std::vector<bptt::Pair>& dialogues) {
    std::set<std::string> all;
    for (const auto& [question, answer] : dialogues) all.insert(question);
    return all;
}

}  // namespace

TEST_CASE("dialogues: no way to fill a question's slots that is held out is ever learned from, its words are") {
    bptt::Rng rng(1), other(2);
    const auto learned = chat::dialogues(20'000, false, rng), held_out = chat::dialogues(2000, true, other);
    REQUIRE(learned.size() == 20'000);
    REQUIRE(held_out.size() == 2000);
    const auto known = questions(learned), asked = questions(held_out);
    CHECK(std::ranges::none_of(asked, [&](const std::string& question) { return known.contains(question); }));
    CHECK(asked.size() > 200);
    std::set<std::string> words;
    const auto each_word = [](const std::string& text, auto f) {
        bptt::for_each_symbol(text, bptt::Unit::word, [&](std::string_view word) { f(std::string(word)); });
    };
    for (const auto& question : known) each_word(question, [&](const std::string& word) { words.insert(word); });
    for (const auto& question : asked) each_word(question, [&](const std::string& word) { CHECK(words.contains(word)); });
    // A question of one slot, and what it says of itself, have nothing to hold out.
    for (const auto& [question, answer] : held_out) CHECK(!question.starts_with("what does"));
    CHECK(known.contains("who are you ? "));
    CHECK(!asked.contains("who are you ? "));
}

TEST_CASE("dialogues: what is asked follows from the question's words") {
    CHECK(chat::filled("[time] we go to the [trip].", {{"time", 2}, {"who", 5}}) == "tonight we go to the theatre.");
    CHECK(chat::filled("[who] is [job], near the [color] door", {{"who", 0}, {"thing", 11}}) ==
          "anna is a baker, near the purple door");
    CHECK(chat::filled("", {}).empty());
    for (const auto& [slot, follows] : {std::pair("time", "trip"), {"who", "job"}, {"thing", "color"}})
        CHECK(chat::slots().at(slot).size() == chat::slots().at(follows).size());
    CHECK(chat::is_slot("leo"));
    CHECK(chat::is_slot("tower"));
    CHECK(!chat::is_slot("museum"));
    CHECK(!chat::is_slot("the"));
}

TEST_CASE("words_of and sentence_of: marks are words of their own, and go back to where people have them") {
    CHECK(chat::words_of("Where do we GO, Ben?Z@") == "where do we go ,  ben ? z@");
    CHECK(chat::sentence_of("where do we go ,  ben ? ") == "where do we go, ben?");
    CHECK(chat::sentence_of("? a") == "? a");
    CHECK(chat::words_of("Ärger\xc3") == "Ärger\xc3");
    CHECK(chat::sentence_of("").empty());
}
