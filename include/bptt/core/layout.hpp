#pragma once

#include <algorithm>
#include <ostream>
#include <span>

#include "bptt/core/check.hpp"

namespace bptt {

/// Which columns a batch of sequences has, time-major: the columns of step 0, then those of step 1, …
/// A plain value; layouts compare by what they say.
struct Layout {
    Index batch = 0;
    Index steps = 0;  // of the longest sequence

    /// All columns.
    Index columns() const { return batch * steps; }
    /// First column of step t; t = steps gives columns().
    Index start(Index t) const { return t * batch; }
    /// Columns of step t.
    Index width(Index) const { return batch; }

    friend bool operator==(const Layout&, const Layout&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Layout& l) {
        return out << l.batch << (l.batch == 1 ? " sequence of " : " sequences of ") << l.steps;
    }

    /// The layout of a rectangle of `columns` = steps·batch columns, named `what` in errors. `lengths`: of each sequence,
    /// 0..steps; none: all of them are full. Unequal lengths throw.
    static Layout of(const char* what, Index columns, Index batch, std::span<const Index> lengths) {
        check(batch > 0, what, ": batch is ", batch, ", not positive");
        check(columns % batch == 0, what, ": ", columns, " columns do not divide into a batch of ", batch);
        Layout l{batch, columns / batch};
        if (lengths.empty()) return l;
        check(static_cast<Index>(lengths.size()) == batch, what, ": ", lengths.size(), " lengths for a batch of ", batch);
        const auto [shortest, longest] = std::ranges::minmax(lengths);
        check(shortest >= 0 && longest <= l.steps, what, ": lengths are ", shortest, " to ", longest, ", outside 0..", l.steps);
        check(shortest == longest, what, ": lengths are ", shortest, " to ", longest, "; they must be equal");
        l.steps = longest;
        return l;
    }
};

}  // namespace bptt
