#pragma once

#include <cmath>

#include "bptt/kernels/gates.hpp"
#include "bptt/kernels/steps.hpp"

namespace bptt::kernels {

/// Logits W x + b of all columns against their targets, a part of the columns at a time.
template <class T> struct Head {
    Index inputs, classes, columns;
    const T *x, *W, *W_back, *b;  // inputs × columns; classes × inputs packed; its transpose packed; classes
    const Index* targets;         // a class for each column
    T weight;                     // of a column's loss
    T *dx, *dW, *db;              // gradients, dW and db zeros at first; null: none is wanted
    T *logits, *scratch;          // classes × at_once(); outer_scratch for each thread

    /// Columns at a time: their logits take four megabytes, or more where there are many classes.
    static Index at_once(Index classes, Index columns) {
        constexpr Index numbers = Index{1} << 20, fewest = 4 * deepest;
        return std::min(columns, std::max(fewest, numbers / classes));
    }
};

/// The losses −ln softmax(W x + b)[target] of all columns, nats; and with p − onehot(target) as dz:
///   dx = w Wᵀ dz,  dW = w Σ dz xᵀ,  db = w Σ dz
template <class T> void cross_entropy(const Head<T>& head, double* losses, const Threads* threads) noexcept {
    const Index n = head.classes, most = head.at_once(n, head.columns);
    const Index parts = std::clamp<Index>(head.columns / widest, 1, thread_count(threads));
    for (Index first = 0; first < head.columns; first += most) {
        const Index count = std::min(most, head.columns - first);
        const auto columns = [&](Index part_number) noexcept {
            const FlushDenormals flush;
            const Index end = part(count, parts, part_number + 1);
            constexpr Index block = 8 * widest;  // logits that stay in the cache
            for (Index k = part(count, parts, part_number); k < end; k += block) {
                const Index width = std::min(block, end - k);
                T* const z = head.logits + k * n;
                for (Index j = 0; j < width; ++j) std::copy_n(head.b, n, z + j * n);
                multiply(head.W, n, head.inputs, head.x + (first + k) * head.inputs, head.inputs, width, z, n, true);
                for (Index j = 0; j < width; ++j) {
                    Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>> logit(z + j * n, n);
                    const Index target = head.targets[first + k + j];
                    const T highest = logit.maxCoeff(), own = logit(target);
                    logit = (logit - highest).exp();
                    const T total = logit.sum();
                    losses[first + k + j] =
                        static_cast<double>(std::isfinite(highest) ? highest + std::log(total) - own : highest - own);
                    logit *= head.weight / total;
                    logit(target) -= head.weight;
                }
                if (head.dx)
                    multiply(head.W_back, head.inputs, n, z, n, width, head.dx + (first + k) * head.inputs, head.inputs, false);
            }
        };
        // Each thread has columns of dW of its own, so that a number is summed up in the same order whoever does it.
        const auto weights = [&](Index part_number) noexcept {
            const FlushDenormals flush;
            const Index from = part(head.inputs, parts, part_number), end = part(head.inputs, parts, part_number + 1);
            add_outer(
                head.logits, n, n, count, [&](Index k) { return head.x + (first + k) * head.inputs + from; }, end - from,
                head.dW + from * n, n, part_number == 0 ? head.db : nullptr, head.scratch + part_number * outer_scratch<T>);
        };
        run(threads, parts, columns);
        if (head.dW) run(threads, parts, weights);
    }
}

}  // namespace bptt::kernels
