#include "bptt/train/clip.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

template <class T> struct Two {
    Param<T> a, b;
    static void params(auto& m, auto&& f) {
        f("a", m.a);
        f("b", m.b);
    }
};
template <class T> struct Nested {
    Two<T> inner;
    static void params(auto& m, auto&& f) { f("inner", m.inner); }
};
template <class T> struct Tied {
    Param<T> w;
    static void params(auto& m, auto&& f) {
        f("in", m.w);
        f("out", m.w);
    }
};

template <class T> Param<T> with_grad(std::vector<T> grad) {
    const auto n = static_cast<Index>(grad.size());
    Param<T> p(n, 1);
    p.grad = Eigen::Map<const Mat<T>>(grad.data(), n, 1);
    return p;
}
template <class T> Two<T> two(std::vector<T> a, std::vector<T> b) { return {with_grad(a), with_grad(b)}; }

/// Bit for bit, NaN included.
template <class T> bool same_bits(const Mat<T>& a, const Mat<T>& b) {
    return shape(a) == shape(b) && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(T)) == 0;
}

}  // namespace

TEST_CASE("clip_grad_norm: PyTorch's formula over all parameters together") {
    const auto model = two<double>({3}, {4});
    CHECK(clip_grad_norm(model, 1) == 5);
    CHECK_THAT(model.a.grad(0, 0), WithinRel(0.6 * 5 / (5 + 1e-6), 1e-15));
    CHECK_THAT(model.b.grad(0, 0), WithinRel(0.8 * 5 / (5 + 1e-6), 1e-15));
}

TEST_CASE("clip_grad_norm: the norm counts every element") {
    const auto model = two<float>({1, -2, 3, -4}, {5, -6, 7});
    CHECK_THAT(clip_grad_norm(model, 1e9), WithinRel(std::sqrt(140.0), 1e-15));
    std::vector<double> many(100);
    std::iota(many.begin(), many.end(), 1);
    CHECK_THAT(clip_grad_norm(two<double>(many, {}), 1e9), WithinRel(std::sqrt(100. * 101 * 201 / 6), 1e-14));
    many.assign(33, 1);
    many.back() = 100;
    CHECK_THAT(clip_grad_norm(two<double>(many, {}), 1e9), WithinRel(std::sqrt(32. + 100 * 100), 1e-14));
}

TEST_CASE("clip_grad_norm: below max_norm no bit changes") {
    const auto model = two<float>({0.3f, -0.1f}, {1e-30f, -0.0f});
    const auto a = model.a.grad, b = model.b.grad;
    CHECK_THAT(clip_grad_norm(model, 1), WithinRel(std::sqrt(0.1), 1e-6));
    CHECK(same_bits(model.a.grad, a));
    CHECK(same_bits(model.b.grad, b));
    clip_grad_norm(model, 0.4);
    clip_grad_norm(model, inf);
    CHECK(same_bits(model.a.grad, a));
}

TEST_CASE("clip_grad_norm: float gradients of 1e19, whose squares are no floats") {
    const auto model = two<float>({3e19f}, {4e19f});
    CHECK_THAT(clip_grad_norm(model, 5), WithinRel(5e19, 1e-6));
    CHECK_THAT(model.a.grad(0, 0), WithinRel(3.f, 1e-6f));
    CHECK_THAT(model.b.grad(0, 0), WithinRel(4.f, 1e-6f));
}

TEST_CASE("clip_grad_norm: double gradients of 1e200, whose squares are no doubles") {
    const auto model = two<double>({3e200, 0, 0}, {0, 4e200});
    CHECK_THAT(clip_grad_norm(model, 5), WithinRel(5e200, 1e-12));
    CHECK_THAT(model.a.grad(0, 0), WithinRel(3.0, 1e-12));
    CHECK_THAT(model.b.grad(1, 0), WithinRel(4.0, 1e-12));

    const auto mixed = two<double>({3e200, 4e200}, {1});
    CHECK_THAT(clip_grad_norm(mixed, 5), WithinRel(5e200, 1e-12));
    CHECK_THAT(mixed.a.grad(1, 0), WithinRel(4.0, 1e-12));
}

TEST_CASE("clip_grad_norm: norms that only together are no double throw and change nothing, tiny ones count") {
    const auto huge = two<double>({1e308}, {1.7e308});
    CHECK_THROWS_WITH(clip_grad_norm(huge, 1), ContainsSubstring("the norm of all gradients up to b overflows"));
    CHECK(huge.a.grad(0, 0) == 1e308);
    CHECK_THAT(clip_grad_norm(two<double>({3e-170}, {4e-170}), 1), WithinRel(5e-170, 1e-12));
    CHECK(clip_grad_norm(two<double>({5e-324}, {0}), 1) == 5e-324);
}

