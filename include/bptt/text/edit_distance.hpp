#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <limits>
#include <numeric>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/core/check.hpp"

namespace bptt {

namespace detail {

/// A sequence of tokens. A literal is none, as its tokens would have the zero at its end among them.
template <class A>
concept TokenRange =
    std::ranges::forward_range<const A> && std::ranges::sized_range<const A> && !std::is_convertible_v<const A&, const char*>;

/// Another one, whose tokens can be compared with those of A.
template <class B, class A>
concept ComparableTo = TokenRange<A> && TokenRange<B> && requires(const A& a, const B& b) {
    { *std::ranges::begin(a) == *std::ranges::begin(b) } -> std::convertible_to<bool>;
    { *std::ranges::begin(b) == *std::ranges::begin(a) } -> std::convertible_to<bool>;
};

}  // namespace detail

/// How many tokens must at least be inserted, left out or replaced by another to make b of a (Levenshtein 1966). The tokens of
/// a std::string are its bytes. The time grows as |a|·|b|, the memory as the shorter of them.
template <class A, detail::ComparableTo<A> B> Index edit_distance(const A& a, const B& b) {
    if (std::ranges::size(a) < std::ranges::size(b)) return edit_distance(b, a);
    // row[j]: the distance between what a has so far and the first j tokens of b.
    std::vector<Index> row(static_cast<std::size_t>(std::ranges::size(b)) + 1);
    std::iota(row.begin(), row.end(), Index{0});
    for (const auto& x : a) {
        Index diagonal = row[0]++;
        std::size_t j = 0;
        for (const auto& y : b) {
            const Index replaced = x == y ? diagonal : diagonal + 1;
            diagonal = row[++j];
            row[j] = (std::min)({replaced, diagonal + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}
inline Index edit_distance(std::string_view a, std::string_view b) { return edit_distance<>(a, b); }

/// The errors in all that was written, as a share of the tokens of all references: Σ edit_distance / Σ length. Of words it is
/// the word error rate, of phonemes the phoneme error rate. A reference is a sequence of tokens, or a list of several that are
/// right: of these the one with the least distance counts, and of equal ones the longest.
template <std::ranges::sized_range Written, std::ranges::sized_range References>
double error_rate(const Written& written, const References& references) {
    throw_unless(std::ranges::size(written) == std::ranges::size(references), "error_rate: written has ",
                 std::ranges::size(written), " sequences, references has ", std::ranges::size(references));
    Index errors = 0, length = 0, number = 0;
    auto at = std::ranges::begin(written);
    for (const auto& reference : references) {
        const auto& text = *at++;
        using Best = std::pair<Index, Index>;  // the distance, and the length with a minus
        constexpr Index none = (std::numeric_limits<Index>::max)();
        Best best{none, none};
        const auto consider = [&](const auto& right) {
            best = (std::min)(best, Best{edit_distance(text, right), -static_cast<Index>(std::ranges::size(right))});
        };
        if constexpr (requires { edit_distance(text, reference); })
            consider(reference);
        else
            for (const auto& right : reference) consider(right);
        throw_unless(best.first < none, "error_rate: reference ", number++, " has none that is right");
        errors += best.first, length -= best.second;
    }
    throw_unless(length > 0, "error_rate: references have no tokens");
    return static_cast<double>(errors) / static_cast<double>(length);
}

}  // namespace bptt
