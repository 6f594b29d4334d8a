#pragma once

#include "bptt/autograd/tape.hpp"
#include "bptt/kernels/affine.hpp"

namespace bptt {

namespace detail {

/// W x + b as the kernels see it; what it is packed into lives until clear().
template <class T> kernels::Affine<T> affine_of(Var<T> W, Var<T> b, Var<T> x, bool tracked) {
    const Index outputs = W.rows(), inputs = W.cols();
    if (!b.empty()) throw_unless(shape(b) == Shape{outputs, 1}, "Linear: W is ", shape(W), ", b is ", shape(b));
    const auto packed = [&](Index down, Index right, Index rows, Index depth) {
        T* const out = W.tape().template buffer<T>(kernels::packed_size<T>(rows, depth));
        kernels::pack(W.value().data(), down, right, rows, depth, out);
        return out;
    };
    return {inputs,
            outputs,
            x.cols(),
            x.value().data(),
            packed(1, outputs, outputs, inputs),
            tracked ? packed(outputs, 1, inputs, outputs) : nullptr,
            b.empty() ? nullptr : b.value().data()};
}

/// value = W x + b, the value of y, shared among the tape's threads; b may be empty.
///   dx += Wᵀ dy,  dW += dy xᵀ,  db += dy 1
template <class T> void compute_affine(Var<T> y, T* value, Var<T> W, Var<T> b, Var<T> x) {
    auto& tape = x.tape();
    const kernels::Affine<T> a = affine_of(W, b, x, y.tracked());
    const Threads* const threads = tape.threads();
    T* const scratch = y.tracked() ? tape.template buffer<T>(a.parts(threads) * kernels::outer_scratch<T>) : nullptr;
    a.share(threads, [&](Index first, Index count) { a.forward(first, count, value + first * a.outputs); });
    if (!y.tracked()) return;
    tape.on_backward([=] {
        if (!y.reached()) return;
        const T* const dy = y.accumulated().data();
        T *const dx = gradient_data(x), *const dW = gradient_data(W), *const db = gradient_data(b);
        if (dx)
            a.share(threads,
                    [&](Index first, Index count) { a.backward(dy + first * a.outputs, count, dx + first * a.inputs, true); });
        if (dW) a.weights(dy, 0, a.columns, dW, db, scratch, threads);
    });
}

template <class T> bool any_tracked(Var<T> W, Var<T> b, Var<T> x) {
    return W.tracked() || x.tracked() || (!b.empty() && b.tracked());
}
/// y = W x + b; b may be empty.
template <class T> Var<T> affine(Var<T> W, Var<T> b, Var<T> x) {
    auto [y, value] = x.tape().make(W.rows(), x.cols(), any_tracked(W, b, x));
    compute_affine(y, value.data(), W, b, x);
    return y;
}

/// W x + b that nobody has looked at yet.
template <class T> struct DeferredAffine : Deferred<T> { Var<T> W, b, x; };
/// affine(W, b, x) that is computed when somebody looks at it.
template <class T> Var<T> deferred_affine(Var<T> W, Var<T> b, Var<T> x) {
    x.value();  // so that a chain of them is never computed by recursion
    DeferredAffine<T> what{{}, W, b, x};
    what.compute = [](const Deferred<T>& d, Var<T> y, T* value) {
        const auto& later = static_cast<const DeferredAffine<T>&>(d);
        compute_affine(y, value, later.W, later.b, later.x);
    };
    return x.tape().defer(what, W.rows(), x.cols(), any_tracked(W, b, x));
}

}  // namespace detail

}  // namespace bptt
