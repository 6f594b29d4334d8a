#pragma once

#include "bptt/kernels/cross_entropy.hpp"
#include "bptt/ops/affine.hpp"

namespace bptt::detail {

/// weight · Σ_k −ln softmax(W x_k + b)[targets[k]] as one step of the tape: no more than a part of the logits is ever held.
/// Where gradients are wanted, they are found with the loss, and scaled in backward().
template <class T> Var<T> head_cross_entropy(const DeferredAffine<T>& head, bool tracked, const Index* targets, double weight) {
    const auto W = head.W, b = head.b, x = head.x;
    const Index classes = W.rows(), inputs = W.cols(), columns = x.cols();
    auto& tape = x.tape();
    using kernels::Head, kernels::outer_scratch;
    auto [loss, value] = tape.make(1, 1, tracked);
    Head<T> k{affine_of(W, b, x, loss.tracked()), targets, static_cast<T>(weight), {}, {}, {}, {}, {}};
    auto* const losses = tape.template buffer<double>(columns);
    k.logits = tape.template buffer<T>(classes * k.at_once(classes, columns));
    if (loss.tracked()) {
        k.dx = tape.template buffer<T>(inputs * columns);
        k.dW = tape.template buffer<T>(classes * inputs);
        k.db = tape.template buffer<T>(classes);
        k.scratch = tape.template buffer<T>(k.affine.parts(tape.threads()) * outer_scratch<T>);
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
    kernels::cross_entropy(k, losses, tape.threads());
    double total = 0;
    for (Index column = 0; column < columns; ++column) total += losses[column];
    value(0, 0) = static_cast<T>(weight * total);
    return loss;
}

}  // namespace bptt::detail
