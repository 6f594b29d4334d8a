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

    /// New contents in the memory of the old.
    void assign(std::span<const Index> ids, Index batch, std::span<const Index> lengths = {}) {
        const Layout l = Layout::of("Tokens", static_cast<Index>(ids.size()), batch, lengths);
        const auto real = ids.first(static_cast<std::size_t>(l.columns()));
        ids_.assign(real.begin(), real.end());
        layout_ = l;
    }

    const Layout& layout() const { return layout_; }
    /// One index a column of the layout.
    std::span<const Index> ids() const { return ids_; }

private:
    std::vector<Index> ids_;
    Layout layout_;
};

}  // namespace bptt
