#pragma once

#include <type_traits>
#include <utility>

#include "bptt/autograd/record.hpp"
#include "bptt/ops/product.hpp"

namespace bptt {

namespace detail {

/// Whether x meets every part of y: it has the same shape, or is a column, a row or one number.
template <class T> bool widens_to(Var<T> x, Var<T> y) {
    return (x.rows() == y.rows() || x.rows() == 1) && (x.cols() == y.cols() || x.cols() == 1);
}
template <class T> void check_elementwise(const char* op, Var<T> a, Var<T> b) {
    throw_unless(widens_to(a, b) || widens_to(b, a), op, ": a is ", shape(a), ", b is ", shape(b),
                 "; the shapes must be equal, or one of them a column, a row or one number for the other");
    check_same_tape(op, a, b);
    check_known_order(op, a.layout(), b.layout());
}

/// Whether x meets every column of y, which are others than one.
template <class T> bool is_column_of(Var<T> x, Var<T> y) { return x.rows() == y.rows() && x.cols() == 1 && y.cols() != 1; }

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

/// y = x with as many rows and columns as `like`, if x is a part of that      dx += the sums of dy over what each became
template <class T> Var<T> widened(Var<T> x, Var<T> like) {
    if (shape(x) == shape(like) || !widens_to(x, like)) return x;
    const Index down = x.rows() == like.rows() ? 1 : like.rows(), across = x.cols() == like.cols() ? 1 : like.cols();
    return record({x}, x.value().replicate(down, across), [x](Var<T> y) {
        if (x.cols() == y.cols())
            x.accumulate(y.grad().colwise().sum());
        else if (x.rows() == y.rows())
            x.accumulate(y.grad().rowwise().sum());
        else
            x.accumulate(Mat<T>::Constant(1, 1, y.grad().sum()));
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
    if (detail::is_column_of(b, a)) return detail::add_column(a, b);
    if (detail::is_column_of(a, b)) return detail::add_column(b, a);
    if (shape(a) != shape(b)) return detail::widened(a, b) + detail::widened(b, a);
    return record({a, b}, a.value() + b.value(), [a, b](Var<T> y) {
        a.accumulate(y.grad());
        b.accumulate(y.grad());
    });
}
/// y = a − b      da += dy,  db −= dy
template <class T> Var<T> operator-(Var<T> a, Var<T> b) {
    detail::check_elementwise("a - b", a, b);
    if (shape(a) != shape(b)) return a + (-b);
    return record({a, b}, a.value() - b.value(), [a, b](Var<T> y) {
        a.accumulate(y.grad());
        b.accumulate(-y.grad());
    });
}
/// y = a ⊙ b      da += dy ⊙ b,  db += dy ⊙ a
template <class T> Var<T> operator%(Var<T> a, Var<T> b) {
    detail::check_elementwise("a % b", a, b);
    if (detail::is_column_of(b, a)) return detail::scale_rows(a, b);
    if (detail::is_column_of(a, b)) return detail::scale_rows(b, a);
    if (shape(a) != shape(b)) return detail::widened(a, b) % detail::widened(b, a);
    return record({a, b}, a.array() * b.array(), [a, b](Var<T> y) {
        a.accumulate(y.grad().array() * b.array());
        b.accumulate(y.grad().array() * a.array());
    });
}
/// y = a ⊘ b, element by element      da += dy ⊘ b,  db −= dy ⊙ y ⊘ b
template <class T> Var<T> operator/(Var<T> a, Var<T> b) {
    detail::check_elementwise("a / b", a, b);
    if (shape(a) != shape(b)) return detail::widened(a, b) / detail::widened(b, a);
    return record({a, b}, a.array() / b.array(), [a, b](Var<T> y) {
        a.accumulate(y.grad().array() / b.array());
        b.accumulate(-y.grad().array() * y.array() / b.array());
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
/// y = s ⊘ a      da −= dy ⊙ y ⊘ a
template <class T> Var<T> operator/(std::type_identity_t<T> s, Var<T> a) {
    return record({a}, s / a.array(), [a](Var<T> y) { a.accumulate(-y.grad().array() * y.array() / a.array()); });
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
template <ParamOperand P, class T> Var<T> operator/(P&& a, Var<T> b) { return b.tape().watch(std::forward<P>(a)) / b; }
template <ParamOperand P, class T> Var<T> operator/(Var<T> a, P&& b) { return a / a.tape().watch(std::forward<P>(b)); }

}  // namespace bptt
