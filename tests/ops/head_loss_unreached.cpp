#include <limits>

#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/reduce.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

TEST_CASE("head_loss: one that backward() does not start from adds nothing, not even where it is not finite") {
    Rng rng(1);
    const Linear<double> head(3, 4, rng);
    Tape<double> tape;
    Mat<double> numbers = random_mat(3, 2, rng);
    numbers(1, 1) = std::numeric_limits<double>::infinity();
    const Index targets[] = {1, 3};
    const auto x = tape.variable(numbers);
    const auto unused = cross_entropy(head(x), targets);
    CHECK_FALSE(std::isfinite(unused.item()));
    backward(sum(head.W * tape.constant(Mat<double>::Ones(3, 1))));
    CHECK(head.W.grad == Mat<double>::Ones(4, 3));
    CHECK_FALSE(x.reached());
    CHECK_FALSE(unused.reached());
}
