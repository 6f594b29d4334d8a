#include "bptt/ops/loss.hpp"

#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

constexpr Reduction reductions[] = {Reduction::mean, Reduction::sum, Reduction::per_sequence};

/// What a sum over `cols` columns of `per_column` losses each, in sequences of `steps`, is divided by.
double divisor(Reduction reduction, Index per_column, Index cols, Index steps) {
    if (reduction == Reduction::sum) return 1;
    return static_cast<double>(reduction == Reduction::mean ? per_column * cols : cols / steps);
}

double plain_cross_entropy(const Mat<double>& x, const std::vector<Index>& targets) {
    double total = 0;
    for (Index k = 0; k < x.cols(); ++k)
        total += std::log(x.col(k).array().exp().sum()) - x(targets[static_cast<std::size_t>(k)], k);
    return total;
}
double plain_mse(const Mat<double>& a, const Mat<double>& b) {
    double total = 0;
    for (Index k = 0; k < a.size(); ++k) total += std::pow(a.data()[k] - b.data()[k], 2);
    return total;
}
double plain_bce(const Mat<double>& x, const Mat<double>& t) {
    double total = 0;
    for (Index k = 0; k < x.size(); ++k) {
        const double p = 1 / (1 + std::exp(-x.data()[k]));
        total -= t.data()[k] * std::log(p) + (1 - t.data()[k]) * std::log(1 - p);
    }
    return total;
}

}  // namespace

TEST_CASE("loss: gradients, each reduction of Vars") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng, -2, 2), b = random_mat(s.rows, s.cols, rng, -2, 2);
        const Mat<double> t = (b.array() / 5 + 0.5).matrix();
        const auto ids = random_ids(s.cols, s.rows, rng);
        for (const auto reduction : reductions) {
            CHECK(check_op([&](auto x) { return cross_entropy(x, std::span<const Index>(ids), {reduction}); }, a));
            CHECK(check_op([&](auto x, auto y) { return mse(x, y, {reduction}); }, a, b));
            CHECK(check_op([&](auto x, auto y) { return mean_absolute_error(x, y, {reduction}); }, a, b));
            CHECK(check_op([&](auto x, auto y) { return huber(x, y, {reduction, 0.8}); }, a, b));
            CHECK(check_op([&](auto x, auto y) { return binary_cross_entropy_with_logits(x, y, {reduction}); }, a, t));
        }
    });
}

TEST_CASE("loss: gradients, each reduction of Sequences") {
    Rng rng(1);
    for (const Index batch : {1, 2, 3, 4}) {
        const Index classes = 5 - batch, cols = batch * (1 + batch % 4);
        const auto a = random_mat(classes, cols, rng, -2, 2), b = random_mat(classes, cols, rng, -2, 2);
        const Mat<double> t = (b.array() / 5 + 0.5).matrix();
        const Tokens tokens(random_ids(cols, classes, rng), batch);
        const auto in = [batch](auto x) { return sequence(x, batch); };
        for (const auto reduction : reductions) {
            CAPTURE(classes, batch, cols, static_cast<int>(reduction));
            CHECK(check_op([&](auto x) { return cross_entropy(in(x), tokens, {reduction}); }, a));
            CHECK(check_op([&](auto x, auto y) { return mse(in(x), in(y), {reduction}); }, a, b));
            CHECK(check_op([&](auto x, auto y) { return mean_absolute_error(in(x), in(y), {reduction}); }, a, b));
            CHECK(check_op([&](auto x, auto y) { return huber(in(x), in(y), {reduction, 0.8}); }, a, b));
            CHECK(check_op([&](auto x, auto y) { return binary_cross_entropy_with_logits(in(x), in(y), {reduction}); }, a, t));
        }
    }
}

TEST_CASE("loss: gradients of a loss that is used further, and of logits used elsewhere") {
    Rng rng(2);
    const auto a = random_mat(5, 4, rng), b = random_mat(5, 4, rng);
    const auto ids = random_ids(4, 5, rng);
    const std::span<const Index> targets(ids);
    CHECK(gradcheck([&](auto x) { return std::tuple(x, cross_entropy(x, targets) * 3, cross_entropy(x, targets)); }, a));
    CHECK(gradcheck([&](auto x, auto y) { return std::tuple(x % y, mse(x, y) * 3, mse(y, x) + mse(x, x)); }, a, b));
    CHECK(gradcheck(
        [&](auto x, auto y) {
            return std::tuple(x % y, binary_cross_entropy_with_logits(x, sigmoid(y)) * 3,
                              binary_cross_entropy_with_logits(y, sigmoid(x)));
        },
        a, b));
    CHECK(check_op([](auto x) { return binary_cross_entropy_with_logits(x, sigmoid(x)); }, a));
}

