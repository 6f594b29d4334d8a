#pragma once

#include <cmath>
#include <limits>

#include "bptt/kernels/affine.hpp"
#include "bptt/kernels/gates.hpp"

namespace bptt::kernels {

/// Logits W x + b of all columns against their targets, a part of the columns at a time.
template <class T> struct Head {
    Affine<T> affine;
    const Index* targets;  // a class for each column
    T weight;              // of a column's loss
    T *dx, *dW, *db;       // gradients, dW and db zeros at first; null: none is wanted
    T *logits, *scratch;   // classes × at_once(); outer_scratch for each thread

    /// Columns at a time: their logits take four megabytes, or more where there are many classes.
    static Index at_once(Index classes, Index columns) {
        constexpr Index numbers = Index{1} << 20, fewest = 4 * deepest;
        return std::min(columns, std::max(fewest, numbers / classes));
    }
};

/// −ln softmax(z)[target], nats, of n logits, which become softmax(z) − onehot(target) times `weight`.
template <class T> double softmax_loss(T* z, Index n, Index target, T weight) {
    using P = Packet<T>;
    constexpr T none = -std::numeric_limits<T>::infinity();
    const T own = z[target];
    P most = P::of(none), exp_sum = P::of(0);
    each_packet<T>(n, [&](Index k, auto lanes) { most = max(lanes.load(z + k, none), most); });
    const T top = highest(most);
    each_packet<T>(n, [&](Index k, auto lanes) {
        const P e = exp(lanes.load(z + k, none) - P::of(top));
        lanes.store(z + k, e);
        exp_sum = exp_sum + e;
    });
    const T total = sum(exp_sum);
    const P scale = P::of(weight / total);
    each_packet<T>(n, [&](Index k, auto lanes) { lanes.store(z + k, lanes.load(z + k) * scale); });
    z[target] -= weight;
    return static_cast<double>(std::isfinite(top) ? top + std::log(total) - own : top - own);
}

/// The losses −ln softmax(W x + b)[target] of all columns, nats; and with p − onehot(target) as dz:
///   dx = w Wᵀ dz,  dW = w Σ dz xᵀ,  db = w Σ dz
template <class T> void cross_entropy(const Head<T>& head, double* losses, const Threads* threads) noexcept {
    const Affine<T>& affine = head.affine;
    const Index n = affine.outputs, most = head.at_once(n, affine.columns);
    for (Index first = 0; first < affine.columns; first += most) {
        const Index count = std::min(most, affine.columns - first);
        affine.share(threads, count, [&](Index begin, Index of_part) {
            constexpr Index block = 8 * widest;  // logits that stay in the cache
            for (Index k = begin; k < begin + of_part; k += block) {
                const Index width = std::min(block, begin + of_part - k);
                T* const z = head.logits + k * n;
                affine.forward(first + k, width, z);
                for (Index j = 0; j < width; ++j)
                    losses[first + k + j] = softmax_loss(z + j * n, n, head.targets[first + k + j], head.weight);
                if (head.dx) affine.backward(z, width, head.dx + (first + k) * affine.inputs, false);
            }
        });
        if (head.dW) affine.weights(head.logits, first, count, head.dW, head.db, head.scratch, threads);
    }
}

}  // namespace bptt::kernels
