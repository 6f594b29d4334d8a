// A batch in parts: gradients add up until zero_grad().
#include <vector>

#include "bptt/autograd/tape.hpp"
#include "bptt/cells/gru.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/train/optimizers.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {
struct Classifier {
    Gru<double> gru;
    Linear<double> head;
    BPTT_PARAMS(gru, head)
};
}  // namespace

TEST_CASE("gradients of the parts of a batch, each of the share of the loss, are those of the batch") {
    Rng rng(1);
    constexpr Index batch = 6, steps = 4;
    Classifier whole{{3, 5, rng}, {5, 2, rng}}, parts = whole;
    const Mat<double> x = random_mat(3, batch * steps, rng);  // step by step
    const std::vector<Index> classes = {0, 1, 1, 0, 1, 0};
    Tape<double> tape;
    const auto loss = [&](Classifier& model, Index first, Index count) {
        Mat<double> some(3, count * steps);
        for (Index t = 0; t < steps; ++t) some.middleCols(t * count, count) = x.middleCols(t * batch + first, count);
        tape.clear();
        const auto y = unroll(model.gru, sequence(tape.constant(some), count));
        return cross_entropy(model.head(final_state(y)),
                             std::vector<Index>(classes.begin() + first, classes.begin() + first + count));
    };
    Adam<double> for_whole, for_parts;
    for (int step = 0; step < 3; ++step) {
        zero_grad(whole);
        backward(loss(whole, 0, batch));
        for_whole.step(whole);
        zero_grad(parts);
        for (const Index first : {0, 2, 4}) backward(loss(parts, first, 2) / 3);
        std::vector<Mat<double>> expected;
        for_each_param(whole, [&](std::string_view, const auto& p) { expected.push_back(p.grad); });
        for_each_param(parts, [&, k = std::size_t{0}](std::string_view name, const auto& p) mutable {
            CAPTURE(name);
            CHECK((p.grad - expected[k++]).cwiseAbs().maxCoeff() < 1e-12);
        });
        for_parts.step(parts);
    }
}
