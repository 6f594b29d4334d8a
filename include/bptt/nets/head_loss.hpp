#pragma once

#include "bptt/kernels/cross_entropy.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/loss.hpp"

namespace bptt {

/// cross_entropy(head(h), targets) as one step of the tape: no more than a part of the logits is ever held. Where gradients
/// are wanted, they are found with the loss, and scaled in backward().
template <class T>
Var<T> cross_entropy(const Linear<T>& head, const Sequence<T>& h, const Tokens& targets, LossOptions options = {}) {
    const Layout& l = layout_of(h);
    const Index classes = head.W.rows(), inputs = head.W.cols(), columns = l.columns();
    throw_unless(h.all.rows() == inputs, "cross_entropy: h is ", shape(h.all), ", the head's W is ", shape(head.W));
    check_same_layout("cross_entropy: h and targets", l, targets.layout());
    for (const Index k : targets.ids())
        throw_unless(k >= 0 && k < classes, "cross_entropy: target ", k, " is outside 0..", classes - 1, " (the head's W is ",
                     shape(head.W), ")");
    auto& tape = h.all.tape();
    const auto W = tape.watch(head.W), b = tape.watch(head.b), x = h.all;
    const double weight = detail::loss_weight(options, columns, l.batch);

    auto [loss, value] = tape.make(1, 1, W.tracked());
    kernels::Head<T> k{detail::affine_of(W, 0, classes, b, x), targets.ids().data(), static_cast<T>(weight), {}, {}, {}};
    if (loss.tracked()) {
        k.dx = tape.template buffer<T>(inputs * columns);
        k.dW = tape.template buffer<T>(classes * inputs);
        k.db = tape.template buffer<T>(classes);
        std::fill_n(k.dW, classes * inputs, T(0));
        std::fill_n(k.db, classes, T(0));
        tape.on_backward([=, loss = loss] {
            if (!loss.reached()) return;
            using Map = typename Var<T>::ConstMap;
            const T g = loss.grad()(0, 0);
            if (g != 1) Eigen::Map<Mat<T>>(k.dx, inputs, columns) *= g;
            x.accumulate_buffer(k.dx);
            W.accumulate(g * Map(k.dW, classes, inputs));
            b.accumulate(g * Map(k.db, classes, 1));
        });
    }
    T* const scratch = tape.scratch(k.scratch(tape.threads()));
    value(0, 0) = static_cast<T>(weight * kernels::cross_entropy(k, scratch, tape.threads()));
    return loss;
}

}  // namespace bptt
