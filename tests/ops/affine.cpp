#include "bptt/ops/affine.hpp"

#include <limits>

#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/gradients.hpp"

using namespace bptt;

TEST_CASE("affine: gradients, deferred") {
    Rng rng(1);
    const auto affine = [](auto W, auto b, auto x) { return detail::deferred_affine(W, b, x); };
    for (const Index rows : {1, 3, 8, 17})
        for (const Index inner : {1, 2, 9})
            for (const Index columns : {1, 2, 7}) {
                const auto W = random_mat(rows, inner, rng), b = random_mat(rows, 1, rng), x = random_mat(inner, columns, rng);
                CHECK(gradcheck(affine, W, b, x));
                CHECK(gradcheck([&](auto v) { return affine(v.tape().constant(W), v, v.tape().constant(x)); }, b));
                CHECK(gradcheck([&](auto v) { return affine(v.tape().constant(W), v.tape().constant(b), v); }, x));
            }
}

TEST_CASE("affine: a value is written where it is asked for, and comes back where it is tracked") {
    Rng rng(2);
    for (const Index columns : {1, 4, 30}) {
        const Mat<double> W = random_mat(20, 6, rng), b = random_mat(20, 1, rng), x = random_mat(6, columns, rng);
        Tape<double> tape;
        const auto w = tape.variable(W), bias = tape.variable(b), v = tape.variable(x);
        auto [y, value] = tape.make(20, columns, true);
        detail::compute_affine(y, value.data(), w, 0, bias, v);
        CHECK((y.value() - ((W * x).colwise() + b.col(0))).cwiseAbs().maxCoeff() < 1e-14);
        backward(sum(y));
        CHECK((v.grad() - W.transpose() * Mat<double>::Ones(20, columns)).cwiseAbs().maxCoeff() < 1e-13);
        CHECK((bias.grad().array() - static_cast<double>(columns)).abs().maxCoeff() < 1e-14);
        tape.clear();
        auto [untracked, room] = tape.make(20, columns, false);
        const auto again = tape.variable(x);
        detail::compute_affine(untracked, room.data(), tape.variable(W), 0, Var<double>(), again);
        backward(sum(again));
        CHECK(again.grad() == Mat<double>::Ones(6, columns));
    }
}

TEST_CASE("affine: a chain that nobody has looked at may be long") {
    Tape<double> tape;
    const auto W = tape.variable(Mat<double>::Ones(1, 1)), b = tape.constant(Mat<double>::Zero(1, 1));
    auto x = tape.constant(Mat<double>::Ones(1, 1));
    for (int k = 0; k < 100'000; ++k) x = detail::deferred_affine(W, b, x);
    backward(x);
    CHECK(W.grad()(0) == 100'000);
}

TEST_CASE("affine: what nobody uses brings nothing back, not even infinity times zero") {
    Tape<double> tape;
    const auto W = tape.variable(Mat<double>::Constant(20, 20, std::numeric_limits<double>::infinity()));
    const auto x = tape.variable(Mat<double>::Ones(20, 30));
    detail::product(W, 0, 20, x);
    backward(sum(x));
    CHECK(x.grad() == Mat<double>::Ones(20, 30));
    CHECK(W.grad() == Mat<double>::Zero(20, 20));
}

TEST_CASE("affine: without a gradient there is no scratch for one") {
    const Mat<double> m = Mat<double>::Ones(300, 300);
    Tape<double> without, with;
    detail::product(without.constant(m), 0, 300, without.constant(m));
    detail::product(with.variable(m), 0, 300, with.variable(m));
    CHECK(without.capacity() + static_cast<std::size_t>(m.size()) * sizeof(double) / 2 < with.capacity());
}
