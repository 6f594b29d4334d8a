#pragma once

#include <algorithm>
#include <concepts>
#include <initializer_list>
#include <ranges>
#include <span>

#include "bptt/autograd/record.hpp"
#include "bptt/ops/head_loss.hpp"
#include "bptt/ops/softmax.hpp"
#include "bptt/sequence/sequence.hpp"
#include "bptt/sequence/tokens.hpp"

namespace bptt {

/// How the losses of all columns are reduced to one: to their mean, their sum, or the sum over a sequence's steps averaged over
/// the batch (a single Var is a batch of one-step sequences). The mean of no losses is 0.
enum class Reduction { mean, sum, per_sequence };

struct LossOptions {
    Reduction reduction = Reduction::mean;
};

namespace detail {

/// The factor by which the sum of all losses is multiplied.
inline double loss_weight(LossOptions options, Index terms, Index batch) {
    if (options.reduction == Reduction::sum || terms == 0) return 1;
    return 1.0 / static_cast<double>(options.reduction == Reduction::mean ? terms : batch);
}

/// Throws if one operand is known to be the columns of sequences of unequal lengths, which lie step by step and longest first,
/// but the other is not known to have the same layout.
template <class T> void check_order(const char* op, Var<T> x, const Layout* targets) {
    if (x.layout() == targets || (x.layout() && targets && *x.layout() == *targets)) return;
    throw_unless(
        false, op, ": columns of ", *(x.layout() ? x.layout() : targets),
        " lie step by step, longest first; pass both as objects that know their order: a Sequence, and Tokens::of(...) or "
        "Sequence::of(...)");
}

/// A range of integers that has to be copied to become a span of class indices.
template <class R>
concept OtherIntegers = std::ranges::sized_range<R> && std::integral<std::ranges::range_value_t<R>> &&
    !std::convertible_to<const R&, std::span<const Index>>;

/// y = w Σ_k (ln Σ exp(x_k) − x_k[target])      dx_k += w dy (softmax(x_k) − onehot(target))
template <class T> Var<T> cross_entropy(Var<T> x, std::span<const Index> targets, double weight) {
    throw_unless(static_cast<Index>(targets.size()) == x.cols(), "cross_entropy: logits are ", shape(x), ", there are ",
                 targets.size(), " targets");
    for (const Index k : targets)
        throw_unless(k >= 0 && k < x.rows(), "cross_entropy: target ", k, " is outside 0..", x.rows() - 1, " (logits are ",
                     shape(x), ")");
    if (const auto* head = x.template deferred<DeferredAffine<T>>()) {
        const auto loss = head_cross_entropy(*head, x.tracked(), targets.data(), weight);
        if (loss.tracked()) x.mark_taken();
        return loss;
    }
    auto& tape = x.tape();
    const auto target = tape.keep(targets).data();
    T* const log_total = tape.template buffer<T>(x.cols());
    const auto forward = [=](auto y) {
        double loss = 0;
        for (Index k = 0; k < x.cols(); ++k) {
            log_total[k] = kernels::log_sum_exp(x.value().col(k).data(), x.rows());
            loss += static_cast<double>(log_total[k] - x.value()(target[k], k));
        }
        y(0, 0) = static_cast<T>(weight * loss);
    };
    return record({x}, 1, 1, forward, [=](Var<T> y) {
        const T g = static_cast<T>(weight) * y.grad()(0, 0);
        x.accumulate_into([=](auto dx) {
            for (Index k = 0; k < x.cols(); ++k) {
                kernels::add_exponentials(x.value().col(k).data(), x.rows(), log_total[k], g, dx.col(k).data());
                dx(target[k], k) -= g;
            }
        });
    });
}

#ifdef BPTT_INSTANCE
BPTT_INSTANCE Var<float> cross_entropy(Var<float>, std::span<const Index>, double);
BPTT_INSTANCE Var<double> cross_entropy(Var<double>, std::span<const Index>, double);
#endif

/// y = w Σ (a − b)²      da += 2 w dy (a − b),  db −= the same
template <class T> Var<T> mse(Var<T> a, Var<T> b, double weight) {
    throw_unless(shape(a) == shape(b), "mse: a is ", shape(a), ", b is ", shape(b));
    check_same_tape("mse", a, b);
    const T w = static_cast<T>(weight);
    return record(
        {a, b}, 1, 1, [=](auto y) { y(0, 0) = w * (a.value() - b.value()).squaredNorm(); },
        [=](Var<T> y) {
            const T g = 2 * w * y.grad()(0, 0);
            a.accumulate(g * (a.value() - b.value()));
            b.accumulate(g * (b.value() - a.value()));
        });
}

/// y = w Σ (max(x, 0) − x t + ln(1 + exp(−|x|)))      dx += w dy (σ(x) − t),  dt −= w dy x
template <class T> Var<T> binary_cross_entropy_with_logits(Var<T> x, Var<T> t, double weight) {
    throw_unless(shape(x) == shape(t), "binary_cross_entropy_with_logits: logits are ", shape(x), ", targets are ", shape(t));
    check_same_tape("binary_cross_entropy_with_logits", x, t);
    for (const T each : std::span(t.value().data(), static_cast<std::size_t>(t.size())))
        throw_unless(each >= 0 && each <= 1, "binary_cross_entropy_with_logits: target ", each, " is outside 0..1");
    const T w = static_cast<T>(weight);
    const auto forward = [=](auto y) {
        y(0, 0) = w * ((x.array().max)(T(0)) - x.array() * t.array() + (-x.array().abs()).exp().log1p()).sum();
    };
    return record({x, t}, 1, 1, forward, [=](Var<T> y) {
        const T g = w * y.grad()(0, 0);
        x.accumulate(g * (x.array().logistic() - t.array()));
        t.accumulate(-g * x.array());
    });
}

}  // namespace detail

/// −ln softmax(logits)[target], nats; logits: classes × columns, a target a column. Throws where a target is no class.
template <class T> Var<T> cross_entropy(Var<T> logits, std::span<const Index> targets, LossOptions options = {}) {
    detail::check_order("cross_entropy", logits, nullptr);
    return detail::cross_entropy(logits, targets, detail::loss_weight(options, logits.cols(), logits.cols()));
}
/// The same with targets in another range of integers.
template <class T, detail::OtherIntegers R> Var<T> cross_entropy(Var<T> logits, const R& targets, LossOptions options = {}) {
    const auto indices = detail::index_buffer(logits.tape(), static_cast<Index>(std::ranges::size(targets)));
    std::ranges::transform(targets, indices.begin(), [](auto k) { return static_cast<Index>(k); });
    return cross_entropy(logits, std::span<const Index>(indices), options);
}
template <class T> Var<T> cross_entropy(Var<T> logits, std::initializer_list<Index> targets, LossOptions options = {}) {
    return cross_entropy(logits, std::span<const Index>(targets), options);
}
template <class T> Var<T> cross_entropy(const Sequence<T>& logits, const Tokens& targets, LossOptions options = {}) {
    check_same_layout("cross_entropy: logits and targets", layout_of(logits), targets.layout());
    return detail::cross_entropy(logits.all, targets.ids(), detail::loss_weight(options, logits.all.cols(), logits.batch()));
}

/// Squared error; the mean is over all elements.
template <class T> Var<T> mse(Var<T> a, Var<T> b, LossOptions options = {}) {
    detail::check_order("mse", a, b.layout());
    return detail::mse(a, b, detail::loss_weight(options, a.size(), a.cols()));
}
template <class T, class E> Var<T> mse(Var<T> a, const Eigen::DenseBase<E>& b, LossOptions options = {}) {
    return mse(a, a.tape().constant(b), options);
}
template <class T> Var<T> mse(const Sequence<T>& a, const Sequence<T>& b, LossOptions options = {}) {
    check_same_layout("mse: a and b", layout_of(a), layout_of(b));
    return detail::mse(a.all, b.all, detail::loss_weight(options, a.all.size(), a.batch()));
}

/// −t ln σ(x) − (1 − t) ln(1 − σ(x)) with logits x and targets t in 0..1; the mean is over all elements.
template <class T> Var<T> binary_cross_entropy_with_logits(Var<T> logits, Var<T> targets, LossOptions options = {}) {
    detail::check_order("binary_cross_entropy_with_logits", logits, targets.layout());
    return detail::binary_cross_entropy_with_logits(logits, targets,
                                                    detail::loss_weight(options, logits.size(), logits.cols()));
}
template <class T, class E>
Var<T> binary_cross_entropy_with_logits(Var<T> logits, const Eigen::DenseBase<E>& targets, LossOptions options = {}) {
    return binary_cross_entropy_with_logits(logits, logits.tape().constant(targets), options);
}
template <class T>
Var<T> binary_cross_entropy_with_logits(const Sequence<T>& logits, const Sequence<T>& targets, LossOptions options = {}) {
    check_same_layout("binary_cross_entropy_with_logits: logits and targets", layout_of(logits), layout_of(targets));
    return detail::binary_cross_entropy_with_logits(logits.all, targets.all,
                                                    detail::loss_weight(options, logits.all.size(), logits.batch()));
}

}  // namespace bptt
