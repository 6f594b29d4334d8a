#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bptt/core/random.hpp"
#include "bptt/text/load.hpp"

namespace bptt {

/// A source text and the target text that a model is to make of it.
struct Pair {
    std::string source, target;
};

/// A file of pairs in UTF-8: on each line a source, one tab, a target, neither of them empty. Lines may end in "\r\n", and a
/// byte-order mark may stand first. Throws if a line has another form, with the file and the line, or if there are no lines.
inline std::vector<Pair> load_pairs(const std::filesystem::path& file) {
    const std::string content = detail::content_of(file, "load_pairs");
    std::string_view text = content;
    throw_unless(!text.empty(), "load_pairs: ", file.string(), " holds no pairs");
    std::vector<Pair> pairs;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix((std::min)(text.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto expect = [&](bool ok, const char* reason) {
            throw_unless(ok, "load_pairs: ", file.string(), ':', pairs.size() + 1, ": ", reason);
        };
        expect(detail::is_utf8(line), "invalid UTF-8");
        expect(!line.empty(), "an empty line");
        const auto tab = line.find('\t');
        expect(tab != line.npos, "no tab between source and target");
        expect(tab == line.rfind('\t'), "more than one tab");
        expect(tab > 0, "an empty source");
        expect(tab + 1 < line.size(), "an empty target");
        pairs.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1))});
    }
    return pairs;
}

/// A batch of pairs as class indices, for teacher forcing: targets[t] is the token after inputs[t].
struct PairBatch {
    Tokens sources;
    Tokens inputs;   // BOS, then the target
    Tokens targets;  // the target, then EOS
};

/// batch: how many pairs a batch has; the batch of the longest pairs may have fewer.
struct PairBatchOptions {
    Index batch = 64;
};

/// See pair_batches().
class PairBatches {
public:
    PairBatches(const std::vector<Pair>& pairs, const Vocabulary& source, const Vocabulary& target, PairBatchOptions options)
        : batch_(static_cast<std::size_t>(options.batch)), order_(pairs.size()) {
        throw_unless(options.batch > 0, "pair_batches: batch is ", options.batch, ", not positive");
        throw_unless(!pairs.empty(), "pair_batches: no pairs");
        const Index bos = target.bos(), eos = target.eos();
        for (const Pair& pair : pairs) {
            sources_.push_back(encode(source, pair.source, "source"));
            const std::vector<Index> ids = encode(target, pair.target, "target");
            auto& framed = framed_.emplace_back(ids.size() + 2, eos);
            framed.front() = bos;
            std::copy(ids.begin(), ids.end(), framed.begin() + 1);
        }
        arrange(nullptr);
    }

    /// Shuffles pairs of equal lengths among the batches that hold such pairs, then the order of the batches. The result
    /// depends on the state of rng alone, not on earlier shuffles. It invalidates iterators.
    void shuffle(Rng& rng) { arrange(&rng); }

    class Iterator {
    public:
        using value_type = PairBatch;
        using difference_type = std::ptrdiff_t;

        explicit Iterator(const PairBatches& all, Index at = 0) : all_(&all), at_(at) {
            if (at < all.size()) fill();
        }

        /// The same object each time, with new contents.
        const PairBatch& operator*() const { return here_; }
        const PairBatch* operator->() const { return &here_; }
        Iterator& operator++() {
            if (++at_ < all_->size()) fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return at_ == all_->size(); }

    private:
        void fill() {
            assign(here_.sources, all_->sources_, 0, 0);
            assign(here_.inputs, all_->framed_, 0, 1);
            assign(here_.targets, all_->framed_, 1, 1);
        }
        /// Assigns each sequence of this batch from token `first` on, with `fewer` tokens less than it has.
        void assign(Tokens& tokens, const std::vector<std::vector<Index>>& sequences, std::size_t first, std::size_t fewer) {
            const auto pairs = all_->pairs(at_);
            lengths_.clear();
            for (const std::size_t k : pairs) lengths_.push_back(static_cast<Index>(sequences[k].size() - fewer));
            scratch_.resize(static_cast<std::size_t>((std::ranges::max)(lengths_)) * pairs.size());
            for (std::size_t b = 0; b < pairs.size(); ++b)
                for (std::size_t t = 0; t < sequences[pairs[b]].size() - fewer; ++t)
                    scratch_[t * pairs.size() + b] = sequences[pairs[b]][first + t];
            tokens.assign(scratch_, static_cast<Index>(pairs.size()), lengths_);
        }

        const PairBatches* all_;
        Index at_;
        std::vector<Index> lengths_, scratch_;
        PairBatch here_;
    };

    Iterator begin() const { return Iterator(*this); }
    std::default_sentinel_t end() const { return {}; }

    /// The number of batches.
    Index size() const { return static_cast<Index>(starts_.size()); }
    struct Rest {
        const PairBatches& all;
        Index first;
        Iterator begin() const { return Iterator(all, first); }
        std::default_sentinel_t end() const { return {}; }
    };
    /// All but the first k batches: it goes on where k were done, after a restart. It refers to these.
    Rest from(Index k) const& {
        throw_unless(k >= 0 && k <= size(), "PairBatches::from: k is ", k, ", of ", size(), " batches");
        return {*this, k};
    }
    void from(Index k) const&& = delete;

private:
    std::vector<Index> encode(const Vocabulary& vocabulary, const std::string& text, const char* side) const {
        try {
            return vocabulary.encode(text);
        } catch (const std::invalid_argument& e) {
            detail::fail({"pair_batches: the ", side, " of pair ", framed_.size(), ", \"", text, "\": ", e.what()});
        }
    }

    /// Makes the batches anew from the original order of the pairs, shuffled unless maybe_rng is null.
    void arrange(Rng* maybe_rng) {
        const auto mix = [&](std::vector<std::size_t>& all) {
            if (maybe_rng) bptt::shuffle(all, *maybe_rng);
        };
        std::vector<std::array<std::size_t, 4>> keys(order_.size());  // lengths, then the order so far, then which pair
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        mix(order_);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const std::size_t k = order_[i];
            keys[i] = {sources_[k].size(), framed_[k].size(), i, k};
        }
        std::sort(keys.begin(), keys.end());
        for (std::size_t i = 0; i < keys.size(); ++i) order_[i] = keys[i][3];
        starts_.clear();
        for (std::size_t k = 0; k < order_.size(); k += batch_) starts_.push_back(k);
        mix(starts_);
    }
    /// The numbers of the pairs in a batch.
    std::span<const std::size_t> pairs(Index at) const {
        const auto start = starts_[static_cast<std::size_t>(at)];
        return std::span(order_).subspan(start, (std::min)(batch_, order_.size() - start));
    }

    std::vector<std::vector<Index>> sources_, framed_;  // framed: BOS, target, EOS
    std::size_t batch_;
    std::vector<std::size_t> order_, starts_;  // starts: where in the order each batch begins
};

/// Encodes all pairs once and buckets them into batches of similar lengths: sorted by the source's length, then the target's.
/// Batches of short pairs come first, until shuffled. Throws where a vocabulary does not know a symbol, with the pair's number
/// and text, and unless the target vocabulary has BOS and EOS. The result does not refer to the arguments.
inline PairBatches pair_batches(const std::vector<Pair>& pairs, const Vocabulary& source, const Vocabulary& target,
                                PairBatchOptions options = {}) {
    return {pairs, source, target, options};
}

}  // namespace bptt
