#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/tokens.hpp"

namespace bptt {

/// What counts as one symbol of a text.
enum class Unit { byte, code_point };

/// Calls f(symbol) for each symbol of `text`. As code points, invalid UTF-8 throws with its line.
template <class F> void for_each_symbol(std::string_view text, Unit unit, F f) {
    const auto invalid = [&](std::size_t at) {
        check(false, "invalid UTF-8 in line ", 1 + std::ranges::count(text.substr(0, at), '\n'));
    };
    for (std::size_t at = 0, size = 1; at < text.size(); at += size) {
        if (unit == Unit::code_point) {
            const auto byte = [&](std::size_t k) {
                return at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0u;
            };
            const unsigned lead = byte(0), second = byte(1);
            size = lead < 0x80                   ? 1
                   : lead >= 0xc2 && lead < 0xe0 ? 2
                   : lead >= 0xe0 && lead < 0xf0 ? 3
                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                 : 0;
            if (size == 0) invalid(at);
            for (std::size_t k = 1; k < size; ++k)
                if ((byte(k) & 0xc0) != 0x80) invalid(at);
            // overlong forms, surrogates, beyond U+10FFFF (Unicode standard, table 3-7)
            if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
                (lead == 0xf4 && second > 0x8f))
                invalid(at);
        }
        f(text.substr(at, size));
    }
}

/// The symbols of a text, numbered in byte order.
class Vocabulary {
public:
    Vocabulary() = default;
    explicit Vocabulary(std::string_view text, Unit unit = Unit::byte) : unit_(unit) {
        std::set<std::string, std::less<>> seen;
        for_each_symbol(text, unit, [&](std::string_view s) {
            if (!seen.contains(s)) seen.emplace(s);
        });
        for (const std::string& s : seen) {
            index_.emplace(s, size());
            symbols_.push_back(s);
        }
    }

    Index size() const { return static_cast<Index>(symbols_.size()); }
    Unit unit() const { return unit_; }

    bool contains(std::string_view symbol) const { return index_.contains(symbol); }
    /// The number of a symbol. Throws where it is unknown.
    Index operator[](std::string_view symbol) const {
        const auto found = index_.find(symbol);
        check(found != index_.end(), "Vocabulary: unknown symbol \"", symbol, "\"");
        return found->second;
    }
    template <std::same_as<char> C> Index operator[](C symbol) const { return (*this)[std::string_view(&symbol, 1)]; }
    /// The symbol of a number.
    const std::string& operator[](Index k) const {
        check(k >= 0 && k < size(), "Vocabulary: symbol ", k, " is outside 0..", size() - 1);
        return symbols_[static_cast<std::size_t>(k)];
    }

    /// Throws where the text has an unknown symbol.
    std::vector<Index> encode(std::string_view text) const {
        std::vector<Index> ids;
        ids.reserve(text.size());
        for_each_symbol(text, unit_, [&](std::string_view s) { ids.push_back((*this)[s]); });
        return ids;
    }
    /// A batch of texts, of any lengths. Throws where one has an unknown symbol, with the text's number.
    Tokens batch(const std::vector<std::string>& texts) const {
        std::vector<std::vector<Index>> sequences;
        for (const std::string& text : texts) {
            try {
                sequences.push_back(encode(text));
            } catch (const std::invalid_argument& e) {
                check(false, e.what(), " of text ", sequences.size());
            }
        }
        return Tokens::of(sequences);
    }
    std::string decode(const std::vector<Index>& ids) const {
        std::string text;
        for (const Index k : ids) text += (*this)[k];
        return text;
    }

private:
    Unit unit_ = Unit::byte;
    std::vector<std::string> symbols_;
    std::map<std::string, Index, std::less<>> index_;
};

}  // namespace bptt
