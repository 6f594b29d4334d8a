#pragma once

#include <cstdint>
#include <type_traits>

#include "bptt/core/check.hpp"

namespace bptt {

template <class T> class Tape;

namespace detail {

template <class T> struct Node {
    T* value;
    T* grad;     // null until a gradient arrives
    Node* base;  // whose memory a view shares; null for an owner
    Index rows, cols;
    bool tracked;
};

template <class E> const auto& as_matrix(const Eigen::MatrixBase<E>& e) { return e.derived(); }
template <class E> auto as_matrix(const Eigen::ArrayBase<E>& e) { return e.derived().matrix(); }

}  // namespace detail

/// A matrix on a tape: a handle, copied freely, valid until the tape's next clear(). Using it later throws.
template <class T> class Var {
public:
    using Scalar = T;
    using Map = Eigen::Map<Mat<T>>;
    using ConstMap = Eigen::Map<const Mat<T>>;

    Var() = default;  // empty: only assignment and empty() are allowed

    bool empty() const { return node_ == nullptr; }
    Index rows() const { return node().rows; }
    Index cols() const { return node().cols; }
    Index size() const { return rows() * cols(); }
    Tape<T>& tape() const { return node(), *tape_; }

    ConstMap value() const { return {node().value, node().rows, node().cols}; }
    auto array() const { return value().array(); }
    /// The value of a 1×1 variable.
    T item() const {
        throw_unless(rows() == 1 && cols() == 1, "item: the variable is ", shape(*this), ", not 1x1");
        return *node().value;
    }

    /// Whether gradients flow into it.
    bool tracked() const { return node().tracked; }
    /// Whether a gradient has arrived.
    bool reached() const { return (node().base ? node().base->grad : node().grad) != nullptr; }
    /// ∂loss/∂this after backward(), zeros if nothing reached it. Throws if it is not tracked.
    ConstMap grad() const {
        throw_unless(tracked(), "grad: the variable is not tracked (a constant, or made under Tape::Pause)");
        const Map g = grad_map();
        return {g.data(), g.rows(), g.cols()};
    }

    // For those who write ops.

    /// grad += g, of this shape. Nothing is computed unless this is tracked; the first contribution assigns.
    template <class E> void accumulate(const Eigen::DenseBase<E>& g) const {
        auto& n = node();
        if (!n.tracked) return;
        throw_unless(g.rows() == n.rows && g.cols() == n.cols, "accumulate: the gradient is ", shape(g), ", the variable ",
                     shape(*this));
        if (n.base || n.grad) {
            grad_map().noalias() += detail::as_matrix(g.derived());
        } else {
            n.grad = tape_->template buffer<T>(n.rows * n.cols);
            Map(n.grad, n.rows, n.cols).noalias() = detail::as_matrix(g.derived());
        }
    }
    /// accumulate() of rows × cols numbers in a buffer() of the tape that nothing else uses: the first contribution is taken
    /// over, not copied.
    void accumulate_buffer(T* g) const {
        auto& n = node();
        if (n.tracked && !n.base && !n.grad)
            n.grad = g;
        else
            accumulate(ConstMap(g, n.rows, n.cols));
    }
    /// f(gradient), to add to a part of it. It starts as zeros. Not called unless this is tracked.
    template <class F> void accumulate_into(F f) const {
        if (tracked()) f(grad_map());
    }

private:
    friend class Tape<T>;
    using Node = detail::Node<T>;

    Var(Node* node, Tape<T>* tape, std::uint64_t generation) : node_(node), tape_(tape), generation_(generation) {}

    Node& node() const {
        throw_unless(node_ != nullptr, "Var: this variable is empty");
        throw_unless(generation_ == tape_->generation(),
                     "Var: this variable was made before tape.clear(); carry values(...) across, not variables");
        return *node_;
    }
    Map grad_map() const {
        auto& n = node();
        auto& owner = n.base ? *n.base : n;
        if (!owner.grad) {
            owner.grad = tape_->template buffer<T>(owner.rows * owner.cols);
            Map(owner.grad, owner.rows, owner.cols).setZero();
        }
        return {owner.grad + (n.value - owner.value), n.rows, n.cols};
    }

    Node* node_ = nullptr;
    Tape<T>* tape_ = nullptr;
    std::uint64_t generation_ = 0;
};

namespace detail {
/// Where the gradient of x is added to, in storage order; null where there is none.
template <class T> T* gradient_data(Var<T> x) {
    T* data = nullptr;
    if (!x.empty()) x.accumulate_into([&](auto g) { data = g.data(); });
    return data;
}
}  // namespace detail

template <class V> inline constexpr bool is_var = false;
template <class T> inline constexpr bool is_var<Var<T>> = true;

}  // namespace bptt
