#pragma once

#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "bptt/core/layout.hpp"

namespace bptt {

/// A batch of sequences of class indices. It owns them: no tape needed.
class Tokens {
public:
    Tokens() = default;
    /// ids: steps·batch of them, time-major (all of step 0, then all of step 1, …). `lengths` as for sequence().
    Tokens(std::span<const Index> ids, Index batch, std::span<const Index> lengths = {}) { assign(ids, batch, lengths); }
    Tokens(std::span<const Index> ids, Index batch, std::initializer_list<Index> lengths)
        : Tokens(ids, batch, std::span<const Index>(lengths)) {}
    Tokens(std::initializer_list<Index> ids, Index batch, std::initializer_list<Index> lengths = {})
        : Tokens(std::span<const Index>(ids), batch, lengths) {}
    Tokens(const Tokens&) = default;
    Tokens(Tokens&& other) noexcept { *this = std::move(other); }
    Tokens& operator=(const Tokens&) = default;
    Tokens& operator=(Tokens&& other) noexcept {
        ids_ = std::exchange(other.ids_, {});
        table_ = std::exchange(other.table_, {});
        layout_ = std::exchange(other.layout_, {});
        return *this;
    }

    /// A batch of these sequences, of any lengths. It needs no memory for padding, however unequal they are.
    static Tokens of(std::span<const std::vector<Index>> sequences) {
        std::vector<Index> lengths;
        for (const auto& s : sequences) lengths.push_back(static_cast<Index>(s.size()));
        Tokens x;
        const auto room = [&](Index n) {
            x.table_.resize(static_cast<std::size_t>(n));
            return x.table_.data();
        };
        x.layout_ = Layout::of("Tokens", lengths, room);
        x.ids_.reserve(static_cast<std::size_t>(x.layout_.columns()));
        x.layout_.for_each_column([&](Index, Index t, Index b) {
            x.ids_.push_back(sequences[static_cast<std::size_t>(b)][static_cast<std::size_t>(t)]);
        });
        return x;
    }
    static Tokens of(std::initializer_list<std::vector<Index>> sequences) {
        return of(std::span<const std::vector<Index>>(sequences));
    }

    /// Replaces the contents and reuses their memory. `ids` must not be a part of this object's own ids().
    void assign(std::span<const Index> ids, Index batch, std::span<const Index> lengths = {}) {
        throw_unless(ids.empty() || ids.data() + ids.size() <= ids_.data() || ids.data() >= ids_.data() + ids_.size(),
                     "Tokens::assign: the ids are its own");
        const auto room = [&](Index n) {
            ids_.reserve(ids.size());  // first, so that a failure changes nothing
            table_.resize(static_cast<std::size_t>(n));
            return table_.data();
        };
        const Layout l = Layout::of("Tokens", static_cast<Index>(ids.size()), batch, lengths, room);
        ids_.reserve(ids.size());
        ids_.clear();
        l.for_each_column([&](Index, Index t, Index b) { ids_.push_back(ids[static_cast<std::size_t>(t * batch + b)]); });
        layout_ = l;
    }

    /// The layout is valid as long as this object lives and does not change.
    Layout layout() const& {
        Layout l = layout_;
        if (!l.even()) l.table = table_.data();  // of this object, not of the one it was copied from
        return l;
    }
    /// One index a column of the layout.
    std::span<const Index> ids() const& { return ids_; }
    Layout layout() const&& = delete;
    std::span<const Index> ids() const&& = delete;

private:
    std::vector<Index> ids_, table_;
    Layout layout_;
};

}  // namespace bptt
