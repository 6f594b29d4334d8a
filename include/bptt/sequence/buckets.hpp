#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "bptt/core/random.hpp"
#include "bptt/sequence/tokens.hpp"

namespace bptt {

/// batch: how many a batch has; the batch of the longest may have fewer.
struct BatchOptions {
    Index batch = 64;
};

namespace detail {

/// Gives a batch those of all that stand at `places`, in this order. It keeps its memory, as the batch does.
class Gather {
public:
    using Places = std::span<const std::size_t>;

    template <class X> void operator()(std::vector<X>& some, const std::vector<X>& all, Places places) {
        some.resize(places.size());
        for (std::size_t b = 0; b < places.size(); ++b) some[b] = all[places[b]];
    }
    /// A column each.
    template <class T> void operator()(Mat<T>& some, const Mat<T>& all, Places places) {
        some.resize(all.rows(), std::ssize(places));
        for (Index b = 0; b < some.cols(); ++b) some.col(b) = all.col(static_cast<Index>(places[static_cast<std::size_t>(b)]));
    }
    /// Of each sequence the tokens from number `first` on, with `fewer` tokens less than it has.
    void operator()(Tokens& some, const std::vector<std::vector<Index>>& all, Places places, std::size_t first = 0,
                    std::size_t fewer = 0) {
        lengths_.clear();
        for (const std::size_t k : places) lengths_.push_back(static_cast<Index>(all[k].size() - fewer));
        time_major_.resize(static_cast<std::size_t>((std::ranges::max)(lengths_)) * places.size());
        for (std::size_t b = 0; b < places.size(); ++b)
            for (std::size_t t = 0; t < all[places[b]].size() - fewer; ++t)
                time_major_[t * places.size() + b] = all[places[b]][first + t];
        some.assign(time_major_, std::ssize(places), lengths_);
    }

private:
    std::vector<Index> lengths_, time_major_;
};

}  // namespace detail

/// Items in batches of similar lengths; pair_batches() and batches() make them. Items has a type Batch, a name for all of them
/// ("pairs"), size(), lengths(k), one or several, by which items are sorted, and fill(batch, places, gather).
/// Batches of short items come first, until shuffled.
template <class Items> class Buckets {
public:
    using Batch = typename Items::Batch;

    /// `what` is the name of a function in errors.
    Buckets(const char* what, Items items, BatchOptions options)
        : items_(std::move(items)), batch_(static_cast<std::size_t>(options.batch)) {
        throw_unless(options.batch > 0, what, ": batch is ", options.batch, ", not positive");
        throw_unless(items_.size() > 0, what, ": no ", Items::name);
        arrange(nullptr);
    }

    /// Shuffles items of equal lengths among the batches that hold such items, then the order of the batches. The result
    /// depends on the state of rng alone, not on earlier shuffles. It invalidates iterators.
    void shuffle(Rng& rng) { arrange(&rng); }

    class Iterator {
    public:
        using value_type = Batch;
        using difference_type = std::ptrdiff_t;

        explicit Iterator(const Buckets& all, Index at = 0) : all_(&all), at_(at) {
            if (at < all.size()) fill();
        }

        /// The same object each time, with new contents.
        const Batch& operator*() const { return here_; }
        const Batch* operator->() const { return &here_; }
        Iterator& operator++() {
            if (++at_ < all_->size()) fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return at_ == all_->size(); }

    private:
        void fill() { all_->items_.fill(here_, all_->places(at_), gather_); }

        const Buckets* all_;
        Index at_;
        detail::Gather gather_;
        Batch here_;
    };

    Iterator begin() const { return Iterator(*this); }
    std::default_sentinel_t end() const { return {}; }

    /// The number of batches.
    Index size() const { return std::ssize(batches_); }
    struct Rest {
        const Buckets& all;
        Index first;
        Iterator begin() const { return Iterator(all, first); }
        std::default_sentinel_t end() const { return {}; }
    };
    /// All but the first k batches: it goes on where k were done, after a restart. It refers to these.
    Rest from(Index k) const& {
        throw_unless(k >= 0 && k <= size(), "Buckets::from: k is ", k, ", of ", size(), " batches");
        return {*this, k};
    }
    void from(Index k) const&& = delete;

private:
    /// Makes the batches anew from the original order of the items, shuffled unless maybe_rng is null. Where it fails, nothing
    /// has changed.
    void arrange(Rng* maybe_rng) {
        using Lengths = decltype(items_.lengths(0));
        std::vector<std::tuple<Lengths, std::size_t, std::size_t>> keys(items_.size());  // then the order so far, and the item
        std::vector<std::size_t> order(items_.size()), batches((items_.size() + batch_ - 1) / batch_);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::iota(batches.begin(), batches.end(), std::size_t{0});
        if (maybe_rng) bptt::shuffle(order, *maybe_rng);
        for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = {items_.lengths(order[i]), i, order[i]};
        std::sort(keys.begin(), keys.end());
        for (std::size_t i = 0; i < keys.size(); ++i) order[i] = std::get<2>(keys[i]);
        if (maybe_rng) bptt::shuffle(batches, *maybe_rng);
        order_.swap(order), batches_.swap(batches);
    }
    /// The numbers of the items in a batch.
    std::span<const std::size_t> places(Index at) const {
        const auto start = batches_[static_cast<std::size_t>(at)] * batch_;
        return std::span(order_).subspan(start, (std::min)(batch_, order_.size() - start));
    }

    Items items_;
    std::size_t batch_;
    std::vector<std::size_t> order_, batches_;  // the items, which are cut into batches, and these in their order
};

}  // namespace bptt
