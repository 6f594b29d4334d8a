#pragma once

#include <span>

#include "bptt/sequence/sequence.hpp"
#include "bptt/sequence/tokens.hpp"

namespace bptt {

namespace detail {
inline void check_tokens(const char* what, const Tokens& tokens, Index classes) {
    throw_unless(classes > 0, what, ": there are ", classes, " classes");
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
template <class T> Var<T> one_hot_columns(Tape<T>& tape, std::span<const Index> ids, Index classes) {
    auto [x, value] = tape.make(classes, static_cast<Index>(ids.size()), false);
    value.setZero();
    for (Index k = 0; const Index token : ids) value(token, k++) = 1;
    return x;
}
}  // namespace detail

/// Each token as a column of zeros with a one: classes × (a column a token). Throws where a token is no class.
template <class T> Sequence<T> one_hot(Tape<T>& tape, const Tokens& tokens, Index classes) {
    detail::check_tokens("one_hot", tokens, classes);
    return {detail::one_hot_columns(tape, tokens.ids(), classes), detail::keep_layout(tape, tokens.layout())};
}

}  // namespace bptt
