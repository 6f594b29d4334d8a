#include "bptt/ops/lookup.hpp"

#include <limits>
#include <tuple>
#include <vector>

#include "bptt/nets/embedding.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/errors.hpp"
#include "support/gradients.hpp"

using namespace bptt;

TEST_CASE("gather: gradients, columns taken more than once included") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto ids = random_ids(1 + rng.below(2 * s.cols), s.cols, rng);
        CHECK(check_op([&](auto x) { return gather(x, std::span<const Index>(ids)); }, a));
        CHECK(gradcheck([&](auto x) { return std::tuple(gather(x, std::span<const Index>(ids)), x, x); }, a));
    });
}

TEST_CASE("gather: gradients of an embedding of tokens") {
    Rng rng(1);
    for (int k = 0; k < 10; ++k) {
        const Index classes = 1 + rng.below(9), batch = 1 + rng.below(4), steps = 1 + rng.below(5);
        const Tokens tokens(random_ids(batch * steps, classes, rng), batch);
        Embedding<double> embed(classes, 3, rng);
        const auto w = random_mat(2, 3, rng);
        CHECK(check_op(
            embed, [&](auto x) { return square(x * embed(x.tape(), tokens).all); }, w));
    }
}

TEST_CASE("gather: takes the columns in their order") {
    for_shapes([](Shape s, Rng& rng) {
        const auto a = random_mat(s.rows, s.cols, rng);
        const auto ids = random_ids(7, s.cols, rng);
        Tape<double> tape;
        const auto y = gather(tape.constant(a), std::span<const Index>(ids));
        CHECK_FALSE(y.tracked());
        for (Index k = 0; k < 7; ++k) CHECK(y.value().col(k) == a.col(ids[static_cast<std::size_t>(k)]));
    });
}

TEST_CASE("gather: a column taken k times has k times the gradient, the others zero") {
    for (Index k = 1; k <= 40; ++k) {
        const std::vector<Index> ids(static_cast<std::size_t>(k), 2);
        Tape<double> tape;
        const auto x = tape.variable(Mat<double>::Ones(3, 4));
        backward(sum(gather(x, std::span<const Index>(ids))));
        Mat<double> expected = Mat<double>::Zero(3, 4);
        expected.col(2).setConstant(static_cast<double>(k));
        CHECK(x.grad() == expected);
    }
}

TEST_CASE("gather: equals the product with one-hot columns") {
    Rng rng(2);
    const Tokens tokens(random_ids(12, 5, rng), 3);
    OneParam taken{random_mat(4, 5, rng)}, multiplied = taken;
    const auto weights = random_mat(4, 12, rng);
    Tape<double> tape;
    const auto y = gather(tape.watch(taken.p), tokens.ids()), z = multiplied.p * one_hot(tape, tokens, 5).all;
    backward(sum((y + z) % tape.constant(weights)));
    CHECK(y.value() == z.value());
    CHECK_THAT(distance(taken.p.grad, multiplied.p.grad), WithinAbs(0, 1e-14));
}

TEST_CASE("gather: the indices may end before backward") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 3));
    std::vector<Index> ids{0, 2};
    const auto y = sum(gather(x, std::span<const Index>(ids)));
    ids.assign(2, 1);
    backward(y);
    CHECK(x.grad() == Mat<double>{{1, 0, 1}, {1, 0, 1}});
}

TEST_CASE("gather: no indices give no columns and no gradient") {
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(3, 4));
    const auto y = gather(x, std::span<const Index>());
    CHECK(shape(y) == Shape{3, 0});
    backward(sum(y));
    CHECK(x.grad() == Mat<double>::Zero(3, 4));
}

TEMPLATE_TEST_CASE("gather: NaN goes where its column goes", "", float, double) {
    Mat<TestType> a = Mat<TestType>::Ones(3, 4);
    a(1, 2) = std::numeric_limits<TestType>::quiet_NaN();
    const std::vector<Index> ids{2, 0, 2, 3};
    Tape<TestType> tape;
    const auto y = gather(tape.constant(a), std::span<const Index>(ids));
    CHECK(y.value().array().isNaN().count() == 2);
    CHECK(std::isnan(y.value()(1, 0)));
    CHECK(std::isnan(y.value()(1, 2)));
}

TEST_CASE("gather: an index outside of x is refused") {
    Rng rng(3);
    const auto p = used_param({3, 4}, rng), none = used_param({3, 0}, rng);
    Tape<double> tape;
    for (const Index wrong :
         {Index{-1}, Index{4}, Index{5}, std::numeric_limits<Index>::max(), std::numeric_limits<Index>::min()}) {
        const auto index = "index " + std::to_string(wrong);
        for (std::size_t at = 0; at < 3; ++at) {
            std::vector<Index> ids{0, 3, 1};
            ids[at] = wrong;
            check_refused(p, [&] { gather(tape.watch(p), std::span<const Index>(ids)); },
                          {"gather: ", index, "0..3", "x is 3x4"});
        }
    }
    const std::vector<Index> first{0};
    check_refused(none, [&] { gather(tape.watch(none), std::span<const Index>(first)); }, {"gather: ", "index 0", "x is 3x0"});
    for (const Index wrong : {-1, 3})
        CHECK_THROWS_WITH(one_hot(tape, Tokens::of({{0, wrong, 1}}), 3),
                          "one_hot: token " + std::to_string(wrong) + " is outside 0..2 of 1 sequence of 3");
    CHECK(one_hot(tape, Tokens::of({{0, 2, 1}}), 3).all.value() == Mat<double>{{1, 0, 0}, {0, 0, 1}, {0, 1, 0}});
}
