#pragma once

#include <algorithm>
#include <ostream>
#include <span>

#include "bptt/core/check.hpp"

namespace bptt {

/// How a batch of sequences is packed into columns, time-major: the columns of step 0, then those of step 1, … Step t has a
/// column for each sequence that is longer than t. In the inside order, sequences are sorted by falling length, equal ones in
/// the user's order, so that those still running always lie side by side. Layouts compare by value.
struct Layout {
    Index batch = 0;
    Index steps = 0;  // of the longest sequence
    // Null for equal lengths; else owned by whoever made the layout: steps + 1 starts, then `batch` numbers each: the sequence
    // at every place, the place of every sequence, the length of every sequence.
    const Index* table = nullptr;

    bool even() const { return table == nullptr; }
    /// The number of columns of all steps.
    Index columns() const { return start(steps); }
    /// First column of step t; t = steps gives columns().
    Index start(Index t) const {
        throw_unless(t >= 0 && t <= steps, "Layout: step ", t, " of ", *this);
        return even() ? t * batch : table[t];
    }
    /// The number of columns of step t.
    Index width(Index t) const {
        throw_unless(t < steps, "Layout: step ", t, " of ", *this);
        return start(t + 1) - start(t);
    }
    /// The user's number of the sequence at a place of the inside order.
    Index sequence(Index place) const { return checked(place), even() ? place : order()[place]; }
    /// The place of the user's sequence in the inside order: its column in step t is start(t) + place(sequence).
    Index place(Index sequence) const { return checked(sequence), even() ? sequence : order()[batch + sequence]; }
    /// The number of steps of the user's sequence.
    Index length(Index sequence) const { return checked(sequence), even() ? steps : order()[2 * batch + sequence]; }
    /// Whether the order inside is the user's.
    bool in_order() const { return even() || std::is_sorted(order(), order() + batch); }

    /// Calls f(column, t, sequence) for every column, in order; `sequence` is the user's number.
    template <class F> void for_each_column(F f) const {
        for (Index t = 0, column = 0; t < steps; ++t)
            for (Index place = 0, n = width(t); place < n; ++place) f(column++, t, sequence(place));
    }

    /// The user's numbers of all sequences, place by place. Throws where lengths are equal.
    const Index* order() const {
        throw_unless(!even(), "Layout::order: the lengths of ", *this, " are equal");
        return table + steps + 1;
    }
    Index table_size() const { return even() ? 0 : steps + 1 + 3 * batch; }

    friend bool operator==(const Layout& a, const Layout& b) {
        return a.batch == b.batch && a.steps == b.steps && a.even() == b.even() &&
               (a.table == b.table || std::equal(a.table, a.table + a.table_size(), b.table));
    }
    friend std::ostream& operator<<(std::ostream& out, const Layout& l) {
        out << l.batch << (l.batch == 1 ? " sequence of " : " sequences of ");
        if (l.even()) return out << l.steps;
        constexpr Index shown = 12;
        for (Index b = 0; b < (std::min)(l.batch, shown); ++b) out << (b ? "," : "") << l.length(b);
        return out << (l.batch > shown ? ",…" : "");
    }

    /// The layout of sequences of these lengths, named `what` in errors. Unequal ones need room(n): memory for n numbers.
    template <class Room> static Layout of(const char* what, std::span<const Index> lengths, Room room) {
        throw_unless(!lengths.empty(), what, ": batch is 0, not positive");
        for (Index b = 0; const Index n : lengths)
            throw_unless(n >= 0, what, ": the length of sequence ", b++, " is ", n, ", negative");
        const auto batch = static_cast<Index>(lengths.size());
        const auto [shortest, longest] = std::ranges::minmax(lengths);
        if (shortest == longest) return {batch, longest};

        Layout l{batch, longest};
        Index* const table = room(longest + 1 + 3 * batch);
        l.table = table;
        Index *const order = table + longest + 1, *const place = order + batch, *const length = place + batch;
        std::ranges::copy(lengths, length);
        for (Index b = 0; b < batch; ++b) order[b] = b;
        std::sort(order, order + batch,
                  [&](Index a, Index b) { return length[a] != length[b] ? length[a] > length[b] : a < b; });
        for (Index p = 0; p < batch; ++p) place[order[p]] = p;
        table[0] = 0;
        for (Index t = 0, running = batch; t < longest; ++t) {
            while (length[order[running - 1]] <= t) --running;
            table[t + 1] = table[t] + running;
        }
        return l;
    }
    /// The layout of a padded batch of `columns` = steps·batch columns. `lengths`: of each sequence, 0..steps; if empty, each
    /// has all steps.
    template <class Room>
    static Layout of(const char* what, Index columns, Index batch, std::span<const Index> lengths, Room room) {
        throw_unless(batch > 0, what, ": batch is ", batch, ", not positive");
        throw_unless(columns >= 0 && columns % batch == 0, what, ": ", columns, " columns do not divide into a batch of ",
                     batch);
        const Index most = columns / batch;
        if (lengths.empty()) return {batch, most};
        throw_unless(static_cast<Index>(lengths.size()) == batch, what, ": ", lengths.size(), " lengths for a batch of ",
                     batch);
        for (Index b = 0; const Index n : lengths)
            throw_unless(n >= 0 && n <= most, what, ": the length of sequence ", b++, " is ", n, ", outside 0..", most);
        return of(what, lengths, room);
    }

private:
    void checked(Index sequence) const {
        throw_unless(sequence >= 0 && sequence < batch, "Layout: sequence ", sequence, " of ", *this);
    }
};

/// Throws unless both have the same batch and lengths.
inline void check_same_layout(const char* what, const Layout& a, const Layout& b) {
    if (a == b) return;
    for (Index k = 0; a.batch == b.batch && k < a.batch; ++k)
        throw_unless(a.length(k) == b.length(k), what, ": ", a, " against ", b, "; sequence ", k, " has ", a.length(k),
                     " steps against ", b.length(k));
    throw_unless(false, what, ": ", a, " against ", b);
}

namespace detail {

/// Throws if both operands are known to be columns of sequences, but of others.
inline void check_known_order(const char* op, const Layout* maybe_a, const Layout* maybe_b) {
    if (maybe_a && maybe_b) check_same_layout(op, *maybe_a, *maybe_b);
}

}  // namespace detail

}  // namespace bptt
