#pragma once

#include <optional>

#include "bptt/autograd/record.hpp"
#include "bptt/core/training.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// y = x ⊙ m / (1 − p)      dx += dy ⊙ m / (1 − p)
/// m is 0 with probability p, else 1, drawn anew for each element; p = 1 gives zeros. Without `training` it is x itself. Throws
/// unless 0 <= p <= 1. (Inverted dropout: that of Srivastava et al. 2014, but scaled in training.)
template <class T> Var<T> dropout(Var<T> x, double p, std::optional<Training> training) {
    throw_unless(p >= 0 && p <= 1, "dropout: p is ", p, ", outside 0..1");
    if (!training || p == 0) return x;
    const auto m = x.tape().template buffer<bool>(x.size());
    const auto kept = Eigen::Map<const Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>>(m, x.rows(), x.cols());
    const T scale = static_cast<T>(1 / (1 - p));  // infinite at p = 1, where nothing is kept
    Rng rng = training->rng;                      // the user's own moves on when nothing can fail any more
    for (Index k = 0; k < x.size(); ++k) m[k] = rng.uniform() >= p;
    const auto y = record({x}, kept.select(scale * x.array(), T(0)),
                          [=](Var<T> out) { x.accumulate(kept.select(scale * out.grad().array(), T(0))); });
    training->rng = rng;
    return y;
}
template <class T> Sequence<T> dropout(const Sequence<T>& x, double p, std::optional<Training> training) {
    layout_of(x);  // throws before anything is drawn
    return x.with(dropout(x.all, p, training));
}

}  // namespace bptt
