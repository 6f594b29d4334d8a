#pragma once

#include <cstdint>
#include <string>

#include "support/fixture.hpp"

// The runs of fixtures/make_optimizers.py.

struct Four {
    bptt::Param<double> a, b, c, d;
    explicit Four(const FixtureCase& start) : a(start["a.0"]), b(start["b.0"]), c(start["c.0"]), d(start["d.0"]) {}
    static void params(auto& m, auto&& f) { f("a", m.a), f("b", m.b), f("c", m.c), f("d", m.d); }
};

/// grad() of the script.
inline double gradient(std::int64_t n, std::int64_t t, std::int64_t k) {
    const std::int64_t bits = ((1000 * t + 100 * n + k) * 1103515245 + 12345) % (std::int64_t{1} << 31) / 4096;
    return n == 3 ? 0 : static_cast<double>(bits % 4097 - 2048) / 512 * (k % 2 ? 0.25 : 1);
}
inline void set_gradients(Four& model, int t) {
    bptt::for_each_param(model, [&, n = 0](std::string_view, auto& p) mutable {
        for (bptt::Index k = 0; k < p.value.size(); ++k) p.grad.data()[k] = gradient(n, t, k);
        ++n;
    });
}

/// The parameters after step t, where the case has them.
inline void check_parameters(const FixtureCase& c, const Four& model, int t) {
    const std::string step = "." + std::to_string(t);
    if (!c.tensors.contains("a" + step)) return;
    LayerOutputs params;
    bptt::for_each_param(model, [&](std::string_view name, const auto& p) { params[std::string(name) + step] = p.value; });
    check_case<double>(c, params);
}
