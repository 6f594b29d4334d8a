#pragma once

#include "bptt/autograd/tape.hpp"
#include "bptt/kernels/affine.hpp"

namespace bptt {

namespace detail {

/// A x + b as the kernels see it, with rows [first, first + count) of W as A; b may be empty.
template <class T> kernels::Affine<T> affine_of(Var<T> W, Index first, Index count, Var<T> b, Var<T> x) {
    return {.inputs = W.cols(),
            .outputs = count,
            .columns = x.cols(),
            .W = W.value().data() + first,
            .x = x.value().data(),
            .b = b.empty() ? nullptr : b.value().data(),
            .W_stride = W.rows()};
}

/// y = A x + b in one step, with rows of W from `first` on as A; b may be empty.
///   dx += Aᵀ dy,  dA += dy xᵀ,  db += dy 1
template <class T> void compute_affine(Var<T> y, T* value, Var<T> W, Index first, Var<T> b, Var<T> x) {
    auto& tape = x.tape();
    const Threads* const threads = tape.threads();
    const auto a = affine_of(W, first, y.rows(), b, x);
    const Index back = y.tracked() ? a.backward_scratch(threads) : 0;
    T* const scratch = tape.scratch(std::max(a.forward_scratch(threads), back));
    if (y.tracked())
        tape.on_backward([=, &tape] {
            if (!y.reached()) return;
            T *const dx = gradient_data(x), *const dW = gradient_data(W), *const db = gradient_data(b);
            a.backward(y.grad().data(), dx, dW ? dW + first : nullptr, db, tape.scratch(back), threads);
        });
    a.forward(value, scratch, threads);
}
/// Writes W x + b to `value`, where y's numbers stand, and records what comes back from it where y is tracked.
template <class T> void compute_affine(Var<T> y, T* value, Var<T> W, Var<T> b, Var<T> x) {
    compute_affine(y, value, W, 0, b, x);
}

/// y = W x + b in one step, shared among the tape's threads; b may be empty.
template <class T> Var<T> affine(Var<T> W, Var<T> b, Var<T> x) {
    if (!b.empty()) throw_unless(shape(b) == Shape{W.rows(), 1}, "Linear: W is ", shape(W), ", b is ", shape(b));
    const bool tracked = W.tracked() || x.tracked() || (!b.empty() && b.tracked());
    auto [y, value] = x.tape().make(W.rows(), x.cols(), tracked);
    compute_affine(y, value.data(), W, b, x);
    return y;
}

}  // namespace detail

}  // namespace bptt