TEST_CASE("loss: k uses have k times the gradient") {
    Rng rng(3);
    const auto a = random_mat(5, 4, rng), b = random_mat(5, 4, rng);
    const auto ids = random_ids(4, 5, rng);
    const auto all = [&](auto x, auto y) {
        return cross_entropy(x, std::span<const Index>(ids)) + mse(x, y) + binary_cross_entropy_with_logits(x, sigmoid(y));
    };
    Mat<double> once_x, once_y;
    for (int k = 1; k <= 40; ++k) {
        Tape<double> tape;
        const auto x = tape.variable(a), y = tape.variable(b);
        auto total = all(x, y);
        for (int use = 1; use < k; ++use) total = total + all(x, y);
        backward(total);
        if (k == 1) once_x = x.grad(), once_y = y.grad();
        CHECK_THAT(distance(x.grad(), k * once_x), WithinAbs(0, 1e-12));
        CHECK_THAT(distance(y.grad(), k * once_y), WithinAbs(0, 1e-12));
    }
}

TEST_CASE("loss: targets as a list, and those of a binary cross-entropy up to 0 and 1") {
    Tape<double> tape;
    const auto x = tape.constant(Mat<double>{{1, 2}, {3, 5}});
    CHECK(cross_entropy(x, {1, 0}).item() == cross_entropy(x, std::vector<Index>{1, 0}).item());
    CHECK(cross_entropy(x, {1, 0}, {Reduction::sum}).item() == 2 * cross_entropy(x, {1, 0}).item());
    CHECK(std::isfinite(binary_cross_entropy_with_logits(x, Mat<double>{{0, 1}, {1, 0}}).item()));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double outside : {-1e-9, 1 + 1e-9, nan}) {
        CHECK_THROWS_WITH(binary_cross_entropy_with_logits(x, Mat<double>{{0, 1}, {1, outside}}),
                          ContainsSubstring("outside 0..1"));
        CHECK_THROWS_WITH(
            binary_cross_entropy_with_logits(sequence(x, 1), sequence(tape.constant(Mat<double>{{0, 1}, {1, outside}}), 1)),
            ContainsSubstring("outside 0..1"));
    }
}

TEST_CASE("loss: targets that are constants get no gradient") {
    Rng rng(4);
    const auto a = random_mat(5, 4, rng, 0, 1), b = random_mat(5, 4, rng, 0, 1);
    CHECK(check_op([&](auto x) { return mse(x, x.tape().constant(b)) % mse(x.tape().constant(b), x); }, a));
    CHECK(check_op([&](auto x) { return mse(x, b) % mse(x, 2 * b, {Reduction::sum}); }, a));
    CHECK(check_op([&](auto x) { return binary_cross_entropy_with_logits(x, x.tape().constant(b)); }, a));
    CHECK(check_op([&](auto x) { return binary_cross_entropy_with_logits(x.tape().constant(b), sigmoid(x)); }, a));
    Tape<double> tape;
    const auto x = tape.variable(a), t = tape.constant(b);
    backward(mse(x, t) + binary_cross_entropy_with_logits(x, t));
    CHECK_FALSE(t.reached());
    const std::vector<Index> ids(4, 0);
    for (const auto& y : {cross_entropy(t, std::span<const Index>(ids)), mse(t, t), binary_cross_entropy_with_logits(t, t)})
        CHECK_FALSE(y.tracked());
}

TEST_CASE("loss: values against plain loops, the mean unless told otherwise") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng, -2, 2), b = random_mat(s.rows, s.cols, rng, 0, 1);
        const auto ids = random_ids(s.cols, s.rows, rng);
        const std::span<const Index> targets(ids);
        const double entropy = plain_cross_entropy(a, ids), square = plain_mse(a, b), binary = plain_bce(a, b);
        Tape<double> tape;
        const auto x = tape.constant(a), t = tape.constant(b);
        for (const auto reduction : reductions) {
            const double by_column = divisor(reduction, 1, s.cols, 1), by_element = divisor(reduction, s.rows, s.cols, 1);
            CHECK_THAT(cross_entropy(x, targets, {reduction}).item(), WithinAbs(entropy / by_column, 1e-11));
            CHECK_THAT(mse(x, t, {reduction}).item(), WithinAbs(square / by_element, 1e-11));
            CHECK_THAT(binary_cross_entropy_with_logits(x, t, {reduction}).item(), WithinAbs(binary / by_element, 1e-11));
        }
        CHECK(cross_entropy(x, targets).item() == cross_entropy(x, targets, {.reduction = Reduction::mean}).item());
        CHECK(mse(x, t).item() == mse(x, t, {.reduction = Reduction::mean}).item());
        CHECK(mse(x, b).item() == mse(x, t).item());
        CHECK(binary_cross_entropy_with_logits(x, t).item() ==
              binary_cross_entropy_with_logits(x, t, {.reduction = Reduction::mean}).item());
    });
}

