#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/shown.hpp"
#include "known.hpp"
#include "units.hpp"

namespace char_lm {

/// What a training reads: its symbols' numbers, in two parts.
struct Corpus {
    Vocabulary vocabulary;
    std::vector<Index> learned, held_back;

    Index count() const { return std::ssize(learned) + std::ssize(held_back); }
    /// The share of UNK, in percent.
    double unknown(const std::vector<Index>& ids) const {
        const auto count = vocabulary.has_unk() ? std::ranges::count(ids, vocabulary.unk()) : 0;
        return 100 * static_cast<double>(count) / static_cast<double>(std::max<Index>(1, std::ssize(ids)));
    }
};

/// Where the last 5 % of a text begin, with a whole symbol.
inline std::size_t held_back_from(std::string_view text, Unit unit) {
    std::size_t at = text.size() - text.size() / 20;
    const auto within = [&] {
        if (!bptt::detail::is_words(unit)) return unit == Unit::code_point && (text[at] & 0xc0) == 0x80;
        return !bptt::detail::is_space(text[at - 1]) && !bptt::detail::is_space(text[at]);
    };
    while (at < text.size() && within()) ++at;
    return at;
}

/// Reads files or folders, says how large they are, and what is a symbol of them: characters where all is UTF-8, else bytes, if
/// no unit is given. Symbols that come fewer than `min_count` times in what is learned from are UNK, and so are all others that
/// do not come there. Where that is none, all symbols are known: a UNK that is never met would mean nothing.
/// min_count 0: 2, of bytes 1.
inline Corpus read_corpus(const std::vector<std::filesystem::path>& paths, std::optional<Unit> given, Index min_count) {
    const std::string text = read_text(paths, given.value_or(Unit::byte));
    const std::size_t end = given ? text.size() : bptt::detail::utf8_size(text);
    const Unit unit = given.value_or(end == text.size() ? Unit::code_point : Unit::byte);
    const std::string why = given               ? "--unit says so"
                            : end < text.size() ? examples::visible(place_in(paths, text, end)) + " is no UTF-8"
                                                : "all is UTF-8";
    std::printf("%.1f MB of text, read as %ss: %s\n", static_cast<double>(text.size()) / 1e6, name_of(unit), why.c_str());
    if (text.size() > 10'000'000) std::printf("counting and numbering its %ss ...\n", name_of(unit));
    std::fflush(stdout);

    const std::string_view whole = text, first = whole.substr(0, held_back_from(text, unit));
    if (min_count == 0) min_count = unit == Unit::byte ? 1 : 2;
    Vocabulary vocabulary(first, {.unit = unit, .unk = true, .min_count = min_count});
    throw_unless(vocabulary.size() > 1, "none of the ", name_of(unit), "s to learn from comes ", min_count,
                 " times; a smaller --min-count keeps some");
    std::vector<Index> learned;
    if (min_count > 1) learned = vocabulary.encode(first);  // else none is UNK
    if (std::ranges::count(learned, vocabulary.unk()) == 0) {
        learned = std::vector<Index>();  // so that there is one at a time: of a large text they are most of the memory
        vocabulary = Vocabulary(whole, unit);
        learned = vocabulary.encode(first);
    }
    std::vector<Index> held_back = vocabulary.encode(whole.substr(first.size()));
    return {std::move(vocabulary), std::move(learned), std::move(held_back)};
}

}  // namespace char_lm
