#pragma once

#include <span>

#include "bptt/core/tape.hpp"

namespace bptt {

/// y_k = x_{ids[k]}, column by column      dx_{ids[k]} += dy_k. Throws where an index is no column of x.
template <class T> Var<T> gather(Var<T> x, std::span<const Index> ids) {
    for (const Index k : ids)
        check(k >= 0 && k < x.cols(), "gather: index ", k, " is outside 0..", x.cols() - 1, " (x is ", shape(x), ")");
    const auto kept = x.tape().keep(ids);
    const auto forward = [=](auto y) {
        for (Index k = 0; const Index from : kept) y.col(k++) = x.value().col(from);
    };
    return record({x}, x.rows(), static_cast<Index>(ids.size()), forward, [=](Var<T> y) {
        x.accumulate_into([=](auto dx) {
            for (Index k = 0; const Index to : kept) dx.col(to) += y.grad().col(k++);
        });
    });
}

}  // namespace bptt
