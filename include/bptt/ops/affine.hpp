#pragma once

#include <algorithm>

#include "bptt/autograd/tape.hpp"
#include "bptt/core/compiled.hpp"
#include "bptt/kernels/affine.hpp"

namespace bptt::detail {

/// A x + b as the kernels see it, with rows [first, first + count) of W as A; b may be empty.
template <class T> kernels::Affine<T> affine_of(Var<T> W, Index first, Index count, Var<T> b, Var<T> x) {
    return {.inputs = W.cols(),
            .outputs = count,
            .columns = x.cols(),
            .W = W.value().data() + first,
            .x = x.value().data(),
            .maybe_b = b.empty() ? nullptr : b.value().data(),
            .W_stride = W.rows()};
}

/// value = A x + b, the value of y, shared among the tape's threads, with rows of W from `first` on as A; b may be empty.
///   dx += Aᵀ dy,  dA += dy xᵀ,  db += dy 1
template <class T> void compute_affine(Var<T> y, T* value, Var<T> W, Index first, Var<T> b, Var<T> x) {
    auto& tape = x.tape();
    const Threads* const maybe_threads = tape.threads();
    const auto a = affine_of(W, first, y.rows(), b, x);
    const Index back = y.tracked() ? a.backward_scratch(maybe_threads) : 0;
    T* const scratch = tape.scratch((std::max)(a.forward_scratch(maybe_threads), back));
    if (y.tracked())
        tape.on_backward([=, &tape] {
            if (!y.reached()) return;
            T *const maybe_dx = gradient_data(x), *const maybe_dW = gradient_data(W), *const maybe_db = gradient_data(b);
            a.backward(y.accumulated().data(), maybe_dx, maybe_dW ? maybe_dW + first : nullptr, maybe_db, tape.scratch(back),
                       maybe_threads);
        });
    a.forward(value, scratch, maybe_threads);
}
#ifdef BPTT_INSTANCE
BPTT_INSTANCE void compute_affine(Var<float>, float*, Var<float>, Index, Var<float>, Var<float>);
BPTT_INSTANCE void compute_affine(Var<double>, double*, Var<double>, Index, Var<double>, Var<double>);
#endif

/// y = A x with rows [first, first + count) of W as A.
template <class T> Var<T> product(Var<T> W, Index first, Index count, Var<T> x) {
    auto [y, value] = x.tape().make(count, x.cols(), W.tracked() || x.tracked());
    compute_affine(y, value.data(), W, first, Var<T>(), x);
    return y;
}

/// A deferred W x + b.
template <class T> struct DeferredAffine : Deferred<T> { Var<T> W, b, x; };
/// y = W x + b, computed when it is first read.
template <class T> Var<T> deferred_affine(Var<T> W, Var<T> b, Var<T> x) {
    x.value();  // so that a chain of them is never computed by recursion
    DeferredAffine<T> what{{}, W, b, x};
    what.compute = [](const Deferred<T>& d, Var<T> y, T* value) {
        const auto& later = static_cast<const DeferredAffine<T>&>(d);
        compute_affine(y, value, later.W, 0, later.b, later.x);
    };
    return x.tape().defer(what, W.rows(), x.cols(), W.tracked() || b.tracked() || x.tracked());
}

}  // namespace bptt::detail
