#pragma once

#include <algorithm>

#include "bptt/autograd/scratch.hpp"
#include "bptt/kernels/cross_entropy.hpp"
#include "bptt/ops/affine.hpp"

namespace bptt::detail {

/// weight · Σ_k of the loss of column W x_k + b as one entry of the tape: only a part of the logits is held at a time.
/// If gradients are wanted, they are computed along with the loss; backward() only scales and adds them.
template <class T>
Var<T> head_cross_entropy(const DeferredAffine<T>& head, bool tracked, const kernels::Targets<T>& targets, double weight) {
    const auto W = head.W, b = head.b, x = head.x;
    const Index classes = W.rows(), inputs = W.cols(), columns = x.cols();
    auto& tape = x.tape();
    auto [made, value] = tape.make(1, 1, tracked);
    const Var<T> loss = made;
    kernels::Head<T> k{.affine = affine_of(W, 0, classes, b, x),
                       .targets = targets,
                       .weight = static_cast<T>(weight),
                       .maybe_dx = nullptr,
                       .maybe_dW = nullptr,
                       .maybe_db = nullptr};
    if (loss.tracked()) {
        k.maybe_dx = tape.template buffer<T>(inputs * columns);
        k.maybe_dW = tape.template buffer<T>(classes * inputs);
        k.maybe_db = tape.template buffer<T>(classes);
        std::fill_n(k.maybe_dW, classes * inputs, T(0));
        std::fill_n(k.maybe_db, classes, T(0));
    }
    const auto room = take_scratch(tape, [&](auto& parts) { return kernels::head_room(k, tape.threads(), parts); });
    if (loss.tracked())
        tape.on_backward([=] {
            if (!loss.reached()) return;
            const auto accumulate = [g = loss.grad()(0, 0)](Var<T> v, T* gradient) {
                if (g != 1) std::transform(gradient, gradient + v.size(), gradient, [g](T each) { return g * each; });
                v.accumulate_buffer(gradient);
            };
            accumulate(x, k.maybe_dx);
            accumulate(W, k.maybe_dW);
            accumulate(b, k.maybe_db);
        });
    value(0, 0) = static_cast<T>(weight * kernels::cross_entropy(k, room, tape.threads()));
    return loss;
}

}  // namespace bptt::detail
