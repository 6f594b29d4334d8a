#pragma once

#include <string_view>

#include "bptt/ops/lookup.hpp"

namespace bptt {

/// A column for each token, 1 in the token's row and 0 elsewhere: stands where an Embedding may stand, and learns nothing.
template <class T> struct OneHot {
    using Scalar = T;

    Index tokens;  // how many there are: the rows of a column

    OneHot(Index count) : tokens(count) { throw_unless(count > 0, "OneHot: tokens is ", count, ", not positive"); }
    static void params(auto&, auto&&) {}

    /// tokens × (a column a token), computed when somebody looks at it.
    Sequence<T> operator()(Tape<T>& tape, const Tokens& x) const { return one_hot(tape, x, tokens); }
};

}  // namespace bptt
