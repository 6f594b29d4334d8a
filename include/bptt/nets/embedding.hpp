#pragma once

#include <span>

#include "bptt/core/init.hpp"
#include "bptt/core/sequence.hpp"
#include "bptt/core/tokens.hpp"
#include "bptt/ops/gather.hpp"

namespace bptt {

namespace detail {
inline void check_tokens(const char* what, const Tokens& tokens, Index classes) {
    check(classes > 0, what, ": there are ", classes, " classes");
    for (const Index token : tokens.ids())
        check(token >= 0 && token < classes, what, ": token ", token, " is outside 0..", classes - 1, " of ", tokens.layout());
}
}  // namespace detail

/// A vector for each token.
template <class T> struct Embedding {
    using Scalar = T;

    Param<T> E;  // features×tokens: a column a token

    /// E standard normal.
    Embedding(Index tokens, Index features, Rng& rng) {
        check(tokens > 0 && features > 0, "Embedding: tokens is ", tokens, ", features is ", features,
              "; both must be positive");
        E = random_matrix<T>(features, tokens, [&] { return rng.normal(); });
    }
    static void params(auto& m, auto&& f) { f("E", m.E); }

    /// features × (a column a token). Throws where a token has no column in E.
    Sequence<T> operator()(Tape<T>& tape, const Tokens& tokens) const {
        detail::check_tokens("Embedding", tokens, E.cols());
        return {gather(tape.watch(E), tokens.ids()), detail::keep_layout(tape, tokens.layout())};
    }
};

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
