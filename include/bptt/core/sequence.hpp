#pragma once

#include <initializer_list>
#include <span>

#include "bptt/core/layout.hpp"
#include "bptt/core/tape.hpp"

namespace bptt {

template <class T> struct Sequence;

/// Throws where the sequence is from before tape.clear(), or was not made by sequence(), an embedding or the like.
template <class T> const Layout& layout_of(const Sequence<T>& x) {
    check(x.layout != nullptr, "Sequence: it has no layout; sequence(x, batch) makes one");
    x.all.tape();  // throws if the layout went with the tape's last window
    return *x.layout;
}

/// A batch of sequences on a tape: features × (all real columns), time-major.
template <class T> struct Sequence {
    using Scalar = T;

    Var<T> all;
    const Layout* layout = nullptr;  // lives as long as `all`: see layout_of()
    Var<T> before = {};              // features × batch, what stood before step 0: an unroll's initial state, else empty

    Index steps() const { return layout_of(*this).steps; }
    Index batch() const { return layout_of(*this).batch; }
    /// Step t, features × batch: a view, not a copy.
    Var<T> operator[](Index t) const {
        const Layout& l = layout_of(*this);
        check(t >= 0 && t < l.steps, "Sequence: step ", t, " of ", l);
        return all.tape().view(all, l.start(t) * all.rows(), all.rows(), l.width(t));
    }
    /// Other features in the same columns.
    Sequence with(Var<T> features) const {
        const Layout& l = layout_of(*this);
        check(features.cols() == l.columns(), "Sequence: ", shape(features), " for ", l);
        return {features, layout};
    }
};

/// x: features × (steps·batch), time-major. `lengths`: of each sequence, at most x.cols() / batch; none: all of them.
template <class T> Sequence<T> sequence(Var<T> x, Index batch, std::span<const Index> lengths = {}) {
    const Layout l = Layout::of("sequence", x.cols(), batch, lengths);
    auto& tape = x.tape();
    return {tape.view(x, 0, x.rows(), l.columns()), tape.keep(l)};
}
template <class T> Sequence<T> sequence(Var<T> x, Index batch, std::initializer_list<Index> lengths) {
    return sequence(x, batch, std::span<const Index>(lengths));
}

/// Back to features × (steps·batch), time-major.
template <class T> Var<T> padded(const Sequence<T>& x) { return x.all; }

/// Throws unless both have the same batch and lengths.
inline void check_same_layout(const char* what, const Layout& a, const Layout& b) {
    check(a == b, what, ": ", a, " against ", b);
}

}  // namespace bptt
