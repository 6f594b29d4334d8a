#include "bptt/cells/gru.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/loss.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

TEST_CASE("sequence: of matrices, a column a step, equals the rectangle with its lengths") {
    Rng rng(1);
    Tape<double> tape;
    const Mat<double> a = random_mat(3, 2, rng), b = random_mat(3, 4, rng), none = Mat<double>(3, 0);
    Mat<double> rectangle = Mat<double>::Constant(3, 4 * 3, 9);
    for (Index t = 0; t < 4; ++t) {
        if (t < 2) rectangle.col(3 * t) = a.col(t);
        rectangle.col(3 * t + 1) = b.col(t);
    }
    const auto expected = sequence(tape.constant(rectangle), 3, {2, 4, 0});
    const auto found = Sequence<double>::of(tape, {a, b, none});
    CHECK(layout_of(found) == layout_of(expected));
    CHECK(found.all.value() == expected.all.value());
    CHECK_FALSE(found.all.tracked());

    const auto even = Sequence<double>::of(tape, {a, a});
    CHECK(layout_of(even).even());
    CHECK(even[1].value().col(1) == a.col(1));
    CHECK(Sequence<double>::of(tape, {a}).all.value() == a);
    CHECK_THROWS_WITH(Sequence<double>::of(tape, {a, random_mat(2, 2, rng)}),
                      ContainsSubstring("sequence 0 is 3x2, sequence 1 is 2x2"));
}

TEST_CASE("sequence: columns of unequal lengths are known as such, what is made from them is not") {
    Rng rng(2);
    Tape<double> tape;
    const auto x = Sequence<double>::of(tape, {random_mat(3, 1, rng), random_mat(3, 2, rng)});
    const Gru<double> gru(3, 4, rng);
    const Linear<double> head(4, 2, rng);
    const auto y = unroll(gru, x);
    for (const Var<double> v : {x.all, y.h.all, unroll_steps(gru, x, lift(tape, zero_state(gru, 2))).h.all, head(y.h).all,
                                head(y).all, reversed(x).all, detach(x).all})
        CHECK((v.layout() && *v.layout() == layout_of(x)));
    for (const Var<double> v : {2 * x.all, final_state(y).h, state_at(y, 1).h, padded(y.h), detach(y.h.all)})
        CHECK(v.layout() == nullptr);
    CHECK(Sequence<double>::of(tape, {random_mat(3, 2, rng), random_mat(3, 2, rng)}).all.layout() == nullptr);

    const Index flat[] = {0, 1, 0};
    CHECK_THROWS_WITH(cross_entropy(head(y).all, flat), ContainsSubstring("columns of 2 sequences of 1,2 lie step by step"));
    CHECK_NOTHROW(cross_entropy(head(y), Tokens::of({{0}, {1, 0}})));
    CHECK_NOTHROW(cross_entropy(head(final_state(y)), std::vector<int>{0, 1}));
    CHECK_NOTHROW(mse(head(y).all, head(y.h).all));

    const auto other = Sequence<double>::of(tape, {random_mat(3, 2, rng), random_mat(3, 1, rng)});
    for (const auto& mixed :
         {+[](Var<double> a, Var<double> b) { return a + b; }, +[](Var<double> a, Var<double> b) { return a - b; },
          +[](Var<double> a, Var<double> b) { return a % b; },
          +[](Var<double> a, Var<double> b) {
              return concat_rows({a, b});
          }}) {
        CHECK_THROWS_WITH(mixed(x.all, other.all), ContainsSubstring("2 sequences of 1,2 against 2 sequences of 2,1"));
        CHECK_NOTHROW(mixed(x.all, reversed(x).all));
        CHECK_NOTHROW(mixed(x.all, 2 * other.all));
    }
    CHECK_THROWS_WITH(x.with(other.all), ContainsSubstring("2 sequences of 1,2 against 2 sequences of 2,1"));
    CHECK_NOTHROW(x.with(tanh(x.all)));
}
