#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include "bptt/decode/writer.hpp"

namespace bptt {

/// width: the beam width, the most hypotheses of a source at a time. length_penalty: α in the score ln P / ((5 + length) / 6)^α
/// that ranks finished hypotheses (Wu et al. 2016); with α = 0 the score is ln P, which favours short ones.
struct BeamOptions {
    Index width = 4;
    double length_penalty = 0;
};

namespace detail {

template <Writer W> class BeamSearch {
public:
    using Hypothesis = Written<typename Writing<W>::T>;

    BeamSearch(const char* what, const W& writer, const WriteOptions& options, BeamOptions beam, Index n)
        : writing_(what, writer, options), beam_(beam), n_(n) {
        throw_unless(beam.width > 0, what, ": width is ", beam.width, ", not positive");
        throw_unless(n > 0 && n <= beam.width, what, ": n is ", n, ", outside 1..", beam.width, ", the width");
        throw_unless(beam.length_penalty >= 0 && std::isfinite(beam.length_penalty), what, ": length_penalty is ",
                     beam.length_penalty, ", not finite and 0 or more");
    }

    /// For each source the n best, best first.
    std::vector<Hypothesis> run() {
        searches_.resize(static_cast<std::size_t>(writing_.batch()));
        for (Index source = 0; auto& search : searches_) {
            auto& [begun, column] = search.live.emplace_back();
            begun.source = column = source++;
        }
        for (Index length = 0; length < writing_.options().max_length && step();) ++length;
        std::vector<Hypothesis> found;
        for (auto& [live, finished, best] : searches_) {
            for (auto& each : live)
                if (std::ssize(best) < n_) best.push_back(std::move(each.hypothesis));
            std::ranges::move(best, std::back_inserter(found));
        }
        return found;
    }

private:
    struct Live {
        Hypothesis hypothesis;
        Index column = 0;  // the column of the state that belongs to the hypothesis
    };
    struct Search {  // for one source
        std::vector<Live> live;
        Index finished = 0;
        std::vector<Hypothesis> best;  // of the finished ones, at most n, best first
    };
    struct Candidate {
        Index parent, token;
        double token_log_probability, log_probability;  // of the token, of the whole
    };

    /// Extends all live hypotheses by a token; false if there are none.
    bool step() {
        std::vector<Index> columns, previous, sources;
        for (Index source = 0; const Search& search : searches_) {
            for (const auto& [hypothesis, column] : search.live) {
                columns.push_back(column);
                previous.push_back(hypothesis.tokens.empty() ? writing_.first(source) : hypothesis.tokens.back());
                sources.push_back(source);
            }
            ++source;
        }
        if (columns.empty()) return false;
        writing_.keep(columns);
        const auto& logits = writing_.step(previous, sources);
        for (Index source = 0, column = 0; Search & search : searches_) {
            const auto width = std::ssize(search.live);
            advance(search, source++, column, logits);
            column += width;
        }
        return true;
    }

    /// `first`: the column of the search's first live hypothesis.
    void advance(Search& search, Index source, Index first, const auto& logits) {
        auto& [live, finished, best] = search;
        std::vector<Live> next;
        for (const Candidate& c : best_candidates(search, first, logits)) {
            Hypothesis w = live[static_cast<std::size_t>(c.parent)].hypothesis;
            writing_.append(w, source, first + c.parent, c.token, c.token_log_probability);
            if (!w.complete) {
                next.push_back({std::move(w), first + c.parent});
                continue;
            }
            ++finished;
            const auto place = std::ranges::upper_bound(best, score(w), std::greater(),
                                                        [this](const Hypothesis& b) { return this->score(b); });
            best.insert(place, std::move(w));
            if (std::ssize(best) > n_) best.pop_back();
        }
        live = std::move(next);
        // No live hypothesis can exceed this score: further tokens only lower ln P, and max_length divides it by the most.
        if (std::ssize(best) == n_ && !live.empty() &&
            score(best.back()) >= score(live.front().hypothesis.log_probability, writing_.options().max_length))
            live.clear();
    }

    /// The likeliest continuations, at most width minus the number of finished hypotheses. Ties go to the first.
    std::vector<Candidate> best_candidates(const Search& search, Index first, const auto& logits) {
        std::vector<Candidate> all;
        for (Index parent = 0; const Live& live : search.live) {
            const Eigen::VectorXd& next = writing_.log_probabilities(logits, first + parent);
            for (Index token = 0; token < next.size(); ++token)
                if (std::isfinite(next[token]))
                    all.push_back({parent, token, next[token], live.hypothesis.log_probability + next[token]});
            ++parent;
        }
        const auto kept = (std::min)(std::ssize(all), beam_.width - search.finished);
        std::ranges::partial_sort(all, all.begin() + kept, {},
                                  [](const Candidate& c) { return std::tuple(-c.log_probability, c.parent, c.token); });
        all.resize(static_cast<std::size_t>(kept));
        return all;
    }

    double score(double log_probability, Index length) const {
        return log_probability / std::pow((5 + static_cast<double>(length)) / 6, beam_.length_penalty);
    }
    double score(const Hypothesis& w) const { return score(w.log_probability, std::ssize(w.tokens)); }

    Writing<W> writing_;
    BeamOptions beam_;
    Index n_;
    std::vector<Search> searches_;
};

}  // namespace detail

/// The best hypothesis of each source by beam search (Sutskever et al. 2014). Each step keeps the likeliest continuations,
/// width minus the number of finished hypotheses, which are never continued. The search for a source ends when no hypothesis is
/// live, or no live one can win any more. Only if none finishes within max_length is the best unfinished one returned.
template <Writer W> auto beam_search(const W& writer, const WriteOptions& options, BeamOptions beam = {}) {
    return detail::BeamSearch<W>("beam_search", writer, options, beam, 1).run();
}

/// The n best hypotheses of source 0 by the same search, best first, then those of source 1, …: finished ones, followed by
/// unfinished ones if those are fewer than n. n is at most the width. A source has fewer than n only if fewer texts are
/// possible.
template <Writer W> auto n_best(const W& writer, const WriteOptions& options, Index n, BeamOptions beam = {}) {
    return detail::BeamSearch<W>("n_best", writer, options, beam, n).run();
}

}  // namespace bptt
