#pragma once

#include <span>

#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// Where a model would have an Embedding of tokens, it takes sequences of numbers as they are. It has no parameters.
template <class T> struct Features {
    using Scalar = T;

    static void params(auto&, auto&&) {}

    /// The sequences are matrices, each features × its own steps.
    Sequence<T> operator()(Tape<T>& tape, std::span<const Mat<T>> sequences) const { return Sequence<T>::of(tape, sequences); }
};

}  // namespace bptt
