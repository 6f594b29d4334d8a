#include <tuple>
#include <utility>

#include "bptt/train/optimizers.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {
struct Halves {
    Param<double> a, b;
    BPTT_PARAMS(a, b)
};
}  // namespace

TEMPLATE_TEST_CASE("optimisers: a large parameter is stepped as two halves of it would be", "", Sgd<double>, Adagrad<double>,
                   RmsProp<double>, Adam<double>, AdamW<double>) {
    Rng rng(9);
    const auto halves_of = [](const Mat<double>& m) {
        return std::pair<Mat<double>, Mat<double>>(m.leftCols(2), m.rightCols(3));
    };
    Halves whole{random_mat(700, 5, rng), {}};
    auto [left, right] = halves_of(whole.a.value);
    Halves halves{std::move(left), std::move(right)};
    TestType for_whole({.rate = 0.1}), for_halves({.rate = 0.1});
    for (int t = 0; t < 3; ++t) {
        whole.a.grad = random_mat(700, 5, rng);
        std::tie(halves.a.grad, halves.b.grad) = halves_of(whole.a.grad);
        for_whole.step(whole);
        for_halves.step(halves);
    }
    std::tie(left, right) = halves_of(whole.a.value);
    CHECK((left - halves.a.value).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((right - halves.b.value).cwiseAbs().maxCoeff() < 1e-14);
}
