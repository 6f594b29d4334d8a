#include "bptt/models/sequence_classifier.hpp"
#include "catch.hpp"
#include "live/reference.hpp"

using namespace bptt;

namespace {

/// A controller: two forces, within ±1, of three measurements.
struct Controller {
    Gru<float> gru;
    Linear<float> head;
    auto streamed(auto&& f) const { return f(gru, Activated{head, Activation::tanh}); }
};

TEST_CASE("a stream of a whole model runs what the model says") {
    Rng rng(11);
    const Controller controller{of_floats(Gru<float>(3, 6, rng), rng), of_floats(Linear<float>(6, 2, rng), rng)};
    auto live = stream(controller), parts = stream(controller.gru, Activated{controller.head, Activation::tanh});
    auto fixed = stream<3, 6>(controller);
    auto two = stream<Storage::bfloat16>(Voices{2}, controller);
    for (int t = 0; t < 3; ++t) {
        const Mat<float> x = random_mat(3, 1, rng).cast<float>();
        const Eigen::VectorXf y = parts.step(x);
        CHECK(live.step(x) == y);
        CHECK((fixed.step(x) - y).cwiseAbs().maxCoeff() < 1e-6f);
        const Mat<float> both = x.replicate(1, 2);
        CHECK((two.step(both) - y.replicate(1, 2)).cwiseAbs().maxCoeff() < 0.02f);
    }
}

TEST_CASE("a stream of a classifier says of which class the sequence is so far") {
    Rng rng(12);
    SequenceClassifier<Gru<float>, Features<float>> model({}, {3, 6, rng}, rng, {.classes = 2});
    model = of_floats(model, rng);
    auto live = stream(model);
    const Mat<float> x = random_mat(3, 5, rng).cast<float>();
    for (Index t = 0; t < 5; ++t) {
        const Mat<float> step = x.col(t);
        const Eigen::VectorXf logits = live.step(step);
        Tape<float> tape;
        const std::vector<Mat<float>> so_far{x.leftCols(t + 1)};
        CHECK((model(tape, so_far).value() - logits).cwiseAbs().maxCoeff() < 1e-5f);
    }
    const SequenceClassifier<Gru<float>, Features<float>> looks_back({}, {3, 6, rng}, rng, {.classes = 2, .attention = 4});
    CHECK_THROWS_WITH(stream(looks_back), ContainsSubstring("SequenceClassifier: with attention it reads the whole sequence"));
}

}  // namespace
