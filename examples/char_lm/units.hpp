#pragma once

#include <array>
#include <bptt/text/vocabulary.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numbers>
#include <string>
#include <string_view>

namespace char_lm {

using namespace bptt;

/// What a symbol is called.
inline const char* name_of(Unit unit) { return unit == Unit::byte ? "byte" : unit == Unit::code_point ? "character" : "word"; }

/// The unit of that name; line ends belong to words.
inline Unit unit_of(std::string_view name) {
    return name == "byte" ? Unit::byte : name == "character" ? Unit::code_point : Unit::word_or_line_end;
}

/// "1.0128 nats per character (1.4612 bits)"; of words "(7.6480 bits, perplexity 200.6)".
inline std::string loss_text(double nats, Unit unit) {
    std::array<char, 160> text{};
    const auto end = static_cast<std::size_t>(
        std::snprintf(text.data(), text.size(), "%.4f nats per %s (%.4f bits", nats, name_of(unit), nats / std::numbers::ln2));
    if (bptt::detail::is_words(unit)) std::snprintf(text.data() + end, text.size() - end, ", perplexity %.1f", std::exp(nats));
    return text.data() + std::string(")");
}

/// Symbols one after the other as a text: words of a line with a space between them.
class Spelling {
public:
    /// before: what stands there already.
    Spelling(const Vocabulary& vocabulary, std::string_view before)
        : vocabulary_(vocabulary), apart_(before.empty() || bptt::detail::is_space(before.back())) {}

    std::string operator()(Index id) {
        const std::string& symbol = vocabulary_[id];
        const bool words = bptt::detail::is_words(vocabulary_.unit());
        const std::string space = words && !apart_ && symbol != "\n" ? " " : "";
        apart_ = symbol == "\n";
        return space + symbol;
    }

private:
    const Vocabulary& vocabulary_;
    bool apart_;  // a space stands there, or nothing
};

}  // namespace char_lm
