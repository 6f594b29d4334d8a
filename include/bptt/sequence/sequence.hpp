#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "bptt/core/layout.hpp"
#include "bptt/sequence/columns.hpp"

namespace bptt {

template <class T> struct Sequence;

/// The sequence's layout. Throws if x is from before tape.clear(), or was not made by sequence(), an embedding or the like.
template <class T> const Layout& layout_of(const Sequence<T>& x) {
    throw_unless(x.layout != nullptr, "Sequence: it has no layout; sequence(x, batch) makes one");
    const Index columns = x.all.cols();  // throws if the layout went with the tape's last window
    throw_unless(columns == x.layout->columns(), "Sequence: all is ", shape(x.all), ", the layout is ", *x.layout);
    return *x.layout;
}

namespace detail {

/// The columns of step t: a view. Its sequences stand in the layout's order, not in the user's.
template <class T> Var<T> step_columns(const Sequence<T>& x, Index t) {
    const Layout& l = *x.layout;
    return x.all.tape().view(x.all, l.start(t) * x.all.rows(), x.all.rows(), l.width(t));
}

/// x has a column for each sequence: reorders them from the user's order to the inside order of l, which lives as long as x.
template <class T> Var<T> to_inside_order(Var<T> x, const Layout& l) {
    if (l.in_order()) return x;
    return take_columns(x, std::span<const Index>(l.order(), static_cast<std::size_t>(l.batch)));
}

/// Marks `all` as the columns of a sequence of this layout, which must live as long, and returns that sequence.
template <class T> Sequence<T> columns_of(Var<T> all, const Layout* layout, Var<T> initial = {}, bool reversed = false) {
    all.mark_columns(*layout);
    return {all, layout, initial, reversed};
}

/// A copy that lives until the tape's clear().
template <class T> const Layout* keep_layout(Tape<T>& tape, Layout l) {
    if (!l.even()) l.table = tape.keep(std::span<const Index>(l.table, static_cast<std::size_t>(l.table_size()))).data();
    return tape.keep(l);
}

}  // namespace detail

/// A batch of sequences on a tape: features × (all real columns), time-major; no padding.
template <class T> struct Sequence {
    using Scalar = T;

    Var<T> all;
    const Layout* layout = nullptr;  // lives as long as `all`: see layout_of()
    Var<T> initial = {};             // features × batch, the state before the first step of an unroll's trajectory, else empty
    bool reversed = false;           // runs from each sequence's last step to its first

    /// A batch of these sequences, of any lengths: each is features × its own steps, a column a step. No gradient flows into
    /// them.
    static Sequence of(Tape<T>& tape, std::span<const Mat<T>> sequences) {
        std::vector<Index> lengths;
        for (const Mat<T>& s : sequences) lengths.push_back(s.cols());
        const Layout l = Layout::of("Sequence::of", lengths, [&](Index n) { return detail::index_buffer(tape, n).data(); });
        for (std::size_t k = 1; k < sequences.size(); ++k)
            throw_unless(sequences[k].rows() == sequences[0].rows(), "Sequence::of: sequence 0 is ", shape(sequences[0]),
                         ", sequence ", k, " is ", shape(sequences[k]), "; each is features x its own steps");
        auto made = tape.make(sequences[0].rows(), l.columns(), false);
        l.for_each_column(
            [&](Index column, Index t, Index b) { made.second.col(column) = sequences[static_cast<std::size_t>(b)].col(t); });
        return detail::columns_of(made.first, tape.keep(l));
    }
    static Sequence of(Tape<T>& tape, std::initializer_list<Mat<T>> sequences) {
        return of(tape, std::span<const Mat<T>>(sequences));
    }

    Index steps() const { return layout_of(*this).steps; }
    Index batch() const { return layout_of(*this).batch; }
    /// Step t in time, whichever way the sequence runs: a view of a column for each sequence that is longer than t. Throws
    /// where the order inside is not the user's: lengths must be equal or falling.
    Var<T> operator[](Index t) const {
        const Layout& l = layout_of(*this);
        throw_unless(t >= 0 && t < l.steps, "Sequence: step ", t, " of ", l);
        throw_unless(l.in_order(), "Sequence: step ", t, " of ", l,
                     " is not in your order: x[t] needs equal or falling lengths; use unroll(...) "
                     "over all steps, state_at(x, k), or padded(x)");
        return detail::step_columns(*this, t);
    }
    /// A sequence of the same layout and direction with these features.
    Sequence with(Var<T> features) const {
        const Layout& l = layout_of(*this);
        throw_unless(features.cols() == l.columns(), "Sequence::with: features are ", shape(features), " for ", l, ", ",
                     l.columns(), " columns");
        throw_unless(&features.tape() == &all.tape(), "Sequence::with: features are on another tape");
        detail::check_known_order("Sequence::with", &l, features.layout());
        return detail::columns_of(features, layout, {}, reversed);
    }
};

/// x: features × (steps·batch), time-major: column t·batch + b is step t of sequence b. Of a, b and c of two steps it is
///   | a0 b0 c0 | a1 b1 c1 |      and not | a0 a1 | b0 b1 | c0 c1 |, which Sequence<T>::of(tape, {a, b, c}) takes.
/// `lengths`: of each sequence, at most x.cols() / batch steps; if empty, each has that many. Padding is never read.
template <class T> Sequence<T> sequence(Var<T> x, Index batch, std::span<const Index> lengths = {}) {
    auto& tape = x.tape();
    const auto room = [&](Index n) { return detail::index_buffer(tape, n).data(); };
    const Layout l = Layout::of("sequence", x.cols(), batch, lengths, room);
    const Layout* layout = tape.keep(l);
    if (l.even()) return detail::columns_of(tape.view(x, 0, x.rows(), l.columns()), layout);
    const auto from = detail::index_buffer(tape, l.columns());
    l.for_each_column([&](Index column, Index t, Index b) { from[static_cast<std::size_t>(column)] = t * batch + b; });
    return detail::columns_of(detail::take_columns(x, std::span<const Index>(from)), layout);
}
template <class T> Sequence<T> sequence(Var<T> x, Index batch, std::initializer_list<Index> lengths) {
    return sequence(x, batch, std::span<const Index>(lengths));
}

/// The padded batch, features × (steps·batch), time-major, in the user's order, with zeros beyond each length; it has as many
/// steps as the longest sequence.
template <class T> Var<T> padded(const Sequence<T>& x) {
    const Layout& l = layout_of(x);
    if (l.even()) return x.all;
    const auto from = detail::index_buffer(x.all.tape(), l.steps * l.batch);
    std::ranges::fill(from, Index{-1});
    l.for_each_column([&](Index column, Index t, Index b) { from[static_cast<std::size_t>(t * l.batch + b)] = column; });
    return detail::take_columns(x.all, std::span<const Index>(from));
}

/// The same columns, through which no gradient flows, nor through the initial state.
template <class T> Sequence<T> detach(const Sequence<T>& x) {
    const Layout& l = layout_of(x);
    return detail::columns_of(detach(x.all), &l, x.initial.empty() ? x.initial : detach(x.initial), x.reversed);
}

/// The same columns, to be run the other way: unroll() goes from each sequence's own last step to its first.
template <class T> Sequence<T> reversed(const Sequence<T>& x) { return {x.all, &layout_of(x), {}, !x.reversed}; }

}  // namespace bptt
