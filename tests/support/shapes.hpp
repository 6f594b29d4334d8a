#pragma once

#include <limits>
#include <sstream>
#include <string>

#include "bptt/core/check.hpp"

using bptt::detail::Shape;

inline std::string text(Shape s) {
    std::ostringstream out;
    out << s;
    return out.str();
}

/// Σ |a − b|: infinite where the shapes differ, NaN where an element is.
template <class A, class B> double distance(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
    if (bptt::shape(a) != bptt::shape(b)) return std::numeric_limits<double>::infinity();
    return (a.template cast<double>() - b.template cast<double>()).cwiseAbs().sum();
}
