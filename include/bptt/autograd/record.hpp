#pragma once

#include <concepts>
#include <initializer_list>
#include <span>

#include "bptt/autograd/tape.hpp"

namespace bptt {

/// Records an op with the operands `parents`: `write(value)` fills the rows×cols value; `pullback(y)` runs once y.grad() is
/// complete, and adds to the parents' gradients. pullback is neither recorded nor run where no parent is tracked.
template <class T, class Write, std::invocable<Var<T>> Pullback>
Var<T> record(std::span<const Var<T>> parents, Index rows, Index cols, Write write, Pullback pullback) {
    throw_unless(!parents.empty(), "record: no parents");
    auto& tape = parents.front().tape();
    bool tracked = false;
    for (const Var<T>& p : parents) {
        throw_unless(&p.tape() == &tape, "record: the operands are on different tapes");
        p.value();  // a deferred one is computed now, not in backward()
        tracked |= p.tracked();
    }
    auto [made, value] = tape.make(rows, cols, tracked);
    const Var<T> y = made;  // not every compiler can capture a structured binding
    write(value);
    if (y.tracked())
        tape.on_backward([y, pullback] {
            if (y.reached()) pullback(y);
        });
    return y;
}
template <class T, class Write, std::invocable<Var<T>> Pullback>
Var<T> record(std::initializer_list<Var<T>> parents, Index rows, Index cols, Write write, Pullback pullback) {
    return record(std::span<const Var<T>>(parents), rows, cols, write, pullback);
}
/// The usual case: the value is one Eigen expression.
template <class T, class E, std::invocable<Var<T>> Pullback>
Var<T> record(std::initializer_list<Var<T>> parents, const Eigen::DenseBase<E>& value, Pullback pullback) {
    const auto write = [&](auto y) { y.noalias() = detail::as_matrix(value.derived()); };
    return record(parents, value.rows(), value.cols(), write, pullback);
}

}  // namespace bptt
