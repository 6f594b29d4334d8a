#include "bptt/kernels/softmax.hpp"

#include <vector>

#include "catch.hpp"
#include "support/random.hpp"

namespace bptt::kernels {

namespace {

template <class T> constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T> Mat<T> random_column(Index n, Rng& rng) { return random_mat(n, 1, rng, -9, 9).cast<T>(); }
/// n numbers of `kernel`, which starts from `start`, and one beyond them that it leaves alone.
template <class T> Mat<double> numbers(const Mat<T>& start, const auto& kernel) {
    Mat<T> y(start.rows() + 1, 1);
    y << start, T(123);
    kernel(y.data());
    CHECK(y(start.rows(), 0) == T(123));
    return y.topRows(start.rows()).template cast<double>();
}
/// Σ |a − b|
double apart(const Mat<double>& a, const Mat<double>& b) { return (a - b).cwiseAbs().sum(); }

}  // namespace

TEMPLATE_TEST_CASE("softmax kernel: values of 1 to 70 numbers against the definitions", "", float, double) {
    using T = TestType;
    Rng rng(1);
    for (Index n = 1; n <= 70; ++n) {
        CAPTURE(n);
        const Mat<T> x = random_column<T>(n, rng), dy = random_column<T>(n, rng), start = random_column<T>(n, rng);
        const Mat<double> e = x.template cast<double>().array().exp(), p = e / e.sum();
        const double limit = 40 * static_cast<double>(n) * double{std::numeric_limits<T>::epsilon()};
        CHECK(std::abs(static_cast<double>(log_sum_exp(x.data(), n)) - std::log(e.sum())) <= limit);
        CHECK(apart(numbers<T>(start, [&](T* y) { softmax(x.data(), n, T(1), y); }), p) <= limit);
        CHECK(apart(numbers<T>(x, [&](T* y) { softmax(y, n, T(3), y); }), 3 * p) <= limit);

        const auto s = softmax(x.data(), n, T(1), Mat<T>(x).data());
        CHECK(s.top == x.maxCoeff());
        CHECK(s.log() == log_sum_exp(x.data(), n));

        const Mat<double> dz = dy.template cast<double>(), dx = start.template cast<double>();
        const Mat<T> y = p.template cast<T>();
        const Mat<double> pulled = dx.array() + p.array() * (dz.array() - dz.cwiseProduct(p).sum());
        CHECK(apart(numbers<T>(start, [&](T* to) { add_softmax_pullback(y.data(), dy.data(), n, to); }), pulled) <= 20 * limit);
        CHECK(apart(numbers<T>(start, [&](T* to) { add_exponentials(x.data(), n, T(std::log(e.sum())), T(2), to); }),
                    dx + 2 * p) <= 20 * limit);
    }
}

TEMPLATE_TEST_CASE("softmax kernel: NaN at any position makes everything NaN, beside infinity too", "", float, double) {
    using T = TestType;
    for (Index n = 1; n <= 40; ++n)
        for (Index at = 0; at < n; ++at)
            for (const T other : {T(0.5), infinity<T>, -infinity<T>}) {
                Mat<T> x = Mat<T>::Constant(n, 1, other);
                x(at, 0) = std::numeric_limits<T>::quiet_NaN();
                const bool all = std::isnan(log_sum_exp(x.data(), n)) &&
                                 numbers<T>(x, [&](T* y) { softmax(y, n, T(1), y); }).array().isNaN().all();
                CAPTURE(n, at, other);
                CHECK(all);
            }
}

TEMPLATE_TEST_CASE("softmax kernel: infinities", "", float, double) {
    using T = TestType;
    for (Index n = 2; n <= 40; ++n) {
        CAPTURE(n);
        Mat<T> x = Mat<T>::Constant(n, 1, -infinity<T>);
        CHECK(log_sum_exp(x.data(), n) == -infinity<T>);
        x(n / 2, 0) = T(-7);
        CHECK(log_sum_exp(x.data(), n) == T(-7));
        const auto y = numbers<T>(x, [&](T* to) { softmax(to, n, T(1), to); });
        CHECK(y(n / 2, 0) == 1);
        CHECK(y.sum() == 1);  // all others are exactly 0
        x(n - 1, 0) = infinity<T>;
        CHECK(log_sum_exp(x.data(), n) == infinity<T>);
        const auto none = numbers<T>(Mat<T>::Zero(n, 1), [&](T* to) { add_exponentials(x.data(), n - 1, T(0), T(1), to); });
        CHECK(none.sum() == none(n / 2, 0));
    }
}

TEMPLATE_TEST_CASE("softmax kernel: large numbers do not overflow, tiny ones are kept while they are normal", "", float,
                   double) {
    using T = TestType;
    for (const T size : {T(1e4), T(-1e4), std::numeric_limits<T>::max() / 2}) {
        const Mat<T> x = Mat<T>::Constant(19, 1, size);
        CHECK(std::abs(log_sum_exp(x.data(), 19) - (size + std::log(T(19)))) <= std::abs(size) * T(1e-6));
    }
    const T tiny = std::numeric_limits<T>::min();
    for (Index n = 2; n <= 20; ++n) {
        Mat<T> x = Mat<T>::Constant(n, 1, std::log(tiny) + T(0.5));
        x(0, 0) = 0;
        const auto y = numbers<T>(x, [&](T* to) { softmax(to, n, T(1), to); });
        CHECK(y(n - 1, 0) > static_cast<double>(tiny));
        CHECK(y(n - 1, 0) < 2 * static_cast<double>(tiny));
    }
}

}  // namespace bptt::kernels
