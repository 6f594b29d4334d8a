#pragma once

#include <functional>

#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/params.hpp"
#include "support/shapes.hpp"

/// A model of one parameter, "p".
struct OneParam {
    bptt::Param<double> p;
    static void params(auto& m, auto&& f) { f("p", m.p); }
};

using Unary = std::function<bptt::Var<double>(bptt::Var<double>)>;
using Binary = std::function<bptt::Var<double>(bptt::Var<double>, bptt::Var<double>)>;
using OnTape = std::function<bptt::Var<double>(bptt::Tape<double>&)>;

// gradcheck for any f and any model, compiled once: an instance for each would take most of a minute in a file. What is a
// template is compiled where it is used alone.
inline auto check_op(const Unary& f, const bptt::Mat<double>& x) { return bptt::gradcheck(f, x); }
inline auto check_op(const Binary& f, const bptt::Mat<double>& x, const bptt::Mat<double>& y) {
    return bptt::gradcheck(f, x, y);
}
template <class M = AnyModel> auto check_any(M model, const Unary& f, const bptt::Mat<double>& x) {
    return bptt::gradcheck(model, f, x);
}
auto check_op(bptt::HasParams auto& model, const Unary& f, const bptt::Mat<double>& x) {
    return check_any({params_of(model)}, f, x);
}
template <class M = AnyModel> auto check_any(M model, const OnTape& f) { return bptt::gradcheck(model, f); }
auto check_op(bptt::HasParams auto& model, const OnTape& f) { return check_any({params_of(model)}, f); }

/// body(shape, rng) for shapes of one row and one column, and beside the widths of packets. They are small: a gradient check
/// costs the square of their size.
inline void for_shapes(const std::function<void(Shape, bptt::Rng&)>& body) {
    constexpr Shape shapes[] = {{1, 1}, {1, 7}, {9, 1},  {2, 3},  {3, 2},  {5, 5},  {3, 8},
                                {8, 3}, {7, 9}, {16, 3}, {3, 17}, {17, 2}, {1, 33}, {33, 1}};
    bptt::Rng rng(1);
    for (const Shape s : shapes) {
        CAPTURE(s.rows, s.cols);
        body(s, rng);
    }
}
