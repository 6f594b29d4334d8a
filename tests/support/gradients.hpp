#pragma once

#include <functional>

#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/random.hpp"
#include "support/shapes.hpp"

/// A model of one parameter, "p".
struct OneParam {
    bptt::Param<double> p;
    static void params(auto& m, auto&& f) { f("p", m.p); }
};

using Unary = std::function<bptt::Var<double>(bptt::Var<double>)>;
using Binary = std::function<bptt::Var<double>(bptt::Var<double>, bptt::Var<double>)>;

// gradcheck for any f, compiled once: an instance for each lambda would take most of a minute in a file.
inline auto check_op(const Unary& f, const bptt::Mat<double>& x) { return bptt::gradcheck(f, x); }
inline auto check_op(const Binary& f, const bptt::Mat<double>& x, const bptt::Mat<double>& y) {
    return bptt::gradcheck(f, x, y);
}
inline auto check_op(OneParam& w, const Unary& f, const bptt::Mat<double>& x) { return bptt::gradcheck(w, f, x); }

/// body(shape, rng) for 50 shapes of random sizes. They have at most 150 elements: a gradient check costs their square.
inline void for_random_shapes(const std::function<void(Shape, bptt::Rng&)>& body) {
    bptt::Rng rng(1);
    for (int k = 0; k < 50; ++k) {
        Shape s{};
        do s = {random_size(rng), random_size(rng)};
        while (s.rows * s.cols > 150);
        CAPTURE(s.rows, s.cols);
        body(s, rng);
    }
}
