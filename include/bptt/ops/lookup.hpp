#pragma once

#include <algorithm>
#include <span>

#include "bptt/core/compiled.hpp"
#include "bptt/sequence/sequence.hpp"
#include "bptt/sequence/tokens.hpp"

namespace bptt {

namespace detail {
inline void check_tokens(const char* what, const Tokens& tokens, Index classes) {
    throw_unless(classes > 0, what, ": there are ", classes, " classes");
    throw_unless(tokens.layout().batch > 0, what, ": the tokens are a batch of no sequences");
    for (const Index token : tokens.ids())
        throw_unless(token >= 0 && token < classes, what, ": token ", token, " is outside 0..", classes - 1, " of ",
                     tokens.layout());
}
}  // namespace detail

/// y_k = x_{ids[k]}, column by column      dx_{ids[k]} += dy_k. Throws where an index is no column of x.
template <class T> Var<T> gather(Var<T> x, std::span<const Index> ids) {
    for (const Index k : ids)
        throw_unless(k >= 0 && k < x.cols(), "gather: index ", k, " is outside 0..", x.cols() - 1, " (x is ", shape(x), ")");
    return detail::take_columns(x, x.tape().keep(ids));
}

namespace detail {

/// Deferred columns: column k is column ids[k] of E or, where E is empty, one-hot: 1 in row ids[k].
template <class T> struct Lookup : Deferred<T> {
    Var<T> E;                    // features × classes, or empty
    std::span<const Index> ids;  // on the tape
};

/// y_k = E_{ids[k]}      dE_{ids[k]} += dy_k
template <class T> void compute_lookup(const Lookup<T>& look, Var<T> y, T* value) {
    const auto E = look.E;
    const auto ids = look.ids;
    const Index rows = y.rows();
    if (E.empty()) {
        std::fill_n(value, y.size(), T(0));
        for (T* column = value; const Index id : ids) column[id] = 1, column += rows;
        return;
    }
    const T* const table = E.value().data();
    for (T* column = value; const Index id : ids) column = std::copy_n(table + id * rows, rows, column);
    if (!y.tracked()) return;
    y.tape().on_backward([=] {
        if (!y.reached()) return;
        T* const dE = gradient_data(E);
        for (const T* dy = y.accumulated().data(); const Index id : ids) {
            kernels::add_scaled(1, dy, rows, dE + id * rows);
            dy += rows;
        }
    });
}

/// The columns of a batch of tokens, none of which is outside of E, or of the `features` of one-hot columns.
template <class T> Sequence<T> lookup(Tape<T>& tape, Var<T> E, Index features, const Tokens& tokens) {
    Lookup<T> what{{}, E, tape.keep(tokens.ids())};
    what.compute = [](const Deferred<T>& d, Var<T> y, T* value) { compute_lookup(static_cast<const Lookup<T>&>(d), y, value); };
    const auto columns = static_cast<Index>(what.ids.size());
    return columns_of(tape.defer(what, features, columns, !E.empty() && E.tracked()), keep_layout(tape, tokens.layout()));
}
#ifdef BPTT_INSTANCE
BPTT_INSTANCE Sequence<float> lookup(Tape<float>&, Var<float>, Index, const Tokens&);
BPTT_INSTANCE Sequence<double> lookup(Tape<double>&, Var<double>, Index, const Tokens&);
#endif

}  // namespace detail

/// Each token as a one-hot column: classes × (a column a token). Throws where a token is no class. The value is deferred until
/// it is first read: unroll() of a built-in cell reads the tokens instead.
template <class T> Sequence<T> one_hot(Tape<T>& tape, const Tokens& tokens, Index classes) {
    detail::check_tokens("one_hot", tokens, classes);
    return detail::lookup(tape, Var<T>(), classes, tokens);
}

}  // namespace bptt