TEST_CASE("loss: per_sequence sums over the steps and averages over the batch") {
    Rng rng(5);
    for (const Index batch : {1, 2, 3}) {
        for (const Index steps : {1, 2, 5}) {
            const Index n = batch * steps;
            const auto a = random_mat(4, n, rng, -2, 2), b = random_mat(4, n, rng, 0, 1);
            const auto ids = random_ids(n, 4, rng);
            Tape<double> tape;
            const auto x = sequence(tape.constant(a), batch), t = sequence(tape.constant(b), batch);
            const Tokens tokens(ids, batch);
            for (const auto reduction : reductions) {
                CAPTURE(batch, steps, static_cast<int>(reduction));
                const double by_column = divisor(reduction, 1, n, steps), by_element = divisor(reduction, 4, n, steps);
                CHECK_THAT(cross_entropy(x, tokens, {reduction}).item(),
                           WithinAbs(plain_cross_entropy(a, ids) / by_column, 1e-12));
                CHECK_THAT(mse(x, t, {reduction}).item(), WithinAbs(plain_mse(a, b) / by_element, 1e-12));
                CHECK_THAT(binary_cross_entropy_with_logits(x, t, {reduction}).item(),
                           WithinAbs(plain_bce(a, b) / by_element, 1e-12));
            }
            CHECK(cross_entropy(x, tokens).item() == cross_entropy(x, tokens, {.reduction = Reduction::mean}).item());
            CHECK(mse(x, t).item() == mse(x, t, {.reduction = Reduction::mean}).item());
            CHECK(binary_cross_entropy_with_logits(x, t).item() ==
                  binary_cross_entropy_with_logits(x, t, {.reduction = Reduction::mean}).item());
        }
    }
}

TEST_CASE("loss: absolute and Huber's errors against plain loops, with the mean unless told otherwise") {
    Rng rng(7);
    const auto a = random_mat(4, 6, rng, -2, 2), b = random_mat(4, 6, rng, -2, 2);
    double absolute = 0, huber_sum = 0;
    for (Index k = 0; k < a.size(); ++k) {
        const double d = std::abs(a.data()[k] - b.data()[k]);
        absolute += d;
        huber_sum += d <= 0.7 ? d * d / 2 : 0.7 * (d - 0.35);
    }
    Tape<double> tape;
    const auto x = tape.constant(a), y = tape.constant(b);
    const auto xs = sequence(x, 3), ys = sequence(y, 3);
    for (const auto reduction : reductions) {
        const double of_columns = divisor(reduction, 4, 6, 1), of_sequences = divisor(reduction, 4, 6, 2);
        CHECK_THAT(mean_absolute_error(x, y, {reduction}).item(), WithinAbs(absolute / of_columns, 1e-13));
        CHECK_THAT(mean_absolute_error(xs, ys, {reduction}).item(), WithinAbs(absolute / of_sequences, 1e-13));
        CHECK_THAT(huber(x, y, {reduction, 0.7}).item(), WithinAbs(huber_sum / of_columns, 1e-13));
        CHECK_THAT(huber(xs, ys, {reduction, 0.7}).item(), WithinAbs(huber_sum / of_sequences, 1e-13));
    }
    CHECK(mean_absolute_error(x, b).item() == mean_absolute_error(x, y, {Reduction::mean}).item());
    CHECK(huber(x, b).item() == huber(x, y, {.delta = 1}).item());
    CHECK(huber(x, b, {.delta = 1e9}).item() == 0.5 * mse(x, b).item());
}

TEST_CASE("loss: where a difference is 0, the slope of its absolute value is") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>{{1, 2, 3}});
    backward(mean_absolute_error(x, Mat<double>{{1, 3, 0}}, {Reduction::sum}) + huber(x, Mat<double>{{1, 2, 3}}));
    CHECK(x.grad() == Mat<double>{{0, -1, 1}});
}

TEST_CASE("loss: closed forms") {
    Tape<double> tape;
    const auto zeros = tape.constant(Mat<double>::Zero(65, 3)), threes = tape.constant(Mat<double>::Constant(65, 3, 3));
    const std::vector<Index> ids{0, 64, 7};
    CHECK_THAT(cross_entropy(zeros, std::span<const Index>(ids)).item(), WithinAbs(std::log(65.0), 1e-14));
    CHECK(mse(zeros, threes).item() == 9);
    CHECK(mse(threes, threes).item() == 0);
    CHECK_THAT(binary_cross_entropy_with_logits(zeros, threes / 6).item(), WithinAbs(std::log(2.0), 1e-14));
}

TEST_CASE("cross_entropy: the targets may end before backward") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Zero(2, 1));
    std::vector<Index> ids{0};
    const auto loss = cross_entropy(x, std::span<const Index>(ids));
    ids[0] = 1;
    backward(loss);
    CHECK_THAT(distance(x.grad(), Mat<double>{{-0.5}, {0.5}}), WithinAbs(0, 1e-15));
}
