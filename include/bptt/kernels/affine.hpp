#pragma once

#include "bptt/kernels/steps.hpp"
#include "bptt/kernels/unpacked.hpp"

namespace bptt::kernels {

/// y = W x + b, column by column, and its gradients. W may be rows of a larger matrix.
template <class T> struct Affine {
    Index inputs, outputs, columns;
    const T *W, *x;    // outputs × inputs; inputs × columns, side by side
    const T* maybe_b;  // outputs numbers; null: no b is added
    Index W_stride;    // numbers from one column of W to the next, and of dW

    /// The number of parts that the work is divided into: one a thread, or fewer where columns are few.
    Index parts(const Threads* maybe_threads) const {
        return std::clamp<Index>(columns / widest, 1, thread_count(maybe_threads));
    }
    /// Calls f(first, count, k) for each part k of `all` columns, in parallel.
    template <class F> void share(const Threads* maybe_threads, Index all, const F& f) const noexcept {
        const Index n = parts(maybe_threads);
        in_parallel(maybe_threads, n, [&](Index k) noexcept {
            const FlushDenormals flush;
            const Index first = part(all, n, k);
            f(first, part(all, n, k + 1) - first, k);
        });
    }

    /// The size of the scratch that forward() needs, in numbers.
    Index forward_scratch(const Threads* maybe_threads) const {
        return is_vector() ? inputs : parts(maybe_threads) * packing_scratch<T>;
    }
    /// y = W x + b
    void forward(T* y, T* scratch, const Threads* maybe_threads) const noexcept {
        if (maybe_b)
            for (Index j = 0; j < columns; ++j) std::copy_n(maybe_b, outputs, y + j * outputs);
        if (is_vector()) {
            const FlushDenormals flush;
            if (!maybe_b) std::fill_n(y, outputs * columns, T(0));
            return add_unpacked(y, scratch);
        }
        share(maybe_threads, columns, [&](Index first, Index count, Index k) {
            multiply_while_packing(W, W_stride, outputs, inputs, x + first * inputs, inputs, count, y + first * outputs,
                                   outputs, maybe_b != nullptr, scratch + k * packing_scratch<T>);
        });
    }

    /// The size of the scratch that backward() needs, in numbers.
    Index backward_scratch(const Threads* maybe_threads) const {
        return unpacked() ? inputs : (std::max)(packed_size<T>(inputs, outputs), parts(maybe_threads) * outer_scratch<T>);
    }
    /// dx += Wᵀ dy,  dW += dy xᵀ,  db += dy 1; a gradient whose pointer is null is not computed.
    void backward(const T* dy, T* maybe_dx, T* maybe_dW, T* maybe_db, T* scratch, const Threads* maybe_threads) const noexcept {
        const FlushDenormals flush;
        if (maybe_dx && unpacked()) {
            add_unpacked_dx(dy, maybe_dx, scratch);
        } else if (maybe_dx) {
            pack(W, W_stride, 1, inputs, outputs, scratch);
            share(maybe_threads, columns, [&](Index first, Index count, Index) {
                multiply(scratch, inputs, outputs, dy + first * outputs, outputs, count, maybe_dx + first * inputs, inputs,
                         true);
            });
        }
        if (maybe_dW && !unpacked()) return weights(dy, 0, columns, maybe_dW, maybe_db, scratch, maybe_threads);
        if (maybe_dW) add_unpacked_dW(dy, maybe_dW, scratch);
        for (Index j = 0; maybe_db && j < columns; ++j) add_scaled(1, dy + j * outputs, outputs, maybe_db);
    }
    /// dW += Σ dy xᵀ and, unless maybe_db is null, db += Σ dy, over columns first..first + count − 1 of x. Each thread computes
    /// columns of dW of its own, so that a number is summed in the same order for any number of threads. scratch: outer_scratch
    /// numbers for each of parts().
    void weights(const T* dy, Index first, Index count, T* dW, T* maybe_db, T* scratch,
                 const Threads* maybe_threads) const noexcept {
        const Index n = parts(maybe_threads);
        in_parallel(maybe_threads, n, [&](Index k) noexcept {
            const FlushDenormals flush;
            const Index from = part(inputs, n, k), end = part(inputs, n, k + 1);
            add_outer(
                dy, outputs, outputs, count, [&](Index j) { return x + (first + j) * inputs + from; }, end - from,
                dW + from * W_stride, W_stride, k == 0 ? maybe_db : nullptr, scratch + k * outer_scratch<T>);
        });
    }

private:
    bool is_vector() const { return columns == 1 || outputs == 1 || inputs == 1; }
    /// Whether packing for a gradient would cost more than it gains.
    bool unpacked() const { return is_vector() || is_small(); }
    bool is_small() const { return columns + outputs + inputs < 20; }

    /// y += W x
    void add_unpacked(T* y, T* scratch) const {
        if (outputs == 1) return add_transposed_product(x, inputs, inputs, columns, row(scratch), y);
        if (inputs == 1) return add_outer_product(W, x, y, outputs, outputs, columns);
        add_product(W, W_stride, outputs, inputs, x, y);
    }
    /// dx += Wᵀ dy
    void add_unpacked_dx(const T* dy, T* dx, T* scratch) const {
        if (outputs == 1) return add_outer_product(row(scratch), dy, dx, inputs, inputs, columns);
        if (inputs == 1) return add_transposed_product(dy, outputs, outputs, columns, W, dx);
        for (Index j = 0; j < columns; ++j)
            add_transposed_product(W, W_stride, outputs, inputs, dy + j * outputs, dx + j * inputs);
    }
    /// dW += dy xᵀ
    void add_unpacked_dW(const T* dy, T* dW, T* scratch) const {
        if (outputs == 1 && columns > 1) {
            std::fill_n(scratch, inputs, T(0));
            add_product(x, inputs, inputs, columns, dy, scratch);
            for (Index k = 0; k < inputs; ++k) dW[k * W_stride] += scratch[k];
        } else if (inputs == 1) {
            add_product(dy, outputs, outputs, columns, x, dW);
        } else {
            for (Index j = 0; j < columns; ++j)
                add_outer_product(dy + j * outputs, x + j * inputs, dW, W_stride, outputs, inputs);
        }
    }
    /// W, which is one row, as contiguous numbers.
    const T* row(T* scratch) const {
        if (W_stride == 1) return W;
        for (Index k = 0; k < inputs; ++k) scratch[k] = W[k * W_stride];
        return scratch;
    }
};

}  // namespace bptt::kernels
