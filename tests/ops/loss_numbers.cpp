#include <limits>
#include <vector>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/loss.hpp"
#include "bptt/ops/shape.hpp"
#include "support/errors.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

constexpr Reduction all_reductions[] = {Reduction::mean, Reduction::sum, Reduction::per_sequence};

/// The target `id` in each of n columns.
std::vector<Index> same_ids(Index n, Index id) { return std::vector<Index>(static_cast<std::size_t>(n), id); }

template <class T> Var<T> entropy(Var<T> x, const std::vector<Index>& ids, LossOptions options = {}) {
    return cross_entropy(x, std::span<const Index>(ids), {options.reduction});
}

}  // namespace

TEMPLATE_TEST_CASE("cross_entropy: finite at large logits", "", float, double) {
    for (Index n = 2; n <= 33; ++n) {
        Mat<TestType> a = Mat<TestType>::Constant(n, 2, TestType(-1e4));
        a.row(n - 1).setConstant(TestType(1e4));
        CAPTURE(n);
        Tape<TestType> tape;
        const auto sure = tape.variable(a), wrong = tape.variable(a);
        const auto right_loss = entropy(sure, same_ids(2, n - 1)), wrong_loss = entropy(wrong, same_ids(2, 0));
        backward(right_loss + wrong_loss);
        CHECK(right_loss.item() == 0);
        CHECK_THAT(wrong_loss.item(), WithinAbs(2e4, 1e-2));
        Mat<double> expected = Mat<double>::Zero(n, 2);
        CHECK_THAT(distance(sure.grad(), expected), WithinAbs(0, 1e-30));
        expected.row(0).setConstant(-0.5);
        expected.row(n - 1).setConstant(0.5);
        CHECK_THAT(distance(wrong.grad(), expected), WithinAbs(0, 1e-6));
    }
}

TEMPLATE_TEST_CASE("cross_entropy: classes at minus infinity have no part", "", float, double) {
    Mat<TestType> a = Mat<TestType>::Zero(4, 2);
    a(0, 0) = a(3, 0) = a(1, 1) = -TestType(inf);
    Tape<TestType> tape;
    const auto x = tape.variable(a);
    const auto loss = entropy(x, {1, 0}, {.reduction = Reduction::sum});
    backward(loss);
    CHECK_THAT(loss.item(), WithinAbs(std::log(2.0) + std::log(3.0), 1e-6));
    const double third = 1 / 3.0;
    CHECK_THAT(distance(x.grad(), Mat<double>{{0, third - 1}, {-0.5, 0}, {0.5, third}, {0, third}}), WithinAbs(0, 1e-6));
}

TEMPLATE_TEST_CASE("binary_cross_entropy_with_logits: finite at large logits", "", float, double) {
    for (Index n = 1; n <= 33; ++n) {
        for (const double size : {1e4, -1e4}) {
            CAPTURE(n, size);
            const Mat<TestType> logits = Mat<TestType>::Constant(n, 1, static_cast<TestType>(size));
            const Mat<TestType> truth = Mat<TestType>::Constant(n, 1, TestType(size > 0 ? 1 : 0));
            Tape<TestType> tape;
            const auto x = tape.variable(logits), y = tape.variable(logits);
            const auto t = tape.constant(truth), f = tape.constant((1 - truth.array()).matrix());
            const auto right = binary_cross_entropy_with_logits(x, t), wrong = binary_cross_entropy_with_logits(y, f);
            backward(right + wrong);
            CHECK_THAT(right.item(), WithinAbs(0, 1e-30));
            CHECK_THAT(wrong.item(), WithinAbs(1e4, 1e-2));
            CHECK_THAT(x.grad().template cast<double>().sum(), WithinAbs(0, 1e-30));
            CHECK_THAT(y.grad().template cast<double>().sum(), WithinAbs(size > 0 ? 1 : -1, 1e-5));
        }
    }
}

TEMPLATE_TEST_CASE("binary_cross_entropy_with_logits: small losses keep their digits", "", float, double) {
    Tape<TestType> tape;
    const auto x = tape.constant(Mat<TestType>::Constant(1, 1, TestType(-50)));
    const auto loss = binary_cross_entropy_with_logits(x, tape.constant(Mat<TestType>::Zero(1, 1)));
    CHECK_THAT(double{loss.item()}, WithinRel(std::exp(-50.0), 1e-5));
}

