#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bptt/sequence/tokens.hpp"
#include "bptt/text/symbol_numbers.hpp"

namespace bptt {

/// unk, bos, eos: whether there are the special symbols UNK (unknown), BOS (beginning) and EOS (end). min_count: symbols seen
/// fewer times than that are left out, and so unknown; above 1 it needs unk.
struct VocabularyOptions {
    Unit unit = Unit::byte;
    bool unk = false, bos = false, eos = false;
    Index min_count = 1;
};

/// The symbols of a text, numbered in byte order, whatever their order in the text; or those of a list, in the list's order.
/// UNK, BOS and EOS come first if it has them. No text contains those three: a word <bos> is a symbol of its own.
class Vocabulary {
public:
    Vocabulary() = default;
    explicit Vocabulary(std::string_view text, Unit unit = Unit::byte) : Vocabulary(text, VocabularyOptions{.unit = unit}) {}
    Vocabulary(std::string_view text, VocabularyOptions options) : Vocabulary(options) {
        detail::SymbolNumbers seen;
        count(text, seen);
        add(seen, options.min_count);
    }
    /// The symbols of several texts. Throws where one is invalid UTF-8, with the text's number, unless bytes are the unit.
    Vocabulary(const std::vector<std::string>& texts, VocabularyOptions options = {}) : Vocabulary(options) {
        detail::SymbolNumbers seen;
        for_each_text(texts, [&](const std::string& text) { count(text, seen); });
        add(seen, options.min_count);
    }

    /// These symbols, numbered in this order, such as the names of classes. Throws where one comes twice, or is not exactly one
    /// symbol of the unit.
    static Vocabulary of(const std::vector<std::string>& symbols, VocabularyOptions options = {.unit = Unit::word}) {
        Vocabulary v(options);
        for (const std::string& symbol : symbols) {
            const auto expect = [&](bool ok, const auto&... what) {
                throw_unless(ok, "Vocabulary::of: \"", detail::escape(symbol, v.unit_), "\" ", what...);
            };
            v.add_one(symbol, expect);
        }
        return v;
    }

    Index size() const { return static_cast<Index>(symbols_.size()); }
    Unit unit() const { return unit_; }
    /// The numbers of UNK, BOS and EOS. They throw where the vocabulary has none.
    Index unk() const { return special(unk_, "unk"); }
    Index bos() const { return special(bos_, "bos"); }
    Index eos() const { return special(eos_, "eos"); }

    bool has_unk() const { return unk_ >= 0; }

    bool contains(std::string_view symbol) const { return index_.find(symbol) >= 0; }
    /// The number of a symbol. Throws where it is unknown, even if there is an UNK.
    Index operator[](std::string_view symbol) const { return find(symbol, -1); }
    template <std::same_as<char> C> Index operator[](C symbol) const { return (*this)[std::string_view(&symbol, 1)]; }
    /// The symbol of a number; "<unk>", "<bos>" and "<eos>" for UNK, BOS and EOS.
    const std::string& operator[](Index k) const {
        throw_unless(k >= 0 && k < size(), "Vocabulary: symbol ", k, " is outside 0..", size() - 1);
        return symbols_[static_cast<std::size_t>(k)];
    }

    /// The numbers of a text's symbols. Unknown symbols become UNK; throws where there is no UNK.
    std::vector<Index> encode(std::string_view text) const {
        std::vector<Index> ids;
        if (unit_ == Unit::byte) ids.reserve(text.size());
        if (unit_ == Unit::code_point) ids.reserve(static_cast<std::size_t>(detail::label_length(text)));
        detail::for_each_symbol_of("Vocabulary", text, unit_, [&](std::string_view s) { ids.push_back(find(s, unk_)); });
        return ids;
    }
    /// A batch of texts, of any lengths. Throws where encode() does, with the text's number.
    Tokens batch(const std::vector<std::string>& texts) const {
        std::vector<std::vector<Index>> sequences;
        for_each_text(texts, [&](const std::string& text) { sequences.push_back(encode(text)); });
        return Tokens::of(sequences);
    }
    /// Words of a line are joined by one space. UNK shows as U+FFFD; BOS and EOS leave no trace.
    std::string decode(const std::vector<Index>& ids) const {
        std::string text;
        for (const Index k : ids) {
            const std::string& symbol = (*this)[k];
            if (k == bos_ || k == eos_) continue;
            if (detail::is_words(unit_) && !text.empty() && text.back() != '\n' && symbol != "\n") text += ' ';
            text += k == unk_ ? "\uFFFD" : symbol;
        }
        return text;
    }

