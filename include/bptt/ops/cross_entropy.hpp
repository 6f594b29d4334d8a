#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <span>
#include <vector>

#include "bptt/ops/head_loss.hpp"
#include "bptt/ops/loss.hpp"
#include "bptt/sequence/tokens.hpp"

namespace bptt {

/// Of classes that are rare, uncertain or unknown. class_weights: what the loss of each class is multiplied by; none: 1.
/// label_smoothing: the share s, 0..1, of a target that is spread over all classes (Szegedy et al. 2016). ignored: a target, be
/// it a class or another number, whose columns have no loss. As in PyTorch, the mean is Σ w loss / Σ w with the weights w of
/// the targets, and each class's part of the smoothing has its own weight.
struct CrossEntropyOptions {
    Reduction reduction = Reduction::mean;
    std::vector<double> class_weights = {};
    double label_smoothing = 0;
    std::optional<Index> ignored = {};
};

namespace detail {

/// A range of integers that has to be copied to become a span of class indices.
template <class R>
concept OtherIntegers = std::ranges::sized_range<R> && std::integral<std::ranges::range_value_t<R>> &&
    !std::convertible_to<const R&, std::span<const Index>>;

template <class T> void check_targets(Var<T> x, std::span<const Index> targets, const CrossEntropyOptions& o) {
    throw_unless(static_cast<Index>(targets.size()) == x.cols(), "cross_entropy: logits are ", shape(x), ", there are ",
                 targets.size(), " targets");
    for (const Index k : targets)
        throw_unless((k >= 0 && k < x.rows()) || k == o.ignored, "cross_entropy: target ", k, " is outside 0..", x.rows() - 1,
                     " (logits are ", shape(x), ")");
    throw_unless(o.label_smoothing >= 0 && o.label_smoothing <= 1, "cross_entropy: label_smoothing is ", o.label_smoothing,
                 ", outside 0..1");
    throw_unless(o.class_weights.empty() || std::ssize(o.class_weights) == x.rows(), "cross_entropy: class_weights has ",
                 o.class_weights.size(), " weights, logits are ", shape(x));
    for (const double w : o.class_weights)
        throw_unless(w >= 0 && std::isfinite(w), "cross_entropy: a weight of class_weights is ", w,
                     ", not finite and 0 or more");
    const auto weighs = [](double w) { return w > 0; };
    throw_unless(o.class_weights.empty() || std::ranges::any_of(o.class_weights, weighs), "cross_entropy: all ",
                 o.class_weights.size(), " weights of class_weights are 0, so that there is no loss");
}

/// The options with the targets, −1 for those that are ignored, on the tape.
template <class T> kernels::Targets<T> targets_of(Tape<T>& tape, std::span<const Index> targets, const CrossEntropyOptions& o) {
    const auto classes = index_buffer(tape, std::ssize(targets));
    std::ranges::transform(targets, classes.begin(), [&](Index k) { return k == o.ignored ? Index{-1} : k; });
    T* const weights = o.class_weights.empty() ? nullptr : tape.template buffer<T>(std::ssize(o.class_weights));
    std::ranges::transform(o.class_weights, weights, [](double w) { return static_cast<T>(w); });
    return {.classes = classes.data(), .maybe_weights = weights, .smoothing = static_cast<T>(o.label_smoothing)};
}

/// The weights of all targets, which the mean is over.
inline double terms_of(std::span<const Index> targets, const CrossEntropyOptions& o) {
    double terms = 0;
    for (const Index k : targets)
        if (k != o.ignored) terms += o.class_weights.empty() ? 1 : o.class_weights[static_cast<std::size_t>(k)];
    return terms;
}

/// y = w Σ_k Σ q_k ⊙ (1 ln Σ exp(x_k) − x_k)      dx_k += w dy (softmax(x_k) Σ q_k − q_k)
/// q_k is what column k should be: onehot(target), smoothed, each class times its weight.
template <class T>
Var<T> cross_entropy(Var<T> x, std::span<const Index> targets, const CrossEntropyOptions& options, Index batch) {
    check_targets(x, targets, options);
    const double weight = loss_weight(options.reduction, terms_of(targets, options), batch);
    auto& tape = x.tape();
    const kernels::Targets<T> q = targets_of(tape, targets, options);
    if (const auto* head = x.template deferred<DeferredAffine<T>>()) {
        const auto loss = head_cross_entropy(*head, x.tracked(), q, weight);
        if (loss.tracked()) x.mark_taken();
        return loss;
    }
    T* const log_total = tape.template buffer<T>(x.cols());
    const auto forward = [=](auto y) {
        double loss = 0;
        for (Index k = 0; k < x.cols(); ++k) {
            const T* const column = x.value().col(k).data();
            log_total[k] = kernels::log_sum_exp(column, x.rows());
            loss += static_cast<double>(q.loss(k, q.expect(k, column, x.rows()), log_total[k]));
        }
        y(0, 0) = static_cast<T>(weight * loss);
    };
    return record({x}, 1, 1, forward, [=](Var<T> y) {
        const T g = static_cast<T>(weight) * y.grad()(0, 0);
        x.accumulate_into([=](auto dx) {
            for (Index k = 0; k < x.cols(); ++k) {
                const T* const column = x.value().col(k).data();
                const T total = q.expect(k, column, x.rows()).total;
                kernels::add_exponentials(column, x.rows(), log_total[k], g * total, dx.col(k).data());
                q.subtract(k, g, x.rows(), dx.col(k).data());
            }
        });
    });
}

#ifdef BPTT_INSTANCE
BPTT_INSTANCE Var<float> cross_entropy(Var<float>, std::span<const Index>, const CrossEntropyOptions&, Index);
BPTT_INSTANCE Var<double> cross_entropy(Var<double>, std::span<const Index>, const CrossEntropyOptions&, Index);
#endif

}  // namespace detail

/// −ln softmax(logits)[target], nats; logits: classes × columns, a target a column. Throws where a target is no class.
template <class T>
Var<T> cross_entropy(Var<T> logits, std::span<const Index> targets, const CrossEntropyOptions& options = {}) {
    detail::check_order("cross_entropy", logits, nullptr);
    return detail::cross_entropy(logits, targets, options, logits.cols());
}
/// The same with targets in another range of integers.
template <class T, detail::OtherIntegers R>
Var<T> cross_entropy(Var<T> logits, const R& targets, const CrossEntropyOptions& options = {}) {
    const auto indices = detail::index_buffer(logits.tape(), static_cast<Index>(std::ranges::size(targets)));
    std::ranges::transform(targets, indices.begin(), [](auto k) { return static_cast<Index>(k); });
    return cross_entropy(logits, std::span<const Index>(indices), options);
}
template <class T>
Var<T> cross_entropy(Var<T> logits, std::initializer_list<Index> targets, const CrossEntropyOptions& options = {}) {
    return cross_entropy(logits, std::span<const Index>(targets), options);
}
template <class T>
Var<T> cross_entropy(const Sequence<T>& logits, const Tokens& targets, const CrossEntropyOptions& options = {}) {
    check_same_layout("cross_entropy: logits and targets", layout_of(logits), targets.layout());
    return detail::cross_entropy(logits.all, targets.ids(), options, logits.batch());
}

}  // namespace bptt
