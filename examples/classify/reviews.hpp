#pragma once

#include <array>
#include <bptt/core/random.hpp>
#include <bptt/text/pairs.hpp>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace classify {

using namespace bptt;

/// Reviews of films, good or bad: a little grammar. S is what an opinion is of, G an adjective of its kind, B one of the other
/// kind. Where two opinions contrast, M is the one that counts, of the review's kind, and N is of the other; where they agree,
/// A is of the review's kind, too.
struct Grammar {
    static constexpr std::array<std::string_view, 10> opinions = {
        "S was G",          "S was truly G",       "S was not B", "S was not B at all", "S was never B",
        "S was far from B", "S was hardly ever B", "i found S G", "i did not find S B", "nobody could call S B"};
    static constexpr std::array<std::string_view, 9> reviews = {"M",
                                                                "M, and A",
                                                                "A, and also M",
                                                                "M, though N",
                                                                "N, but M",
                                                                "although N, M",
                                                                "M, even if N",
                                                                "N; all the same, M",
                                                                "while N, i must say that M"};
    static constexpr std::array<std::string_view, 10> things = {"the film",   "the plot",  "the acting", "the ending",
                                                                "the music",  "the start", "the hero",   "the script",
                                                                "each scene", "the cast"};
    static constexpr std::array<std::string_view, 8> good = {"good",    "great",  "clever", "moving",
                                                             "elegant", "lively", "witty",  "charming"};
    static constexpr std::array<std::string_view, 8> bad = {"bad",  "poor",   "dull",  "boring",
                                                            "slow", "clumsy", "silly", "tedious"};

    /// A template is a review with its two opinions, M and the other, which is the first where M is alone.
    static Index any_template(Rng& rng) {
        const auto n = std::ssize(opinions);
        const Index review = rng.below(std::ssize(reviews)), other = review == 0 ? 0 : rng.below(n);
        return (review * n + other) * n + rng.below(n);
    }
    static std::string review(Index which, bool is_good, Rng& rng) {
        const auto n = std::ssize(opinions);
        return expanded(reviews[static_cast<std::size_t>(which / (n * n))], [&](char part) {
            return opinion(part == 'M' ? which % n : which / n % n, is_good == (part != 'N'), rng);
        });
    }

private:
    static std::string opinion(Index form, bool is_good, Rng& rng) {
        return expanded(opinions[static_cast<std::size_t>(form)], [&](char part) {
            return part == 'S' ? any(things, rng) : any((part == 'G') == is_good ? good : bad, rng);
        });
    }
    /// The form with part(c) for each capital letter c.
    template <class F> static std::string expanded(std::string_view form, F part) {
        std::string text;
        for (const char c : form) text += c >= 'A' && c <= 'Z' ? std::string(part(c)) : std::string(1, c);
        return text;
    }
    static std::string_view any(const auto& words, Rng& rng) {
        return words[static_cast<std::size_t>(rng.below(std::ssize(words)))];
    }
};

/// n different reviews, each with its label. Of every sixth template (scattered) all reviews are held out.
inline std::vector<Pair> reviews(std::size_t n, bool held_out, Rng& rng) {
    std::vector<Pair> all;
    std::set<std::string> told;
    while (all.size() < n) {
        const Index which = Grammar::any_template(rng);
        if ((Rng(static_cast<std::uint64_t>(which)).below(6) == 0) != held_out) continue;
        const bool is_good = rng.below(2) == 0;
        const std::string text = Grammar::review(which, is_good, rng);
        if (told.insert(text).second) all.push_back({text, is_good ? "good" : "bad"});
    }
    return all;
}

/// What no training has seen.
inline std::vector<Pair> held_out_reviews() {
    Rng rng(20'000);
    return reviews(2000, true, rng);
}

}  // namespace classify
