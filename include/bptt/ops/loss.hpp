#pragma once

#include <cmath>
#include <span>

#include "bptt/autograd/record.hpp"
#include "bptt/kernels/gates.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// How the losses of all columns are reduced to one: to their mean, their sum, or the sum over a sequence's steps averaged over
/// the batch (a single Var is a batch of one-step sequences). The mean of no losses is 0.
enum class Reduction { mean, sum, per_sequence };

struct LossOptions {
    Reduction reduction = Reduction::mean;
};

namespace detail {

/// The factor by which the sum of all losses is multiplied; terms: what their mean is over.
inline double loss_weight(Reduction reduction, double terms, Index batch) {
    if (reduction == Reduction::mean) return terms > 0 ? 1 / terms : 0;
    return reduction == Reduction::sum || batch == 0 ? 1 : 1 / static_cast<double>(batch);
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

/// A loss f(a − b) of each element, and its derivative.
template <class F, class Slope> struct DifferenceLoss {
    const char *name, *operands;
    F f;
    Slope slope;
};
template <class F, class Slope> DifferenceLoss(const char*, const char*, F, Slope) -> DifferenceLoss<F, Slope>;
inline constexpr DifferenceLoss squared_error{"mse", "mse: a and b", [](const auto& d) { return d.square(); },
                                              [](const auto& d) { return d + d; }};
inline constexpr DifferenceLoss absolute_error{"mean_absolute_error", "mean_absolute_error: a and b",
                                               [](const auto& d) { return d.abs(); }, [](const auto& d) { return d.sign(); }};
template <class T> auto huber_error(double delta) {
    throw_unless(delta > 0 && std::isfinite(delta), "huber: delta is ", delta, ", not finite and positive");
    const auto most = static_cast<T>(delta);
    return DifferenceLoss{"huber", "huber: a and b",
                          [=](const auto& d) { return (d.abs().min)(most) * (d.abs() - (d.abs().min)(most) / T(2)); },
                          [=](const auto& d) { return ((d.min)(most).max)(-most); }};
}

/// y = w Σ f(a − b)      da += w dy f'(a − b),  db −= the same
template <class T> Var<T> difference_loss(const auto& loss, Var<T> a, Var<T> b, double weight) {
    throw_unless(shape(a) == shape(b), loss.name, ": a is ", shape(a), ", b is ", shape(b));
    check_same_tape(loss.name, a, b);
    const T w = static_cast<T>(weight);
    return record(
        {a, b}, 1, 1, [=](auto y) { y(0, 0) = w * loss.f((a.value() - b.value()).array()).sum(); },
        [=](Var<T> y) {
            const T g = w * y.grad()(0, 0);
            a.accumulate(g * loss.slope((a.value() - b.value()).array()));
            b.accumulate(-g * loss.slope((a.value() - b.value()).array()));
        });
}
template <class T> Var<T> difference_loss(const auto& loss, Var<T> a, Var<T> b, LossOptions o) {
    check_order(loss.name, a, b.layout());
    return difference_loss(loss, a, b, loss_weight(o.reduction, static_cast<double>(a.size()), a.cols()));
}
template <class T, class E> Var<T> difference_loss(const auto& loss, Var<T> a, const Eigen::DenseBase<E>& b, LossOptions o) {
    return difference_loss(loss, a, a.tape().constant(b), o);
}
template <class T> Var<T> difference_loss(const auto& loss, const Sequence<T>& a, const Sequence<T>& b, LossOptions o) {
    check_same_layout(loss.operands, layout_of(a), layout_of(b));
    return difference_loss(loss, a.all, b.all, loss_weight(o.reduction, static_cast<double>(a.all.size()), a.batch()));
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
        x.accumulate_into([=](auto dx) {
            kernels::each_packet<T>(x.size(), [&](Index k, auto lanes) {
                const auto slope = sigmoid(lanes.load(x.value().data() + k)) - lanes.load(t.value().data() + k);
                lanes.store(dx.data() + k, madd(kernels::Packet<T>::of(g), slope, lanes.load(dx.data() + k)));
            });
        });
        t.accumulate(-g * x.array());
    });
}

}  // namespace detail

/// Squared error, (a − b)²; the mean is over all elements.
template <class T> Var<T> mse(Var<T> a, Var<T> b, LossOptions options = {}) {
    return detail::difference_loss(detail::squared_error, a, b, options);
}
template <class T, class E> Var<T> mse(Var<T> a, const Eigen::DenseBase<E>& b, LossOptions options = {}) {
    return detail::difference_loss(detail::squared_error, a, b, options);
}
template <class T> Var<T> mse(const Sequence<T>& a, const Sequence<T>& b, LossOptions options = {}) {
    return detail::difference_loss(detail::squared_error, a, b, options);
}

/// |a − b|; the mean is over all elements.
template <class T> Var<T> mean_absolute_error(Var<T> a, Var<T> b, LossOptions options = {}) {
    return detail::difference_loss(detail::absolute_error, a, b, options);
}
template <class T, class E> Var<T> mean_absolute_error(Var<T> a, const Eigen::DenseBase<E>& b, LossOptions options = {}) {
    return detail::difference_loss(detail::absolute_error, a, b, options);
}
template <class T> Var<T> mean_absolute_error(const Sequence<T>& a, const Sequence<T>& b, LossOptions options = {}) {
    return detail::difference_loss(detail::absolute_error, a, b, options);
}

/// delta: where the loss turns from a square into a straight line.
struct HuberOptions {
    Reduction reduction = Reduction::mean;
    double delta = 1;
};

/// (a − b)² / 2 where |a − b| is at most delta, and beyond it delta (|a − b| − delta / 2) (Huber 1964); the mean is over all
/// elements.
template <class T> Var<T> huber(Var<T> a, Var<T> b, HuberOptions options = {}) {
    return detail::difference_loss(detail::huber_error<T>(options.delta), a, b, {options.reduction});
}
template <class T, class E> Var<T> huber(Var<T> a, const Eigen::DenseBase<E>& b, HuberOptions options = {}) {
    return detail::difference_loss(detail::huber_error<T>(options.delta), a, b, {options.reduction});
}
template <class T> Var<T> huber(const Sequence<T>& a, const Sequence<T>& b, HuberOptions options = {}) {
    return detail::difference_loss(detail::huber_error<T>(options.delta), a, b, {options.reduction});
}

/// −t ln σ(x) − (1 − t) ln(1 − σ(x)) with logits x and targets t in 0..1; the mean is over all elements.
template <class T> Var<T> binary_cross_entropy_with_logits(Var<T> logits, Var<T> targets, LossOptions options = {}) {
    detail::check_order("binary_cross_entropy_with_logits", logits, targets.layout());
    return detail::binary_cross_entropy_with_logits(
        logits, targets, detail::loss_weight(options.reduction, static_cast<double>(logits.size()), logits.cols()));
}
template <class T, class E>
Var<T> binary_cross_entropy_with_logits(Var<T> logits, const Eigen::DenseBase<E>& targets, LossOptions options = {}) {
    return binary_cross_entropy_with_logits(logits, logits.tape().constant(targets), options);
}
template <class T>
Var<T> binary_cross_entropy_with_logits(const Sequence<T>& logits, const Sequence<T>& targets, LossOptions options = {}) {
    check_same_layout("binary_cross_entropy_with_logits: logits and targets", layout_of(logits), layout_of(targets));
    return detail::binary_cross_entropy_with_logits(
        logits.all, targets.all,
        detail::loss_weight(options.reduction, static_cast<double>(logits.all.size()), logits.batch()));
}

}  // namespace bptt
