#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "bptt/autograd/param.hpp"
#include "catch.hpp"
#include "support/random.hpp"
#include "support/shapes.hpp"

/// A parameter that has a gradient, so that a change of either would be seen.
inline bptt::Param<double> used_param(Shape s, bptt::Rng& rng) {
    bptt::Param<double> p(random_mat(s.rows, s.cols, rng));
    p.grad = random_mat(s.rows, s.cols, rng);
    return p;
}

/// f() throws std::invalid_argument, the message holds every one of `parts`, and `p` stays as it is.
template <class F> void check_refused(const bptt::Param<double>& p, F f, const std::vector<std::string>& parts) {
    const auto before = p;
    CHECK_THROWS_AS(f(), std::invalid_argument);
    for (const auto& part : parts) CHECK_THROWS_WITH(f(), ContainsSubstring(part));
    CHECK(p.value == before.value);
    CHECK(p.grad == before.grad);
}
