#pragma once

#include "bptt/autograd/record.hpp"
#include "bptt/kernels/gates.hpp"

namespace bptt {

namespace detail {

/// y = f(x), f of packets.
template <class T> Var<T> map(Var<T> x, const auto& f, const auto& pullback) {
    const auto write = [&](auto y) { kernels::map(x.value().data(), x.size(), y.data(), f); };
    return record({x}, x.rows(), x.cols(), write, pullback);
}

}  // namespace detail

/// y = tanh(x)      dx += dy ⊙ (1 − y²)
template <class T> Var<T> tanh(Var<T> x) {
    return detail::map(
        x, [](auto p) { return tanh(p); }, [x](Var<T> y) { x.accumulate(y.grad().array() * (1 - y.array().square())); });
}

/// y = 1 / (1 + exp(−x))      dx += dy ⊙ y ⊙ (1 − y)
template <class T> Var<T> sigmoid(Var<T> x) {
    return detail::map(
        x, [](auto p) { return sigmoid(p); }, [x](Var<T> y) { x.accumulate(y.grad().array() * y.array() * (1 - y.array())); });
}

/// y = max(x, 0)      dx += dy where x > 0
template <class T> Var<T> relu(Var<T> x) {
    return record({x}, (x.array() < T(0)).select(T(0), x.array()),
                  [x](Var<T> y) { x.accumulate((y.array() > T(0)).select(y.grad().array(), T(0))); });
}

enum class Activation { tanh, relu, identity };

/// The activation that is named at compile time.
template <Activation A, class T> Var<T> activate(Var<T> x) {
    if constexpr (A == Activation::tanh)
        return tanh(x);
    else if constexpr (A == Activation::relu)
        return relu(x);
    else
        return x;
}

/// y = exp(x)      dx += dy ⊙ y
template <class T> Var<T> exp(Var<T> x) {
    return record({x}, x.array().exp(), [x](Var<T> y) { x.accumulate(y.grad().array() * y.array()); });
}

/// y = ln x      dx += dy / x
template <class T> Var<T> log(Var<T> x) {
    return record({x}, x.array().log(), [x](Var<T> y) { x.accumulate(y.grad().array() / x.array()); });
}

/// y = x²      dx += 2 dy ⊙ x
template <class T> Var<T> square(Var<T> x) {
    return record({x}, x.array().square(), [x](Var<T> y) { x.accumulate(2 * y.grad().array() * x.array()); });
}

/// y = √x      dx += dy / (2 y)
template <class T> Var<T> sqrt(Var<T> x) {
    return record({x}, x.array().sqrt(), [x](Var<T> y) { x.accumulate(y.grad().array() / (2 * y.array())); });
}

/// y = 1 / √x      dx −= dy ⊙ y / (2 x)
template <class T> Var<T> rsqrt(Var<T> x) {
    return record({x}, x.array().sqrt().inverse(),
                  [x](Var<T> y) { x.accumulate(-y.grad().array() * y.array() / (2 * x.array())); });
}

}  // namespace bptt
