#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bptt/core/utf8.hpp"
#include "bptt/inspect/markup.hpp"

// How data travel in a report's page: as JSON, or as bytes in base64, in script elements that are not run.
namespace bptt::detail {

/// visible() as a JSON string within a script element, which a "<" might end. Nothing else that visible() leaves needs an
/// escape: it leaves no control characters, and all of it is UTF-8.
inline std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : visible(text)) {
        if (c == '"' || c == '\\') out += '\\';
        c == '<' ? out += "\\u003c" : out += c;
    }
    return out += '"';
}

/// To six digits, in any locale.
inline std::string json_number(double x) {
    auto out = classic_stream();
    out << x;
    return out.str();
}

/// write(x) is the JSON of an element.
template <class Range, class F> std::string json_array(const Range& all, F write) {
    std::string out = "[";
    for (const auto& x : all) (out += out.size() > 1 ? "," : "") += write(x);
    return out += ']';
}

/// Of keys, at least one, and the JSON of their values.
inline std::string json_object(std::initializer_list<std::pair<const char*, std::string>> fields) {
    std::string out;
    for (const auto& [key, value] : fields) (((out += out.empty() ? "{\"" : ",\"") += key) += "\":") += value;
    return out += '}';
}

/// Base64 (RFC 4648, section 4): 4 ⌈n/3⌉ characters.
inline std::string base64(std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t left = bytes.size() - at;
        const auto byte = [&](std::size_t k) { return k < left ? unsigned{bytes[at + k]} : 0u; };
        const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (std::size_t k = 0; k < 4; ++k) out += k <= left ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

inline std::string data_block(const char* type, const std::string& id, const std::string& data) {
    return std::string("<script type=\"") + type + "\" id=\"" + id + "\">" + data + "</script>\n";
}

/// The distinct symbols of a text, in the order in which they are asked for first.
class ReportSymbols {
public:
    std::size_t place(const std::string& symbol) {
        const auto [at, is_new] = places_.try_emplace(symbol, all_.size());
        if (is_new) all_.push_back(symbol);
        return at->second;
    }
    const std::vector<std::string>& all() const { return all_; }

    std::string shown() const {
        return json_array(all_, [](const std::string& s) { return json_string(shown_symbol(s)); });
    }
    /// The places of those that end a line.
    std::string ends() const {
        std::vector<std::size_t> places;
        for (std::size_t k = 0; k < all_.size(); ++k)
            if (all_[k].ends_with('\n')) places.push_back(k);
        return json_array(places, [](std::size_t k) { return std::to_string(k); });
    }
    /// Whether some have several characters: then they are set off from each other.
    bool are_long() const {
        return std::ranges::any_of(all_, [](const std::string& s) {
            const std::size_t first = code_point_size(s, 0);
            return first > 0 && first < s.size();
        });
    }
    /// Whether, besides, none but ends of lines has white space: then there are spaces between them.
    bool are_words() const {
        return are_long() && std::ranges::none_of(all_, [](const std::string& s) { return s.find_first_of(" \t") != s.npos; });
    }

private:
    std::unordered_map<std::string, std::size_t> places_;
    std::vector<std::string> all_;
};

}  // namespace bptt::detail
