#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bptt/core/types.hpp"
#include "bptt/text/symbols.hpp"

namespace bptt::detail {

/// A number for each symbol, -1 for one that has none. Most symbols of most texts are one byte, and those are not hashed.
class SymbolNumbers {
public:
    SymbolNumbers() { bytes_.fill(-1); }

    Index find(std::string_view symbol) const {
        if (symbol.size() == 1) return bytes_[place(symbol)];
        const auto found = longer_.find(symbol);
        return found == longer_.end() ? -1 : found->second;
    }
    /// -1 at first.
    Index& operator[](std::string_view symbol) {
        if (symbol.size() == 1) return bytes_[place(symbol)];
        const auto found = longer_.find(symbol);
        return found == longer_.end() ? longer_.emplace(symbol, -1).first->second : found->second;
    }
    /// All symbols that have a number, in byte order.
    std::vector<std::pair<std::string, Index>> sorted() const {
        std::vector<std::pair<std::string, Index>> all(longer_.begin(), longer_.end());
        for (std::size_t k = 0; k < bytes_.size(); ++k)
            if (bytes_[k] >= 0) all.emplace_back(std::string(1, static_cast<char>(k)), bytes_[k]);
        std::ranges::sort(all);
        return all;
    }

private:
    struct Hash {
        using is_transparent = void;
        /// Not noexcept, so that libstdc++ keeps each symbol's hash: else it hashes all symbols of a bucket at each look-up.
        std::size_t operator()(std::string_view symbol) const { return std::hash<std::string_view>()(symbol); }
    };
    static std::size_t place(std::string_view symbol) { return static_cast<unsigned char>(symbol[0]); }

    std::array<Index, 256> bytes_;
    std::unordered_map<std::string, Index, Hash, std::equal_to<>> longer_;
};

}  // namespace bptt::detail