    /// As UTF-8 text: a line with the unit and which of unk, bos, eos there are, then a line for each symbol, in order.
    /// \\, \n, \r, \t, \0 stand for those characters, \xHH for other control characters and, in bytes, for all above 7f.
    std::string serialize() const {
        std::string text = header() + '\n';
        for (Index k = (unk_ >= 0) + (bos_ >= 0) + (eos_ >= 0); k < size(); ++k)
            (text += detail::escape((*this)[k], unit_)) += '\n';
        return text;
    }
    /// The inverse of serialize(). Throws where serialize() cannot have written the text, with the line.
    static Vocabulary deserialize(std::string_view text) {
        Vocabulary v;
        for (Index number = 1; number == 1 || !text.empty(); ++number) {
            const auto expect = [&](bool ok, const auto&... what) {
                throw_unless(ok, "Vocabulary::deserialize: line ", number, ": ", what...);
            };
            const auto size = text.find('\n');
            expect(size != text.npos, "it does not end with a newline");
            const std::string_view line = text.substr(0, size);
            text.remove_prefix(size + 1);
            expect(detail::is_utf8(line), "invalid UTF-8");
            if (number == 1) {
                v = of_header(line);
                expect(v.header() == line, '"', line,
                       "\" is not byte, code_point, word or word_or_line_end, then any of unk, bos, eos");
                continue;
            }
            const std::string symbol = detail::unescape(line);
            expect(detail::escape(symbol, v.unit_) == line, '"', line, "\" is not escaped as serialize() does");
            v.add_one(symbol, [&](bool ok, const auto&... what) { expect(ok, '"', line, "\" ", what...); });
        }
        return v;
    }

private:
    /// With the special symbols alone.
    explicit Vocabulary(VocabularyOptions o) : unit_(o.unit) {
        throw_unless(o.min_count > 0, "Vocabulary: min_count is ", o.min_count, ", not positive");
        throw_unless(o.min_count == 1 || o.unk, "Vocabulary: min_count is ", o.min_count,
                     " without unk; symbols that are left out need it");
        if (o.unk) unk_ = append("<unk>");
        if (o.bos) bos_ = append("<bos>");
        if (o.eos) eos_ = append("<eos>");
    }

    Index append(std::string_view symbol) {
        symbols_.emplace_back(symbol);
        return size() - 1;
    }
    void add(std::string_view symbol) { index_[symbol] = append(symbol); }
    /// expect(ok, what…) throws where the symbol is there already, or is not one of the unit.
    void add_one(std::string_view symbol, const auto& expect) {
        bool is_one = false;
        detail::for_each_symbol_of("Vocabulary", symbol, unit_, [&](std::string_view s) { is_one = s == symbol; });
        expect(is_one, "is not one ", name(unit_));
        expect(!contains(symbol), "is there twice");
        add(symbol);
    }
    void add(const detail::SymbolNumbers& seen, Index min_count) {
        for (const auto& [symbol, times] : seen.sorted())
            if (times >= min_count) add(symbol);
    }
    void count(std::string_view text, detail::SymbolNumbers& seen) const {
        detail::for_each_symbol_of("Vocabulary", text, unit_, [&](std::string_view s) {
            Index& times = seen[s];
            times = std::max<Index>(0, times) + 1;
        });
    }

    /// Calls f(text) for each text; errors get the text's number at their end.
    template <class F> static void for_each_text(const std::vector<std::string>& texts, F f) {
        for (std::size_t k = 0; k < texts.size(); ++k) {
            try {
                f(texts[k]);
            } catch (const std::invalid_argument& e) {
                throw_unless(false, e.what(), " of text ", k);
            }
        }
    }

    /// The number of a symbol. For an unknown one: `unknown`, or throws if that is negative.
    Index find(std::string_view symbol, Index unknown) const {
        const Index found = index_.find(symbol);
        if (found >= 0) return found;
        throw_unless(unknown >= 0, "Vocabulary: unknown symbol \"", detail::escape(symbol, unit_), "\"");
        return unknown;
    }
    static Index special(Index k, const char* which) {
        throw_unless(k >= 0, "Vocabulary: it was made without ", which);
        return k;
    }

    static std::string_view name(Unit unit) {
        constexpr std::string_view names[] = {"byte", "code_point", "word", "word_or_line_end"};
        return names[static_cast<std::size_t>(unit)];
    }
    std::string header() const {
        std::string line(name(unit_));
        if (unk_ >= 0) line += " unk";
        if (bos_ >= 0) line += " bos";
        if (eos_ >= 0) line += " eos";
        return line;
    }
    /// The vocabulary with the options of a header line. If the line is no header, its header() differs from the line.
    static Vocabulary of_header(std::string_view line) {
        VocabularyOptions options;
        for_each_symbol(line, Unit::word, [&](std::string_view s) {
            for (const Unit unit : {Unit::byte, Unit::code_point, Unit::word, Unit::word_or_line_end})
                if (s == name(unit)) options.unit = unit;
            options.unk |= s == "unk";
            options.bos |= s == "bos";
            options.eos |= s == "eos";
        });
        return Vocabulary(options);
    }

    Unit unit_ = Unit::byte;
    Index unk_ = -1, bos_ = -1, eos_ = -1;  // -1: there is none
    std::vector<std::string> symbols_;
    detail::SymbolNumbers index_;  // without the special symbols
};

}  // namespace bptt
