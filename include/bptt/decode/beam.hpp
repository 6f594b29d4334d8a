#pragma once

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "bptt/decode/write.hpp"

namespace bptt {

/// width: hypotheses of a source that are followed at once. length_penalty: α of ln P / ((5 + length) / 6)^α, by which finished
/// ones compare (Wu et al. 2016); 0: by ln P alone, which favours the short.
struct BeamOptions {
    Index width = 4;
    double length_penalty = 0;
};

namespace detail {

template <Writer W> class BeamSearch {
public:
    using Hypothesis = Written<WriterScalar<W>>;

    BeamSearch(const W& writer, WriteOptions options, BeamOptions beam)
        : writer_(writer), options_(options), beam_(beam), state_(start_of(what, writer)) {
        check_write(what, options);
        throw_unless(beam.width > 0, what, ": width is ", beam.width, ", not positive");
        throw_unless(beam.length_penalty >= 0 && std::isfinite(beam.length_penalty), what, ": length_penalty is ",
                     beam.length_penalty, ", not finite and 0 or more");
    }

    std::vector<Hypothesis> run() {
        searches_.resize(static_cast<std::size_t>(batch_of(state_)));
        for (Index source = 0; auto& search : searches_) search.live.push_back({{}, source++});
        for (Index length = 0; length < options_.max_length && step();) ++length;
        std::vector<Hypothesis> found;
        for (auto& search : searches_)
            found.push_back(std::move(search.finished ? search.best : search.live.front().hypothesis));
        return found;
    }

private:
    static constexpr const char* what = "beam_search";
    struct Live {
        Hypothesis hypothesis;
        Index column;  // of state_, where its last token was written
    };
    struct Search {  // for one source
        std::vector<Live> live;
        Index finished = 0;
        Hypothesis best;  // of the finished ones
    };
    struct Candidate {
        Index parent, token;
        double token_log_probability, log_probability;  // of the token, of the whole
    };

    /// False where nothing is left to continue.
    bool step() {
        std::vector<Index> columns, previous, sources;
        for (Index source = 0; const Search& search : searches_) {
            for (const Live& live : search.live) {
                columns.push_back(live.column);
                previous.push_back(live.hypothesis.tokens.empty() ? options_.bos : live.hypothesis.tokens.back());
                sources.push_back(source);
            }
            ++source;
        }
        if (columns.empty()) return false;
        state_ = take_columns(state_, columns);
        const auto logits = next_logits(what, writer_, options_, previous, sources, state_);
        for (Index source = 0, column = 0; Search & search : searches_) {
            const auto width = static_cast<Index>(search.live.size());
            advance(search, source, column, logits.middleCols(column, width));
            column += width;
            ++source;
        }
        return true;
    }

    void advance(Search& search, Index source, Index first, const auto& logits) {
        std::vector<Live> live;
        for (const Candidate& c : best_candidates(search, logits)) {
            Hypothesis w = search.live[static_cast<std::size_t>(c.parent)].hypothesis;
            append(w, writer_, source, state_, first + c.parent, c.token, c.token_log_probability, options_.eos);
            if (!w.complete)
                live.push_back({std::move(w), first + c.parent});
            else if (++search.finished == 1 || score(w) > score(search.best))
                search.best = std::move(w);
        }
        search.live = std::move(live);
        // ln P only falls from here on, and the penalty of the longest is the most that can help
        if (search.finished && !search.live.empty() &&
            score(search.best) >= score(search.live.front().hypothesis.log_probability, options_.max_length))
            search.live.clear();
    }

    /// The likeliest continuations, as many as the width less the finished ones; of equals, the first.
    std::vector<Candidate> best_candidates(const Search& search, const auto& logits) const {
        std::vector<Candidate> all;
        for (Index parent = 0; const Live& live : search.live) {
            const Eigen::VectorXd next = log_probabilities(what, logits.col(parent));
            for (Index token = 0; token < next.size(); ++token)
                if (std::isfinite(next[token]))
                    all.push_back({parent, token, next[token], live.hypothesis.log_probability + next[token]});
            ++parent;
        }
        const auto kept = std::min(std::ssize(all), beam_.width - search.finished);
        std::ranges::partial_sort(all, all.begin() + kept, {},
                                  [](const Candidate& c) { return std::tuple(-c.log_probability, c.parent, c.token); });
        all.resize(static_cast<std::size_t>(kept));
        return all;
    }

    double score(double log_probability, Index length) const {
        return log_probability / std::pow((5 + static_cast<double>(length)) / 6, beam_.length_penalty);
    }
    double score(const Hypothesis& w) const { return score(w.log_probability, std::ssize(w.tokens)); }

    const W& writer_;
    WriteOptions options_;
    BeamOptions beam_;
    WriterState<W> state_;
    std::vector<Search> searches_;
};

}  // namespace detail

/// For each source the best that beam search finds (Sutskever et al. 2014). At each step the likeliest continuations are kept,
/// as many as `width` less those that are finished; what is finished is never continued. A source is done when nothing is left,
/// or nothing left can win any more. Only where nothing finishes within max_length is the best unfinished one returned.
template <Writer W> auto beam_search(const W& writer, WriteOptions options, BeamOptions beam = {}) {
    return detail::BeamSearch<W>(writer, options, beam).run();
}

}  // namespace bptt
