#pragma once

#include "bptt/kernels/affine.hpp"
#include "bptt/kernels/softmax.hpp"

namespace bptt::kernels {

/// Logits W x + b of all columns against their targets, a part of the columns at a time.
template <class T> struct Head {
    Affine<T> affine;
    const Index* targets;  // a class for each column
    T weight;              // of a column's loss
    T *dx, *dW, *db;       // gradients, dW and db zeros at first; null: none is wanted

    /// Columns at a time: their logits take four megabytes, or more where there are many classes.
    static Index at_once(Index classes, Index columns) {
        constexpr Index numbers = Index{1} << 20, fewest = 4 * deepest;
        return std::min(columns, std::max(fewest, numbers / classes));
    }

    // Scratch, one after the other: room for add_outer() of each thread, W packed, Wᵀ packed, logits, a loss for each column.
    Index room(const Threads* threads) const { return affine.parts(threads) * outer_scratch<T>; }
    Index packed() const { return packed_size<T>(affine.outputs, affine.inputs); }
    Index packed_back() const { return dx ? packed_size<T>(affine.inputs, affine.outputs) : 0; }
    Index logits() const { return affine.outputs * at_once(affine.outputs, affine.columns); }
    /// Numbers of all that.
    Index scratch(const Threads* threads) const { return room(threads) + packed() + packed_back() + logits() + affine.columns; }
};

/// −ln softmax(z)[target], nats, of n logits, which become softmax(z) − onehot(target) times `weight`.
template <class T> T softmax_loss(T* z, Index n, Index target, T weight) {
    const T own = z[target];
    const T log_sum = softmax(z, n, weight, z).log();
    z[target] -= weight;
    return log_sum - own;
}

/// The sum of the losses −ln softmax(W x + b)[target] of all columns, nats; and with p − onehot(target) as dz:
///   dx = w Wᵀ dz,  dW = w Σ dz xᵀ,  db = w Σ dz
template <class T> double cross_entropy(const Head<T>& head, T* scratch, const Threads* threads) noexcept {
    const Affine<T>& a = head.affine;
    const Index n = a.outputs, most = head.at_once(n, a.columns);
    T *const W = scratch + head.room(threads), *const W_back = W + head.packed(), *const logits = W_back + head.packed_back(),
             *const losses = logits + head.logits();
    pack(a.W, 1, a.W_stride, n, a.inputs, W);
    if (head.dx) pack(a.W, a.W_stride, 1, a.inputs, n, W_back);
    for (Index first = 0; first < a.columns; first += most) {
        const Index count = std::min(most, a.columns - first);
        a.share(threads, count, [&](Index begin, Index of_part, Index) {
            constexpr Index block = 8 * widest;  // logits that stay in the cache
            for (Index k = begin; k < begin + of_part; k += block) {
                const Index width = std::min(block, begin + of_part - k), column = first + k;
                T* const z = logits + k * n;
                for (Index j = 0; j < width; ++j) std::copy_n(a.b, n, z + j * n);
                multiply(W, n, a.inputs, a.x + column * a.inputs, a.inputs, width, z, n, true);
                for (Index j = 0; j < width; ++j)
                    losses[column + j] = softmax_loss(z + j * n, n, head.targets[column + j], head.weight);
                if (head.dx) multiply(W_back, a.inputs, n, z, n, width, head.dx + column * a.inputs, a.inputs, false);
            }
        });
        if (head.dW) a.weights(logits, first, count, head.dW, head.db, scratch, threads);
    }
    double total = 0;
    for (Index k = 0; k < a.columns; ++k) total += static_cast<double>(losses[k]);
    return total;
}

}  // namespace bptt::kernels
