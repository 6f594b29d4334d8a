#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "bptt/core/layout.hpp"
#include "bptt/kernels/unpacked.hpp"

namespace bptt {

template <class T> class Tape;
template <class T> class Var;

namespace detail {

/// How to compute a deferred value, which is computed when it is first read. Each kind of deferred value derives from this and
/// adds its operands, whose own values have been computed already.
template <class T> struct Deferred {
    const void* kind = nullptr;  // which kind it is: &kind_of<D>
    /// Writes the value of y and, if y is tracked, records its pullback, which reads y.accumulated(). Nothing throws after the
    /// recording.
    void (*compute)(const Deferred& what, Var<T> y, T* value) = nullptr;
};
template <class D> inline constexpr char kind_of = 0;

template <class T> struct Node {
    T* value;    // null as long as a deferred value has not been computed
    T* grad;     // null until a gradient arrives; of a watched parameter p.grad from the start
    Node* base;  // whose memory a view shares; null for an owner
    Index rows, cols;
    bool tracked;
    bool taken = false;  // whether a fused op used `deferred` in place of the value, so that the gradient is incomplete
    const Deferred<T>* deferred = nullptr;
    const Layout* layout = nullptr;  // of the sequence of unequal lengths whose columns these are; else null
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

    /// A view of the tape's memory, valid until tape.clear(): `Mat<T> kept = x.value()` makes a copy that outlives it.
    ConstMap value() const {
        const Node& n = computed();
        return {n.value, n.rows, n.cols};
    }
    auto array() const { return value().array(); }
    /// The value of a 1×1 variable.
    T item() const {
        throw_unless(rows() == 1 && cols() == 1, "item: the variable is ", shape(*this), ", not 1x1");
        return *computed().value;
    }

    /// Whether gradients flow into it.
    bool tracked() const { return node().tracked; }
    /// Whether a gradient has arrived; always true of a watched parameter.
    bool reached() const { return (node().base ? node().base->grad : node().grad) != nullptr; }
    /// ∂loss/∂this after backward(), zeros if nothing reached it. Throws if this is not tracked, if it is deferred and was not
    /// read before backward(), and if a fused op bypassed it, so that its gradient is incomplete: a built-in cell bypasses an
    /// embedding's columns, cross_entropy() a Linear's logits. Read value() before that op to have the gradient.
    ConstMap grad() const {
        throw_unless(tracked(), "grad: the variable is not tracked (a constant, or made under Tape::Pause)");
        const Node& n = node();
        throw_unless(!(n.base ? n.base : &n)->taken,
                     "grad: an op took a shorter way than through this variable; look at its value() before that op");
        return accumulated();
    }

    // For those who write ops.

    /// The gradient that has arrived, complete or not: for pullbacks of deferred values.
    ConstMap accumulated() const {
        const Map g = grad_map();
        return {g.data(), g.rows(), g.cols()};
    }
    /// The operands of a deferred value of kind D that has not been computed yet; else null.
    template <class D> const D* deferred() const {
        const Node& n = node();
        const bool is_d = n.deferred && !n.value && n.deferred->kind == &detail::kind_of<D>;
        return is_d ? static_cast<const D*>(n.deferred) : nullptr;
    }
    /// The layout of the sequence whose columns these are, if its lengths are unequal; null if they are equal, or if no such
    /// sequence is known.
    const Layout* layout() const { return node().layout; }
    /// Says that these are the columns of a sequence of this layout, which must live as long.
    void mark_columns(const Layout& layout) const { node().layout = layout.even() ? nullptr : &layout; }
    /// Says that a fused op has used deferred() in place of the value: from now on grad() throws.
    void mark_taken() const { node().taken = true; }

    /// grad += g, of this shape. Nothing is computed unless this is tracked; the first contribution assigns.
    template <class E> void accumulate(const Eigen::DenseBase<E>& g) const {
        if (!begin_to_accumulate(shape(g))) return;
        auto& n = node();
        if (n.base || n.grad) {
            grad_map().noalias() += detail::as_matrix(g.derived());
        } else {
            n.grad = tape_->template buffer<T>(n.rows * n.cols);
            Map(n.grad, n.rows, n.cols).noalias() = detail::as_matrix(g.derived());
        }
    }
    void accumulate(ConstMap g) const {
        if (!begin_to_accumulate(shape(g))) return;
        auto& n = node();
        if (n.base || n.grad) {
            kernels::add_scaled(1, g.data(), g.size(), grad_map().data());
        } else {
            n.grad = tape_->template buffer<T>(g.size());
            std::copy_n(g.data(), g.size(), n.grad);
        }
    }
    /// accumulate() for rows × cols numbers in a buffer() of the tape that nothing else uses: as the first contribution, the
    /// buffer itself becomes the gradient.
    void accumulate_buffer(T* g) const {
        auto& n = node();
        if (n.tracked && !n.base && !n.grad)
            n.grad = g;
        else
            accumulate(ConstMap(g, n.rows, n.cols));
    }
    /// Calls f(gradient), which adds to a part of the gradient; that starts as zeros. Does nothing unless this is tracked.
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
    /// The node; a deferred value is computed first.
    Node& computed() const {
        Node& n = node();
        if (n.deferred && !n.value) tape_->compute(*this);
        return n;
    }
    /// Whether this is tracked; then a deferred value is computed, and a gradient of another shape refused.
    bool begin_to_accumulate(detail::Shape g) const {
        if (!tracked()) return false;
        computed();
        throw_unless(g == shape(*this), "accumulate: the gradient is ", g, ", the variable ", shape(*this));
        return true;
    }
    Map grad_map() const {
        auto& n = computed();
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
/// The memory of x's gradient, to add to; zeros if no gradient has arrived yet. Null if x is empty or not tracked.
template <class T> T* gradient_data(Var<T> x) {
    T* data = nullptr;
    if (!x.empty()) x.accumulate_into([&](auto g) { data = g.data(); });
    return data;
}
}  // namespace detail

template <class T> std::ostream& operator<<(std::ostream&, Var<T>) = delete;  // print x.value(), or x.item() if it is 1x1

template <class V> inline constexpr bool is_var = false;
template <class T> inline constexpr bool is_var<Var<T>> = true;

}  // namespace bptt
