#pragma once

#include <type_traits>
#include <utility>

#include "bptt/autograd/record.hpp"
#include "bptt/ops/product.hpp"

namespace bptt {

namespace detail {

// Either operand of an elementwise op may be a column: it meets every column of the other.
template <class T> void check_elementwise(const char* op, Var<T> a, Var<T> b) {
    throw_unless(a.rows() == b.rows() && (a.cols() == b.cols() || a.cols() == 1 || b.cols() == 1), op, ": a is ", shape(a),
                 ", b is ", shape(b), "; the shapes must be equal, or one of them a column with as many rows");
    check_same_tape(op, a, b);
    check_known_order(op, a.layout(), b.layout());
}

/// y = a + b 1ᵀ      da += dy,  db += dy 1
template <class T> Var<T> add_column(Var<T> a, Var<T> b) {
    return record({a, b}, a.value().colwise() + b.value().col(0), [a, b](Var<T> y) {
        a.accumulate(y.grad());
        b.accumulate(y.grad().rowwise().sum());
    });
}
/// y = a ⊙ (b 1ᵀ)      da += dy ⊙ (b 1ᵀ),  db += (dy ⊙ a) 1
template <class T> Var<T> scale_rows(Var<T> a, Var<T> b) {
    return record({a, b}, a.array().colwise() * b.array().col(0), [a, b](Var<T> y) {
        a.accumulate(y.grad().array().colwise() * b.array().col(0));
        b.accumulate((y.grad().array() * a.array()).rowwise().sum());
    });
}

}  // namespace detail

/// y = −a      da −= dy
template <class T> Var<T> operator-(Var<T> a) {
    return record({a}, -a.value(), [a](Var<T> y) { a.accumulate(-y.grad()); });
}
/// y = a + b      da += dy,  db += dy
template <class T> Var<T> operator+(Var<T> a, Var<T> b) {
    detail::check_elementwise("a + b", a, b);
    if (a.cols() != b.cols()) return b.cols() == 1 ? detail::add_column(a, b) : detail::add_column(b, a);
    return record({a, b}, a.value() + b.value(), [a, b](Var<T> y) {
        a.accumulate(y.grad());
        b.accumulate(y.grad());
    });
}
/// y = a − b      da += dy,  db −= dy
template <class T> Var<T> operator-(Var<T> a, Var<T> b) {
    detail::check_elementwise("a - b", a, b);
    if (a.cols() != b.cols()) return a + (-b);
    return record({a, b}, a.value() - b.value(), [a, b](Var<T> y) {
        a.accumulate(y.grad());
        b.accumulate(-y.grad());
    });
}
/// y = a ⊙ b      da += dy ⊙ b,  db += dy ⊙ a
template <class T> Var<T> operator%(Var<T> a, Var<T> b) {
    detail::check_elementwise("a % b", a, b);
    if (a.cols() != b.cols()) return b.cols() == 1 ? detail::scale_rows(a, b) : detail::scale_rows(b, a);
    return record({a, b}, a.array() * b.array(), [a, b](Var<T> y) {
        a.accumulate(y.grad().array() * b.array());
        b.accumulate(y.grad().array() * a.array());
    });
}

/// y = a + s      da += dy
template <class T> Var<T> operator+(Var<T> a, std::type_identity_t<T> s) {
    return record({a}, a.array() + s, [a](Var<T> y) { a.accumulate(y.grad()); });
}
template <class T> Var<T> operator+(std::type_identity_t<T> s, Var<T> a) { return a + s; }
template <class T> Var<T> operator-(Var<T> a, std::type_identity_t<T> s) { return a + (-s); }
/// y = s − a      da −= dy
template <class T> Var<T> operator-(std::type_identity_t<T> s, Var<T> a) {
    return record({a}, s - a.array(), [a](Var<T> y) { a.accumulate(-y.grad()); });
}
/// y = s a      da += s dy
template <class T> Var<T> operator*(std::type_identity_t<T> s, Var<T> a) {
    return record({a}, s * a.value(), [a, s](Var<T> y) { a.accumulate(s * y.grad()); });
}
template <class T> Var<T> operator*(Var<T> a, std::type_identity_t<T> s) { return s * a; }
/// y = a / s      da += dy / s
template <class T> Var<T> operator/(Var<T> a, std::type_identity_t<T> s) {
    return record({a}, a.value() / s, [a, s](Var<T> y) { a.accumulate(y.grad() / s); });
}

// An op of a Param and a Var watches the Param on the Var's tape. (It is forwarded, so that a temporary Param is refused.)
template <class P>
concept ParamOperand = is_param<std::remove_cvref_t<P>>;
template <ParamOperand P, class T> Var<T> operator*(P&& a, Var<T> b) { return b.tape().watch(std::forward<P>(a)) * b; }
template <ParamOperand P, class T> Var<T> operator*(Var<T> a, P&& b) { return a * a.tape().watch(std::forward<P>(b)); }
template <ParamOperand P, class T> Var<T> operator+(P&& a, Var<T> b) { return b.tape().watch(std::forward<P>(a)) + b; }
template <ParamOperand P, class T> Var<T> operator+(Var<T> a, P&& b) { return a + a.tape().watch(std::forward<P>(b)); }
template <ParamOperand P, class T> Var<T> operator-(P&& a, Var<T> b) { return b.tape().watch(std::forward<P>(a)) - b; }
template <ParamOperand P, class T> Var<T> operator-(Var<T> a, P&& b) { return a - a.tape().watch(std::forward<P>(b)); }
template <ParamOperand P, class T> Var<T> operator%(P&& a, Var<T> b) { return b.tape().watch(std::forward<P>(a)) % b; }
template <ParamOperand P, class T> Var<T> operator%(Var<T> a, P&& b) { return a % a.tape().watch(std::forward<P>(b)); }

}  // namespace bptt
