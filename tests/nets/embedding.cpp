#include "bptt/nets/embedding.hpp"

#include "bptt/cells/lstm.hpp"
#include "bptt/cells/unroll.hpp"
#include "support/gradients.hpp"

using namespace bptt;

TEST_CASE("embedding: a column a token, and gradients that add up where a token comes again") {
    Rng rng(1);
    Embedding<double> embed(4, 3, rng);
    const Tokens tokens({2, 0, 2, 3, 2, 1}, 2);
    CHECK(check_op(embed, [&](Tape<double>& tape) { return embed(tape, tokens).all; }));
    Tape<double> tape;
    const auto x = embed(tape, tokens);
    CHECK(*x.layout == tokens.layout());
    CHECK(x[1].value().col(0) == embed.E.value.col(2));
    CHECK(x[1].value().col(1) == embed.E.value.col(3));
}

TEST_CASE("embedding: equals one-hot columns times E") {
    Rng rng(2);
    const Embedding<double> embed(4, 3, rng);
    const Tokens tokens({2, 0, 2, 3}, 2);
    Tape<double> tape;
    const auto x = one_hot(tape, tokens, 4);
    CHECK(*x.layout == tokens.layout());
    CHECK_FALSE(x.all.tracked());
    CHECK(embed(tape, tokens).all.value() == embed.E.value * x.all.value());
    tape.clear();
    tape.constant(Mat<double>::Ones(40, 40));  // what memory holds that is used again
    tape.clear();
    CHECK(one_hot(tape, tokens, 4).all.value().sum() == 4);
}

TEST_CASE("embedding: tokens may change after they were embedded") {
    Rng rng(3);
    Embedding<double> embed(4, 3, rng);
    Tokens tokens({1, 1}, 2);
    Tape<double> tape;
    const auto x = embed(tape, tokens);
    tokens = Tokens({2, 3, 0, 0}, 2);
    CHECK(x.steps() == 1);
    backward(record(
        {x.all}, 1, 1, [](auto y) { y.setZero(); }, [x](Var<double>) { x.all.accumulate(Mat<double>::Ones(3, 2)); }));
    CHECK(embed.E.grad.col(1) == Mat<double>::Constant(3, 1, 2));
    CHECK(embed.E.grad.col(2) == Mat<double>::Zero(3, 1));
}
