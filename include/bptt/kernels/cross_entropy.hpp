#pragma once

#include "bptt/kernels/affine.hpp"
#include "bptt/kernels/parts.hpp"
#include "bptt/kernels/softmax.hpp"

namespace bptt::kernels {

/// What the columns x of a cross-entropy should be: q = (1 − s) onehot(target) + s / n, each class times its weight; 0 where
/// the target is below 0.
template <class T> struct Targets {
    const Index* classes;    // of each column
    const T* maybe_weights;  // of each class; null: all are 1
    T smoothing;             // s

    struct Expected {
        T total, of_logits;  // Σ q, Σ q ⊙ x
    };
    Expected expect(Index column, const T* x, Index n) const {
        Expected sum{0, 0};
        for_each(column, n, [&](Index k, T q) {
            sum.total += q;
            if (q != 0) sum.of_logits += q * x[k];  // no weight of an infinite loss is no loss
        });
        return sum;
    }
    /// Σ q ⊙ (log_sum − x)
    T loss(Index column, Expected sum, T log_sum) const {
        return classes[column] < 0 ? T(0) : sum.total * log_sum - sum.of_logits;
    }
    /// dx −= scale q
    void subtract(Index column, T scale, Index n, T* dx) const {
        for_each(column, n, [&](Index k, T q) { dx[k] -= scale * q; });
    }

private:
    /// Calls f(k, part of q_k) for each class that has one.
    template <class F> void for_each(Index column, Index n, const F& f) const {
        const Index target = classes[column];
        if (target < 0) return;
        const auto weight = [&](Index k) { return maybe_weights ? maybe_weights[k] : T(1); };
        f(target, (1 - smoothing) * weight(target));
        for (Index k = 0; smoothing > 0 && k < n; ++k) f(k, smoothing / static_cast<T>(n) * weight(k));
    }
};

/// The output layer W x + b with the targets of all columns. Logits are computed for a part of the columns at a time.
template <class T> struct Head {
    Affine<T> affine;
    Targets<T> targets;
    T weight;                           // of a column's loss
    T *maybe_dx, *maybe_dW, *maybe_db;  // gradients, dW and db zeros at first; all null: none is wanted

    /// How many columns at a time: their logits are at most 2²⁰ numbers, or those of `deepest` columns, which a product reads
    /// at once.
    static Index at_once(Index classes, Index columns) {
        constexpr Index numbers = Index{1} << 20, fewest = deepest;
        return (std::min)(columns, (std::max)(fewest, numbers / classes));
    }
};

/// What cross_entropy() works with, valid while it runs.
template <class T> struct HeadRoom {
    T *W_packed, *maybe_W_packed_back;  // W and Wᵀ by pack(); no Wᵀ where no gradient is wanted
    T* logits;                          // classes × at_once(), side by side
    T* losses;                          // one for each column
    T* outer;                           // outer_scratch numbers for each thread
};
template <class T> HeadRoom<T> head_room(const Head<T>& head, const Threads* maybe_threads, Parts<T>& parts) {
    const Affine<T>& a = head.affine;
    return {.W_packed = parts.take(packed_size<T>(a.outputs, a.inputs)),
            .maybe_W_packed_back = parts.take(head.maybe_dx ? packed_size<T>(a.inputs, a.outputs) : 0),
            .logits = parts.take(a.outputs * head.at_once(a.outputs, a.columns)),
            .losses = parts.take(a.columns),
            .outer = parts.take(a.parts(maybe_threads) * outer_scratch<T>)};
}

/// Σ q ⊙ (1 ln Σ exp(z) − z), nats, of a column's n logits, which become softmax(z) Σ q − q, times `weight`.
template <class T> T softmax_loss(T* z, Index n, Index column, const Targets<T>& targets, T weight) {
    const auto expected = targets.expect(column, z, n);
    const T log_sum = softmax(z, n, weight * expected.total, z).log();
    targets.subtract(column, weight, n, z);
    return targets.loss(column, expected, log_sum);
}

/// The sum of the losses of all columns of logits W x + b, nats; and with softmax(z) Σ q − q of each as dz:
///   dx = w Wᵀ dz,  dW = w Σ dz xᵀ,  db = w Σ dz
template <class T> double cross_entropy(const Head<T>& head, const HeadRoom<T>& room, const Threads* maybe_threads) noexcept {
    const Affine<T>& a = head.affine;
    const Index n = a.outputs, most = head.at_once(n, a.columns);
    pack(a.W, 1, a.W_stride, n, a.inputs, room.W_packed);
    if (head.maybe_dx) pack(a.W, a.W_stride, 1, a.inputs, n, room.maybe_W_packed_back);
    for (Index first = 0; first < a.columns; first += most) {
        const Index count = (std::min)(most, a.columns - first);
        a.share(maybe_threads, count, [&](Index begin, Index of_part, Index) {
            for (Index k = begin; k < begin + of_part; k += head_columns) {
                const Index width = (std::min)(head_columns, begin + of_part - k), column = first + k;
                T* const z = room.logits + k * n;
                for (Index j = 0; j < width; ++j) std::copy_n(a.maybe_b, n, z + j * n);
                multiply(room.W_packed, n, a.inputs, a.x + column * a.inputs, a.inputs, width, z, n, true);
                for (Index j = 0; j < width; ++j)
                    room.losses[column + j] = softmax_loss(z + j * n, n, column + j, head.targets, head.weight);
                if (head.maybe_dx)
                    multiply(room.maybe_W_packed_back, a.inputs, n, z, n, width, head.maybe_dx + column * a.inputs, a.inputs,
                             false);
            }
        });
        if (head.maybe_dW) a.weights(room.logits, first, count, head.maybe_dW, head.maybe_db, room.outer, maybe_threads);
    }
    double total = 0;
    for (Index k = 0; k < a.columns; ++k) total += static_cast<double>(room.losses[k]);
    return total;
}

}  // namespace bptt::kernels
