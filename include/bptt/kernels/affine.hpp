#pragma once

#include "bptt/kernels/steps.hpp"

namespace bptt::kernels {

/// y = W x + b, column by column, and what comes back from it.
template <class T> struct Affine {
    Index inputs, outputs, columns;
    const T *x, *W, *W_back, *b;  // inputs × columns; outputs × inputs packed; its transpose packed; outputs, or null: no b

    /// How many threads it is worth.
    Index parts(const Threads* threads) const { return std::clamp<Index>(columns / widest, 1, thread_count(threads)); }
    /// f(first, count) for parts of `columns` columns, side by side.
    template <class F> void share(const Threads* threads, Index all, const F& f) const noexcept {
        const Index n = parts(threads);
        run(threads, n, [&](Index k) noexcept {
            const FlushDenormals flush;
            const Index first = part(all, n, k);
            f(first, part(all, n, k + 1) - first);
        });
    }
    template <class F> void share(const Threads* threads, const F& f) const noexcept { share(threads, columns, f); }

    /// y = W x + b of columns first..first + count − 1, side by side from y on.
    void forward(Index first, Index count, T* y) const {
        for (Index j = 0; b && j < count; ++j) std::copy_n(b, outputs, y + j * outputs);
        multiply(W, outputs, inputs, x + first * inputs, inputs, count, y, outputs, b != nullptr);
    }
    /// dx (+)= Wᵀ dy of so many columns.
    void backward(const T* dy, Index count, T* dx, bool add) const {
        multiply(W_back, inputs, outputs, dy, outputs, count, dx, inputs, add);
    }
    /// dW += Σ dy xᵀ and, unless it is null, db += Σ dy, over columns first..first + count − 1. Each thread has columns of dW,
    /// so that a number is summed up in the same order whoever does it. scratch: outer_scratch numbers for each of parts().
    void weights(const T* dy, Index first, Index count, T* dW, T* db, T* scratch, const Threads* threads) const noexcept {
        const Index n = parts(threads);
        run(threads, n, [&](Index k) noexcept {
            const FlushDenormals flush;
            const Index from = part(inputs, n, k), end = part(inputs, n, k + 1);
            add_outer(
                dy, outputs, outputs, count, [&](Index j) { return x + (first + j) * inputs + from; }, end - from,
                dW + from * outputs, outputs, k == 0 ? db : nullptr, scratch + k * outer_scratch<T>);
        });
    }
};

}  // namespace bptt::kernels
