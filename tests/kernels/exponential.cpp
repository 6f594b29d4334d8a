#include "bptt/kernels/exponential.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"

using namespace bptt;
using bptt::kernels::Packet;

#if defined(EIGEN_VECTORIZE_SSE) || defined(EIGEN_VECTORIZE_NEON)
static_assert(Packet<float>::has_powers && !Packet<double>::has_powers);
#endif

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// The largest error of f over packets of `count` numbers from low to high, in units of the last place of the exact value.
template <class T> double ulps(auto f, double (*exact)(double), double low, double high) {
    constexpr Index count = 100'000;
    using P = Packet<T>;
    double worst = 0;
    T x[P::lanes], y[P::lanes];
    for (Index i = 0; i < count; i += P::size) {
        for (Index k = 0; k < P::size; ++k)
            x[k] = static_cast<T>(low + (high - low) * static_cast<double>(i + k) / static_cast<double>(count));
        f(P::load(x)).store(y);
        for (Index k = 0; k < P::size; ++k) {
            const double expected = exact(static_cast<double>(x[k])), size = std::abs(expected);
            const double unit = std::max(std::ldexp(double{std::numeric_limits<T>::epsilon()}, std::ilogb(size)),
                                         double{std::numeric_limits<T>::denorm_min()});
            worst = std::max(worst, std::abs(static_cast<double>(y[k]) - expected) / unit);
        }
    }
    return worst;
}
double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double exp_of(double x) { return std::exp(x); }
double tanh_of(double x) { return std::tanh(x); }

template <class T> void check(double exponents) {
    const auto exp = [](auto x) { return kernels::exp(x); };
    const auto sigmoid = [](auto x) { return kernels::sigmoid(x); };
    const auto tanh = [](auto x) { return kernels::tanh(x); };
    CHECK(ulps<T>(exp, exp_of, -exponents, exponents) < 4);
    CHECK(ulps<T>(exp, exp_of, -1, 1) < 4);
    CHECK(ulps<T>(sigmoid, sigmoid_of, -exponents, exponents) < 4);
    CHECK(ulps<T>(sigmoid, sigmoid_of, -10, 10) < 4);
    CHECK(ulps<T>(tanh, tanh_of, -12, 12) < 4);
    CHECK(ulps<T>(tanh, tanh_of, -1, 1) < 4);
    CHECK(ulps<T>(tanh, tanh_of, -1e-3, 1e-3) < 4);
    CHECK(ulps<T>(tanh, tanh_of, -1e-30, 1e-30) < 4);
}

/// f(x), the same in all lanes.
float of(auto f, float x) {
    float y[Packet<float>::lanes];
    f(Packet<float>::of(x)).store(y);
    for (const float each : y) CHECK((each == y[0] || std::isnan(each)));
    return y[0];
}

}  // namespace

TEST_CASE("exponential: e^x, sigma and tanh are within 4 units of the last place, of floats and doubles") {
    check<float>(87);
    check<double>(700);
}

TEST_CASE("exponential: limits are reached, and NaN stays") {
    const auto exp = [](auto x) { return kernels::exp(x); };
    const auto sigmoid = [](auto x) { return kernels::sigmoid(x); };
    const auto tanh = [](auto x) { return kernels::tanh(x); };
    for (const float big : {50.0f, 89.0f, 1e30f, infinity}) {
        CAPTURE(big);
        CHECK(of(sigmoid, big) == 1);
        CHECK(of(sigmoid, -big) < 1e-21f);
        CHECK(of(sigmoid, -big) >= 0);
        CHECK(of(tanh, big) == 1);
        CHECK(of(tanh, -big) == -1);
        CHECK(of(exp, -big) < 1e-21f);
        CHECK(of(exp, big) > 1e21f);
    }
    CHECK(of(exp, 0) == 1);
    CHECK(of(sigmoid, 0) == 0.5f);
    CHECK(of(tanh, 0) == 0);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const float each : {of(exp, nan), of(sigmoid, nan), of(tanh, nan)}) CHECK(std::isnan(each));
}