TEST_CASE("clip_grad_norm: a gradient that is not finite throws, naming the first, and changes nothing") {
    for (const double bad : {inf, -inf, NaN}) {
        const Nested<double> second{two<double>({3, 4}, {5, bad, 7})};
        CHECK_THROWS_WITH(clip_grad_norm(second, 1), "clip_grad_norm: the gradient of inner.b is not finite");
        CHECK(second.inner.a.grad == Mat<double>{{3}, {4}});
        CHECK(second.inner.b.grad(0, 0) == 5);
        const Nested<double> both{two<double>({3, bad}, {NaN})};
        CHECK_THROWS_WITH(clip_grad_norm(both, 1), "clip_grad_norm: the gradient of inner.a is not finite");
        CHECK(both.inner.a.grad(0, 0) == 3);
        CHECK_THROWS_WITH(clip_grad_norm(two<double>({bad}, {0}), 1), "clip_grad_norm: the gradient of a is not finite");
    }
    const auto floats = two<float>({1}, {std::numeric_limits<float>::infinity()});
    CHECK_THROWS_WITH(clip_grad_norm(floats, 1), "clip_grad_norm: the gradient of b is not finite");
}

TEST_CASE("clip_grad_norm: a tied parameter counts once and is scaled once") {
    const Tied<double> model{with_grad<double>({3, 4})};
    CHECK(clip_grad_norm(model, 1) == 5);
    CHECK_THAT(model.w.grad(0, 0), WithinRel(0.6 * 5 / (5 + 1e-6), 1e-15));
    CHECK_THAT(model.w.grad(1, 0), WithinRel(0.8 * 5 / (5 + 1e-6), 1e-15));
}

TEST_CASE("clip_grad_norm: max_norm 0 gives zeros") {
    const auto model = two<double>({3}, {4});
    CHECK(clip_grad_norm(model, 0) == 5);
    CHECK(model.a.grad(0, 0) == 0);
    CHECK(model.b.grad(0, 0) == 0);
    CHECK(clip_grad_norm(model, 0) == 0);
    CHECK(model.a.grad(0, 0) == 0);
}

TEST_CASE("clip_grad_norm: gradients of all zeros, and no elements at all") {
    const auto zeros = two<double>({0, 0}, {0});
    CHECK(clip_grad_norm(zeros, 1) == 0);
    CHECK(zeros.a.grad == Mat<double>::Zero(2, 1));
    const Two<double> empty;
    CHECK(clip_grad_norm(empty, 1) == 0);
}

TEST_CASE("clip_grad_value: every element ends within the limit") {
    const auto model = two<double>({-3, -0.5, 0, 0.5, 3}, {inf, -inf});
    clip_grad_value(model, 1);
    CHECK(model.a.grad == Mat<double>{{-1}, {-0.5}, {0}, {0.5}, {1}});
    CHECK(model.b.grad == Mat<double>{{1}, {-1}});
}

TEST_CASE("clip_grad_value: at the limit and within it no bit changes") {
    const auto doubles = two<double>({0.1, -0.1, std::nextafter(0.1, 0), -0.0}, {5e-324});
    const auto a = doubles.a.grad, b = doubles.b.grad;
    clip_grad_value(doubles, 0.1);
    CHECK(same_bits(doubles.a.grad, a));
    CHECK(same_bits(doubles.b.grad, b));

    const auto floats = two<float>({0.1f, -0.1f}, {std::nextafter(0.1f, 1.f)});
    clip_grad_value(floats, 0.1);
    CHECK(floats.a.grad == Mat<float>{{0.1f}, {-0.1f}});
    CHECK(floats.b.grad(0, 0) == 0.1f);
}

TEST_CASE("clip_grad_value: NaN throws, naming the first, and changes nothing") {
    const auto model = two<double>({3, 4}, {5, NaN, -7});
    CHECK_THROWS_WITH(clip_grad_value(model, 1), "clip_grad_value: the gradient of b has a NaN");
    CHECK(model.a.grad == Mat<double>{{3}, {4}});
    CHECK(model.b.grad(0, 0) == 5);
    const auto both = two<double>({NaN}, {NaN});
    CHECK_THROWS_WITH(clip_grad_value(both, 1), "clip_grad_value: the gradient of a has a NaN");
}

TEST_CASE("clip_grad_value: the limit 0 gives zeros") {
    const auto model = two<double>({3}, {-4});
    CHECK(model.a.grad(0, 0) == 3);
    clip_grad_value(model, 0);
    CHECK(model.a.grad(0, 0) == 0);
    CHECK(model.b.grad(0, 0) == 0);
}
