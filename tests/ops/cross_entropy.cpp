#include "bptt/ops/cross_entropy.hpp"

#include <cmath>

#include "bptt/ops/arithmetic.hpp"
#include "support/gradients.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

constexpr Reduction each_reduction[] = {Reduction::mean, Reduction::sum, Reduction::per_sequence};

/// Σ_k −q_k ln p_k of each column, and what the mean is over, class by class.
struct Plain {
    double loss = 0, terms = 0;
};
Plain plain(const Mat<double>& x, const std::vector<Index>& targets, const CrossEntropyOptions& o) {
    Plain sum;
    const Index n = x.rows();
    for (Index k = 0; k < x.cols(); ++k) {
        const Index target = targets[static_cast<std::size_t>(k)];
        if (target == o.ignored) continue;
        const auto weight = [&](Index i) { return o.class_weights.empty() ? 1 : o.class_weights[static_cast<std::size_t>(i)]; };
        const double log_sum = std::log(x.col(k).array().exp().sum());
        for (Index i = 0; i < n; ++i) {
            const double q = (i == target ? 1 - o.label_smoothing : 0) + o.label_smoothing / static_cast<double>(n);
            sum.loss += weight(i) * q * (log_sum - x(i, k));
        }
        sum.terms += weight(target);
    }
    return sum;
}

const std::vector<double> three_weights = {0.5, 2, 1.25};

}  // namespace

TEST_CASE("cross_entropy: gradients and values with weights, smoothing and an ignored class, one by one and together") {
    for_shapes([](Shape s, Rng& rng) {
        if (s.rows == 1) return;  // no loss, and rounding alone in its differences
        const auto a = random_mat(s.rows, s.cols, rng, -2, 2);
        const auto ids = random_ids(s.cols, s.rows, rng);
        std::vector<double> weights;
        for (Index k = 0; k < s.rows; ++k) weights.push_back(k % 5 == 1 ? 0 : rng.uniform(0.5, 2));
        for (int which = 1; which < 8; ++which) {
            CrossEntropyOptions o{.reduction = each_reduction[which % 3]};
            if (which & 1) o.class_weights = weights;
            if (which & 2) o.label_smoothing = 0.2;
            if (which & 4) o.ignored = ids[0];
            CAPTURE(which);
            CHECK(check_op([&](auto x) { return cross_entropy(x, ids, o); }, a));
            Tape<double> tape;
            const auto [loss, terms] = plain(a, ids, o);
            const bool nothing = o.reduction == Reduction::mean && terms == 0;
            const double divisor = o.reduction == Reduction::sum    ? 1
                                   : o.reduction == Reduction::mean ? terms
                                                                    : static_cast<double>(s.cols);
            CHECK_THAT(cross_entropy(tape.constant(a), ids, o).item(), WithinAbs(nothing ? 0 : loss / divisor, 1e-12));
        }
    });
}

TEST_CASE("cross_entropy: as in PyTorch, with weights and smoothing") {
    const Mat<double> a{{0.5, 1.5, -2, 0}, {-1, 0.25, 0, 3}, {2, -0.75, 1, -1}};
    const auto check = [&](CrossEntropyOptions o, double loss, const Mat<double>& slope) {
        Tape<double> tape;
        const auto x = tape.variable(a);
        const auto y = cross_entropy(x, {2, 0, 1, 2}, o);
        backward(y);
        CHECK_THAT(y.item(), WithinAbs(loss, 1e-13));
        CHECK((x.grad().col(0) - slope).cwiseAbs().maxCoeff() < 1e-14);
    };
    check({.class_weights = three_weights}, 1.64947094775164,
          Mat<double>{{0.0438225980350092}, {0.00977814331767186}, {-0.053600741352681}});
    check({.reduction = Reduction::sum, .class_weights = three_weights}, 8.24735473875822,
          Mat<double>{{0.219112990175046}, {0.0488907165883593}, {-0.268003706763405}});
    check({.label_smoothing = 0.1}, 1.53005333998083,
          Mat<double>{{0.0354892647016758}, {0.00144480998433853}, {-0.0369340746860144}});
    check({.class_weights = three_weights, .label_smoothing = 0.1}, 1.65627918697456,
          Mat<double>{{0.0404892647016758}, {-0.00355519001566147}, {-0.0369340746860144}});
    check({.class_weights = three_weights, .label_smoothing = 0.1, .ignored = 2}, 1.18229410707517, Mat<double>::Zero(3, 1));
}

TEST_CASE("cross_entropy: where all are ignored, or weigh nothing, the loss and its gradient are 0") {
    for (const auto reduction : each_reduction) {
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>{{1, 2}, {3, 5}});
        const std::vector<double> weights = {0, 1};
        const auto y = cross_entropy(x, {-100, -100}, {.reduction = reduction, .ignored = -100}) +
                       cross_entropy(x, {0, 0}, {.reduction = reduction, .class_weights = weights});
        backward(y);
        CHECK(y.item() == 0);
        CHECK(x.grad().isZero(0));
    }
}

TEST_CASE("cross_entropy: a class that weighs nothing may be impossible, and weights may end before backward") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{-inf, -inf}, {1, 1}, {1, 2}});
    std::vector<double> weights = {0, 1, 2};
    const auto y = cross_entropy(x, {1, 2}, {.reduction = Reduction::sum, .class_weights = weights, .label_smoothing = 0.1});
    weights = {9, 9, 9};
    backward(y);
    CHECK(std::isfinite(y.item()));
    CHECK(x.grad().row(0).isZero(0));
    CHECK_THAT(x.grad().sum(), WithinAbs(0, 1e-15));
    CHECK(cross_entropy(x, {0, 1}, {.reduction = Reduction::sum}).item() == inf);
}

TEST_CASE("cross_entropy: of sequences, the ignored steps are left out of the mean") {
    Rng rng(3);
    Tape<double> tape;
    const auto x = sequence(tape.constant(random_mat(3, 6, rng)), 2, {3, 2});
    const Tokens some = Tokens::of({{0, 2, 1}, {2, 2}});
    const auto all = cross_entropy(x, some, {.reduction = Reduction::sum}).item();
    const auto kept = cross_entropy(x, some, {.reduction = Reduction::sum, .ignored = 2}).item();
    CHECK((kept > 0 && kept < all));
    CHECK_THAT(cross_entropy(x, some, {.ignored = 2}).item(), WithinAbs(kept / 2, 1e-14));
    CHECK_THAT(cross_entropy(x, some, {.reduction = Reduction::per_sequence, .ignored = 2}).item(), WithinAbs(kept / 2, 1e-14));
}
