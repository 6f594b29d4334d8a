#pragma once

#include <span>

#include "bptt/core/columns.hpp"

namespace bptt {

/// y_k = x_{ids[k]}, column by column      dx_{ids[k]} += dy_k. Throws where an index is no column of x.
template <class T> Var<T> gather(Var<T> x, std::span<const Index> ids) {
    for (const Index k : ids)
        check(k >= 0 && k < x.cols(), "gather: index ", k, " is outside 0..", x.cols() - 1, " (x is ", shape(x), ")");
    return detail::take_columns(x, x.tape().keep(ids));
}

}  // namespace bptt
