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

/// y = W x + b in one step, shared among the tape's threads; b may be empty.
///   dx += Wᵀ dy,  dW += dy xᵀ,  db += dy 1
template <class T> Var<T> affine(Var<T> W, Var<T> b, Var<T> x) {
    auto& tape = x.tape();
    auto [y, value] = tape.make(W.rows(), x.cols(), W.tracked() || x.tracked());
    const kernels::Affine<T> a = affine_of(W, b, x, y.tracked());
    T* const out = value.data();
    const Threads* const threads = tape.threads();
    if (y.tracked()) {
        T* const scratch = tape.template buffer<T>(a.parts(threads) * kernels::outer_scratch<T>);
        tape.on_backward([=, y = y] {
            if (!y.reached()) return;
            const T* const dy = y.grad().data();
            T *const dx = gradient_data(x), *const dW = gradient_data(W), *const db = gradient_data(b);
            if (dx)
                a.share(threads, [&](Index first, Index count) {
                    a.backward(dy + first * a.outputs, count, dx + first * a.inputs, true);
                });
            if (dW) a.weights(dy, 0, a.columns, dW, db, scratch, threads);
        });
    }
    a.share(threads, [&](Index first, Index count) { a.forward(first, count, out + first * a.outputs); });
    return y;
}

}  // namespace detail

}  // namespace bptt
