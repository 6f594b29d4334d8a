#include <optional>

#include "bptt/nets/linear.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "bptt/ops/softmax.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

TEST_CASE("head_loss: logits that a loss has taken have values, but no gradient of their own") {
    Rng rng(11);
    const Linear<double> head(3, 5, rng);
    const Tokens targets({0, 1, 4, 2}, 2);
    const Mat<double> x = random_mat(3, 4, rng);
    const auto gradient = [&](auto use) {
        zero_grad(head);
        Tape<double> tape;
        const auto v = tape.variable(x);
        use(v, head(sequence(v, 2)));
        return Mat<double>(v.grad());
    };
    constexpr const char* refused = "grad: an op took a shorter way than through this variable";
    const auto taken = gradient([&](auto, const auto& logits) {
        const auto loss = cross_entropy(logits, targets);
        CHECK_THROWS_WITH(logits.all.grad(), ContainsSubstring(refused));
        backward(loss);
        CHECK_THROWS_WITH(logits.all.grad(), ContainsSubstring(refused));
    });
    const auto looked_at = gradient([&](auto, const auto& logits) {
        const auto loss = cross_entropy(logits, targets);
        CHECK((logits.all.value() - ((head.W.value * x).colwise() + head.b.value.col(0))).norm() < 1e-14);
        const auto part = cols(logits.all, 1, 2);
        backward(loss);
        CHECK_THROWS_WITH(logits.all.grad(), ContainsSubstring(refused));
        CHECK_THROWS_WITH(part.grad(), ContainsSubstring(refused));
    });
    CHECK(taken == looked_at);
    // Used by another op, too: both gradients add up.
    const auto both = gradient([&](auto, const auto& logits) {
        const auto loss = cross_entropy(logits, targets);
        backward(loss + sum(square(logits.all)));
        CHECK_THROWS_WITH(logits.all.grad(), ContainsSubstring(refused));
    });
    const auto composed = gradient([&](auto v, const auto&) {
        const auto logits = head.W * v + head.b;
        backward(cross_entropy(logits, targets.ids()) + sum(square(logits)));
    });
    CHECK((both - composed).cwiseAbs().maxCoeff() < 1e-13);
    // Looked at before the loss, it has a gradient.
    gradient([&](auto, const auto& logits) {
        logits.all.value();
        backward(cross_entropy(logits, targets, {Reduction::sum}));
        CHECK_THAT(logits.all.grad()(0, 0),
                   WithinAbs(softmax(logits.all.tape().constant(logits.all.value())).value()(0, 0) - 1, 1e-14));
    });
}

TEST_CASE("head_loss: whether logits are tracked is settled when they are made") {
    Rng rng(12);
    const Linear<double> head(3, 5, rng);
    const Tokens targets({0, 1, 4, 2}, 2);
    Tape<double> tape;
    const auto x = tape.variable(random_mat(3, 4, rng));
    const auto h = sequence(x, 2);
    std::optional<Tape<double>::Pause> pause(tape);
    const auto paused = head(h);
    pause.reset();
    CHECK_FALSE(paused.all.tracked());
    CHECK_FALSE(cross_entropy(paused, targets).tracked());
    const auto logits = head(h);
    pause.emplace(tape);
    CHECK_FALSE(cross_entropy(logits, targets).tracked());
    pause.reset();
    backward(cross_entropy(logits, targets));
    CHECK(x.reached());
}
