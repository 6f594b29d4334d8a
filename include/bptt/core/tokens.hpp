#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "bptt/core/layout.hpp"

namespace bptt {

/// A batch of sequences of class indices. It owns them: no tape needed.
class Tokens {
public:
    Tokens() = default;
    /// ids: steps·batch of them, time-major (all of step 0, then all of step 1, …). `lengths` as for sequence().
    Tokens(std::span<const Index> ids, Index batch, std::span<const Index> lengths = {}) { assign(ids, batch, lengths); }
    Tokens(std::initializer_list<Index> ids, Index batch) : Tokens(std::span<const Index>(ids), batch) {}

    /// A batch of these sequences, of any lengths.
    static Tokens of(std::span<const std::vector<Index>> sequences) {
        std::vector<Index> lengths, rectangle;
        for (const auto& s : sequences) lengths.push_back(static_cast<Index>(s.size()));
        const auto batch = sequences.size(), steps = lengths.empty() ? 0 : static_cast<std::size_t>(std::ranges::max(lengths));
        rectangle.resize(steps * batch);
        for (std::size_t b = 0; b < batch; ++b)
            for (std::size_t t = 0; t < sequences[b].size(); ++t) rectangle[t * batch + b] = sequences[b][t];
        return Tokens(rectangle, static_cast<Index>(batch), lengths);
    }
    static Tokens of(std::initializer_list<std::vector<Index>> sequences) {
        return of(std::span<const std::vector<Index>>(sequences));
    }

    /// New contents in the memory of the old.
    void assign(std::span<const Index> ids, Index batch, std::span<const Index> lengths = {}) {
        ids_.reserve(ids.size());
        layout_ = Layout::of("Tokens", static_cast<Index>(ids.size()), batch, lengths, [&](Index n) {
            table_.resize(static_cast<std::size_t>(n));
            return table_.data();
        });
        ids_.clear();
        layout_.for_each_column([&](Index, Index t, Index b) { ids_.push_back(ids[static_cast<std::size_t>(t * batch + b)]); });
    }

    /// It lives as long as these tokens, unchanged.
    Layout layout() const {
        Layout l = layout_;
        if (!l.even()) l.table = table_.data();  // of this object, not of the one it was copied from
        return l;
    }
    /// One index a column of the layout.
    std::span<const Index> ids() const { return ids_; }

private:
    std::vector<Index> ids_, table_;
    Layout layout_;
};

}  // namespace bptt
