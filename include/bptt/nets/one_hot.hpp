#pragma once

#include <string_view>

#include "bptt/ops/lookup.hpp"

namespace bptt {

/// A one-hot column for each token: it can replace an Embedding, and has no parameters.
template <class T> struct OneHot {
    using Scalar = T;

    Index tokens;  // how many there are: the rows of a column

    OneHot(Index count) : tokens(count) { throw_unless(count > 0, "OneHot: tokens is ", count, ", not positive"); }
    static void params(auto&, auto&&) {}

    /// tokens × (a column a token), computed when it is first read.
    Sequence<T> operator()(Tape<T>& tape, const Tokens& x) const { return one_hot(tape, x, tokens); }
};

}  // namespace bptt
