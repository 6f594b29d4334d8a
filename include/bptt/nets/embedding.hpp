#pragma once

#include "bptt/core/init.hpp"
#include "bptt/ops/lookup.hpp"

namespace bptt {

/// A vector for each token.
template <class T> struct Embedding {
    using Scalar = T;

    Param<T> E;  // features×tokens: a column a token

    /// E standard normal.
    Embedding(Index tokens, Index features, Rng& rng) {
        throw_unless(tokens > 0 && features > 0, "Embedding: tokens is ", tokens, ", features is ", features,
                     "; both must be positive");
        E = random_matrix<T>(features, tokens, [&] { return rng.normal(); });
    }
    BPTT_PARAMS(E)

    /// features × (a column a token). Throws where a token has no column in E. The value is deferred until it is first read:
    /// unroll() of a built-in cell may read the tokens instead.
    Sequence<T> operator()(Tape<T>& tape, const Tokens& tokens) const& {
        detail::check_tokens("Embedding", tokens, E.cols());
        return detail::lookup(tape, tape.watch(E), E.rows(), tokens);
    }
    Sequence<T> operator()(Tape<T>& tape, const Tokens& tokens) const&& = delete;  // it would be gone when they are computed
};

}  // namespace bptt