TEMPLATE_TEST_CASE("loss: NaN at any position reaches the loss and its own column's gradient", "", float, double) {
    for (Index n = 1; n <= 33; ++n) {
        for (Index at = 0; at < n; ++at) {
            CAPTURE(n, at);
            Mat<TestType> a = Mat<TestType>::Constant(n, 2, TestType(0.5));
            a(at, 1) = TestType(NaN);
            const Mat<TestType> b = Mat<TestType>::Constant(n, 2, TestType(0.25));
            Tape<TestType> tape;
            const auto x = tape.variable(a), y = tape.constant(b);
            const auto loss = entropy(x, same_ids(2, at / 2));
            for (const auto& v : {loss, mse(x, y), mse(y, x), binary_cross_entropy_with_logits(x, y)})
                CHECK(std::isnan(v.item()));
            CHECK_THROWS_WITH(binary_cross_entropy_with_logits(y, x), ContainsSubstring("outside 0..1"));
            backward(loss);
            CHECK(x.grad().col(0).allFinite());
            CHECK(x.grad().col(1).array().isNaN().all());
        }
    }
}

TEMPLATE_TEST_CASE("loss: no columns have loss 0 and gradient 0", "", float, double) {
    Rng rng(1);
    const Param<TestType> w(random_mat(4, 3, rng).cast<TestType>());
    for (const auto reduction : all_reductions) {
        const LossOptions options{reduction};
        Tape<TestType> tape;
        const auto x = w * tape.variable(Mat<TestType>::Zero(3, 0)), y = tape.variable(Mat<TestType>::Zero(4, 0));
        const auto xs = sequence(x, 2), ys = sequence(y, 2);
        const auto losses = {entropy(x, {}, options),
                             mse(x, y, options),
                             mean_absolute_error(x, y, options),
                             huber(x, y, {reduction}),
                             binary_cross_entropy_with_logits(x, y, options),
                             cross_entropy(xs, Tokens({}, 2), {reduction}),
                             mse(xs, ys, options),
                             binary_cross_entropy_with_logits(xs, ys, options)};
        auto total = tape.constant(Mat<TestType>::Zero(1, 1));
        for (const auto& loss : losses) {
            CHECK(loss.item() == 0);
            total = total + loss;
        }
        backward(total);
        CHECK(shape(x.grad()) == Shape{4, 0});
        CHECK(w.grad == Mat<TestType>::Zero(4, 3));
    }
}

TEST_CASE("loss: no rows have loss 0") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Zero(0, 3)), y = tape.variable(Mat<double>::Zero(0, 3));
    for (const auto reduction : all_reductions) {
        CHECK(mse(x, y, {reduction}).item() == 0);
        CHECK(binary_cross_entropy_with_logits(x, y, {reduction}).item() == 0);
    }
}

TEST_CASE("cross_entropy: a label that is no class is refused, Vars and Sequences") {
    Rng rng(2);
    const auto p = used_param({5, 4}, rng);
    Tape<double> tape;
    for (const Index label :
         {Index{-1}, Index{5}, Index{6}, std::numeric_limits<Index>::max(), std::numeric_limits<Index>::min()}) {
        for (std::size_t at = 0; at < 4; ++at) {
            std::vector<Index> ids{0, 4, 1, 2};
            ids[at] = label;
            const std::vector<std::string> parts{"cross_entropy: ", "target " + std::to_string(label), "0..4",
                                                 "logits are 5x4"};
            check_refused(
                p, [&] { entropy(tape.watch(p), ids); }, parts);
            check_refused(
                p, [&] { cross_entropy(sequence(tape.watch(p), 2), Tokens(ids, 2)); }, parts);
        }
    }
}

TEST_CASE("loss: sequences of different layouts or features are refused") {
    Rng rng(4);
    const auto p = used_param({3, 6}, rng);
    Tape<double> tape;
    const auto x = sequence(tape.watch(p), 2), y = sequence(tape.watch(p), 3), shorter = sequence(cols(tape.watch(p), 0, 4), 2);
    const auto narrow = sequence(tape.variable(random_mat(2, 6, rng)), 2);
    const std::vector<std::string> layouts{"2 sequences of 3", "3 sequences of 2"};
    const auto refused = [&](auto f, const std::string& name, std::vector<std::string> parts) {
        parts.push_back(name);
        check_refused(p, f, parts);
    };
    refused([&] { cross_entropy(x, Tokens(same_ids(6, 0), 3)); }, "cross_entropy: ", layouts);
    refused([&] { cross_entropy(x, Tokens(same_ids(4, 0), 2)); }, "cross_entropy: ", {layouts[0], "2 sequences of 2"});
    refused([&] { mse(x, y); }, "mse: ", layouts);
    refused([&] { mse(x, shorter); }, "mse: ", {layouts[0], "2 sequences of 2"});
    refused([&] { mse(x, narrow); }, "mse: ", {"a is 3x6", "b is 2x6"});
    refused([&] { binary_cross_entropy_with_logits(x, y); }, "binary_cross_entropy_with_logits: ", layouts);
    refused([&] { binary_cross_entropy_with_logits(x, narrow); }, "binary_cross_entropy_with_logits: ", {"3x6", "2x6"});
}
