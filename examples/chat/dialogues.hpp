#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/random.hpp>
#include <bptt/text/pairs.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

using namespace bptt;

/// A text in small letters, its marks as words of their own.
inline std::string words_of(const std::string& text) {
    std::string words;
    for (const char c : text) {
        if (std::string_view(".,!?").find(c) != std::string_view::npos)
            ((words += ' ') += c) += ' ';
        else
            words += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return words;
}
/// The reverse, with one space between words, and none before a mark.
inline std::string sentence_of(const std::string& words) {
    std::string text;
    for_each_symbol(words, Unit::word, [&](std::string_view word) {
        if (!text.empty() && std::string_view(".,!?").find(word) == std::string_view::npos) text += ' ';
        text += word;
    });
    return text;
}

/// What a sentence's places in brackets stand for. What is asked about [time], [who] or [thing] follows from these alone.
using Slots = std::map<std::string, std::vector<std::string>>;
inline const Slots& slots() {
    static const Slots all = {
        {"who", {"anna", "ben", "clara", "david", "emma", "felix", "grace", "henry", "ida", "jonas", "kate", "leo"}},
        {"time",
         {"today", "tomorrow", "tonight", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}},
        {"thing", {"book", "drum", "lamp", "violin", "map", "cup", "ladder", "camera", "rope", "clock", "basket", "kite"}},
        {"where", {"kitchen", "garden", "cellar", "hall", "attic", "workshop", "library", "stable", "office", "tower"}},
        // What goes with a time, a person or a thing stands at its place.
        {"trip", {"museum", "lake", "theatre", "forest", "castle", "market", "beach", "cinema", "zoo", "harbour"}},
        {"job",
         {"a baker", "a pilot", "a painter", "a doctor", "a farmer", "a sailor", "a teacher", "a singer", "a judge", "a nurse",
          "a tailor", "a chemist"}},
        {"color",
         {"red", "brown", "yellow", "black", "green", "white", "grey", "silver", "blue", "golden", "orange", "purple"}}};
    return all;
}

/// Whether a word fills one of the slots that an answer takes from its question.
inline bool is_slot(const std::string& word) {
    return std::ranges::any_of(std::array{"who", "time", "thing", "where"},
                               [&](const char* slot) { return std::ranges::count(slots().at(slot), word) > 0; });
}

/// Questions and answers; who speaks is "you" in the other's mouth.
inline constexpr std::array<std::array<std::string_view, 2>, 12> templates{
    {{"where do we go [time]?", "[time] we go to the [trip]."},
     {"where does [who] go [time]?", "[time] [who] goes to the [trip]."},
     {"what does [who] do for a living?", "[who] is [job]."},
     {"what color is the [thing] in the [where]?", "the [thing] in the [where] is [color]."},
     {"can i borrow the [thing] [time]?", "yes, you can have the [thing] [time]."},
     {"can [who] use the [where] [time]?", "no, [time] the [where] is closed, even to [who]."},
     {"who has put the [thing] into the [where]?", "i have put the [thing] into the [where]."},
     {"did [who] find my [thing]?", "[who] found your [thing] near the [color] door."},
     {"please bring the [thing] to the [where] [time].", "i will bring the [thing] to the [where] [time]."},
     {"is [who] in the [where]?", "yes, [who] works in the [where] as [job]."},
     {"will you meet [who] [time]?", "[time] i will meet [who] at the [trip]."},
     {"i saw [who] with a [thing] in the [where] [time].", "what does [who] do with a [thing] in the [where]?"}}};

/// What it says of itself; these dialogues are never held out.
inline constexpr std::array<std::array<std::string_view, 2>, 4> fixed{
    {{"hello!", "hello! ask me where we go, or who has put what where."},
     {"who are you?", "a small network. i know a few people, things and places."},
     {"do you remember me?", "no, i remember nothing of what was said before."},
     {"thank you!", "you are welcome."}}};

/// A sentence with its slots filled by the words at these places of their lists.
inline std::string filled(std::string_view sentence, const std::map<std::string, std::size_t>& places) {
    // A trip goes with a time, a job with a person, a color with a thing.
    const std::map<std::string, std::string> follows = {{"trip", "time"}, {"job", "who"}, {"color", "thing"}};
    std::string text;
    while (!sentence.empty()) {
        const auto open = std::min(sentence.find('['), sentence.size()), close = std::min(sentence.find(']'), sentence.size());
        text += sentence.substr(0, open);
        if (open < close) {
            const std::string slot(sentence.substr(open + 1, close - open - 1));
            text += slots().at(slot)[places.at(follows.contains(slot) ? follows.at(slot) : slot)];
        }
        sentence.remove_prefix(std::min(close + 1, sentence.size()));
    }
    return text;
}

/// So many dialogues. An eighth of all ways to fill the slots of a question is held out.
inline std::vector<Pair> dialogues(std::size_t count, bool held_out, Rng& rng) {
    std::vector<Pair> all;
    while (all.size() < count) {
        const auto form = static_cast<std::size_t>(rng.below(std::ssize(templates) + (held_out ? 0 : 1)));
        if (form == templates.size()) {
            const auto& [question, answer] = fixed[static_cast<std::size_t>(rng.below(std::ssize(fixed)))];
            all.push_back({words_of(std::string(question)), words_of(std::string(answer))});
            continue;
        }
        const auto& [question, answer] = templates[form];
        std::map<std::string, std::size_t> places;
        std::uint64_t way = form;
        Index asked = 0;
        for (const auto& [slot, words] : slots()) {
            places[slot] = static_cast<std::size_t>(rng.below(std::ssize(words)));
            if (question.find('[' + slot + ']') == question.npos) continue;
            way = 100 * way + places[slot];
            ++asked;
        }
        // A single slot is no combination: what goes with it has to be told.
        if ((asked > 1 && Rng(way).below(8) == 0) != held_out) continue;
        all.push_back({words_of(filled(question, places)), words_of(filled(answer, places))});
    }
    return all;
}

}  // namespace chat
