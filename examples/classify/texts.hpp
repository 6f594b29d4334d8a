#pragma once

#include <bptt/text/load.hpp>
#include <cctype>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "../support/shown.hpp"
#include "reviews.hpp"

namespace classify {

inline std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(' ');
    return from == text.npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

/// The lines of a file: a label, a tab, and a text, which may have tabs, too; a pair's target is the label, without spaces
/// around it. Blank lines are left out, which is said.
inline std::vector<Pair> read_texts(const std::filesystem::path& file) {
    std::vector<Pair> all;
    Index blank = 0;
    const auto read = [&](std::string_view line) -> const char* {
        const auto tab = line.find('\t');
        if (line.find_first_not_of(' ') == line.npos) return ++blank, nullptr;
        if (tab == line.npos) return "no tab between label and text";
        if (!detail::is_utf8(line)) return "invalid UTF-8";
        const std::string_view label = trimmed(line.substr(0, tab));
        if (label.empty()) return "an empty label";
        if (line.find_first_not_of(" \t", tab) == line.npos) return "an empty text";
        all.push_back({std::string(line.substr(tab + 1)), std::string(label)});
        return nullptr;
    };
    detail::read_lines("--texts", file, read);
    throw_unless(!all.empty(), "--texts: ", file.string(), " holds no texts");
    if (blank > 0) std::printf("%s: left out are blank lines: %td\n", examples::visible(file.string()).c_str(), blank);
    return all;
}

/// A text whose words are symbols, with spaces around each mark of punctuation, so that it is a word of its own, unless letters
/// or digits stand at both sides, as in "don't" and "10.5". With other units it is the text itself.
inline std::string marks_apart(const std::string& text, Unit unit) {
    if (unit != Unit::word) return text;
    const auto in_word = [&](std::size_t k) {
        return k < text.size() && (std::isalnum(static_cast<unsigned char>(text[k])) || (text[k] & 0x80));
    };
    std::string apart;
    for (std::size_t k = 0; k < text.size(); ++k) {
        const bool inside = k > 0 && in_word(k - 1) && in_word(k + 1);
        const std::string one(1, text[k]);
        apart += std::ispunct(static_cast<unsigned char>(text[k])) && !inside ? ' ' + one + ' ' : one;
    }
    return apart;
}

}  // namespace classify
