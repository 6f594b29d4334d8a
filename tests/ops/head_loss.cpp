#include "bptt/ops/head_loss.hpp"

#include <optional>
#include <vector>

#include "bptt/nets/linear.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/loss.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/ops/shape.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

Tokens random_tokens(Index batch, Index steps, Index classes, bool ragged, Rng& rng) {
    std::vector<Index> ids, lengths;
    for (Index k = 0; k < batch * steps; ++k) ids.push_back(rng.below(classes));
    for (Index b = 0; ragged && b < batch; ++b) lengths.push_back(rng.below(steps + 1));
    return Tokens(ids, batch, lengths);
}

/// W x + b by other ops; logits that nobody has looked at; logits that were looked at before the loss.
enum class Way { composed, taken, looked_at };

struct Outcome {
    double loss;
    Mat<double> dx, dW, db;
};
template <class T> Outcome outcome(const Linear<T>& head, const Mat<T>& x, const Tokens& targets, CrossEntropyOptions options,
                                   int thread_count, Way way) {
    const Threads threads(thread_count);
    Tape<T> tape(threads);
    const auto v = tape.variable(x);
    const Sequence<T> h{v, detail::keep_layout(tape, targets.layout())};
    zero_grad(head);
    const auto logits = way == Way::composed ? h.with(tape.watch(head.W) * v + tape.watch(head.b)) : head(h);
    if (way == Way::looked_at) logits.all.value();
    const auto loss = cross_entropy(logits, targets, options);
    backward(T(2) * loss);
    return {static_cast<double>(loss.item()), v.grad().template cast<double>(), head.W.grad.template cast<double>(),
            head.b.grad.template cast<double>()};
}
template <class T> void check_head(double tolerance) {
    Rng rng(2);
    for (Index k = 1; k <= 70; ++k) {
        const Index batch = 1 + 11 * k % 13, steps = 1 + k % 9, inputs = 1 + 23 * k % 70;
        const Linear<T> head(inputs, k, rng);
        const Tokens targets = random_tokens(batch, steps, k, k % 2 == 0, rng);
        const Mat<T> x = random_mat(inputs, targets.layout().columns(), rng).template cast<T>();
        std::vector<double> weights(k % 5 == 0 ? static_cast<std::size_t>(k) : 0);
        for (double& w : weights) w = rng.uniform(0, 2);
        const CrossEntropyOptions options{.reduction = static_cast<Reduction>(k % 3),
                                          .class_weights = weights,
                                          .label_smoothing = k % 4 == 0 ? 0.1 : 0,
                                          .ignored = k % 7 == 0 ? std::optional(Index{0}) : std::nullopt};
        INFO(k << " classes, " << inputs << " inputs, " << targets.layout());
        const auto expected = outcome(head, x, targets, options, 1, Way::composed);
        for (const Way way : {Way::taken, Way::looked_at}) {
            const auto found = outcome(head, x, targets, options, 1 + static_cast<int>(k % 4), way);
            CHECK(std::abs(found.loss - expected.loss) <= tolerance * (1 + expected.loss));
            for (const auto part : {&Outcome::dx, &Outcome::dW, &Outcome::db})
                if ((expected.*part).size() > 0)
                    CHECK((found.*part - expected.*part).cwiseAbs().maxCoeff() <=
                          tolerance * (1 + (expected.*part).cwiseAbs().maxCoeff()));
        }
    }
}

}  // namespace

TEST_CASE("head_loss: equals the loss of the logits") {
    check_head<double>(1e-13);
    check_head<float>(1e-5);
}

TEST_CASE("head_loss: more columns than are held at once") {
    Rng rng(3);
    const Linear<double> head(4, 520, rng);  // 1,024 columns at a time
    const Tokens targets = random_tokens(3, 700, 520, false, rng);
    const Mat<double> x = random_mat(4, 2100, rng);
    const auto expected = outcome(head, x, targets, {}, 1, Way::composed), fused = outcome(head, x, targets, {}, 2, Way::taken);
    CHECK(std::abs(fused.loss - expected.loss) < 1e-12);
    CHECK((fused.dx - expected.dx).cwiseAbs().maxCoeff() < 1e-15);
    CHECK((fused.dW - expected.dW).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("head_loss: four megabytes of logits, but not too few columns, are held at once") {
    CHECK(kernels::Head<float>::at_once(65, 100) == 100);
    CHECK(kernels::Head<float>::at_once(64, 1000000) == 16384);
    CHECK(kernels::Head<float>::at_once(1000000, 1000000) == 256);
}

TEST_CASE("head_loss: gradients") {
    Rng rng(4);
    Linear<double> head(3, 5, rng);
    const Tokens targets = random_tokens(2, 4, 5, false, rng);
    for (const auto reduction : {Reduction::mean, Reduction::sum, Reduction::per_sequence})
        CHECK(check_op(
            head, [&](Var<double> x) { return cross_entropy(head(sequence(x, 2)), targets, {reduction}); },
            random_mat(3, 8, rng)));
}

TEST_CASE("head_loss: any number of threads gives the same bits, a pause gives the same loss") {
    Rng rng(5);
    const Linear<float> head(33, 65, rng);
    const Tokens targets = random_tokens(7, 40, 65, true, rng);
    const Mat<float> x = random_mat(33, targets.layout().columns(), rng).cast<float>();
    const auto alone = outcome(head, x, targets, {}, 1, Way::taken);
    for (int threads = 2; threads <= 4; ++threads) {
        const auto together = outcome(head, x, targets, {}, threads, Way::taken);
        CHECK(alone.loss == together.loss);
        CHECK(alone.dx == together.dx);
        CHECK(alone.dW == together.dW);
        CHECK(alone.db == together.db);
    }
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    const Sequence<float> h{tape.constant(x), detail::keep_layout(tape, targets.layout())};
    CHECK(static_cast<double>(cross_entropy(head(h), targets).item()) == alone.loss);
}

TEST_CASE("head_loss: large logits stay finite, no targets give zero") {
    Rng rng(6);
    Linear<double> head(1, 2, rng);
    head.W.value << 1e4, -1e4;
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(1, 1));
    const auto loss = cross_entropy(head(sequence(x, 1)), Tokens({1}, 1));
    CHECK(loss.item() == 2e4);
    backward(loss);
    CHECK(x.grad()(0, 0) == 2e4);
    tape.clear();
    const auto none = cross_entropy(head(sequence(tape.variable(Mat<double>(1, 0)), 1)), Tokens(std::span<const Index>(), 1));
    CHECK(none.item() == 0);
}

TEST_CASE("head_loss: logits that are no numbers give what the composed loss gives") {
    constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    Rng rng(8);
    for (const double odd : {infinity, -infinity, nan})
        for (const Index target : {0, 3, 18})
            for (const Index where : {0, 7, 18}) {
                Linear<double> head(1, 19, rng);
                head.W.value(where, 0) = odd;
                const Mat<double> x = Mat<double>::Ones(1, 1);
                const double fused = outcome(head, x, Tokens({target}, 1), {}, 1, Way::taken).loss,
                             composed = outcome(head, x, Tokens({target}, 1), {}, 1, Way::composed).loss;
                INFO(odd << " at " << where << ", the target is " << target << ": " << fused << ", not " << composed);
                CHECK((fused == composed || std::abs(fused - composed) < 1e-14 || (std::isnan(fused) && std::isnan(composed))));
            }
}

TEST_CASE("head_loss: of single columns, and of logits that are no sequence") {
    Rng rng(9);
    Linear<double> head(3, 5, rng);
    for (const Index columns : {0, 1, 4}) {
        const std::vector<Index> targets(static_cast<std::size_t>(columns), 2);
        for (const auto reduction : {Reduction::mean, Reduction::sum, Reduction::per_sequence})
            CHECK((columns == 0 || check_op(
                                       head, [&](Var<double> x) { return cross_entropy(head(x), targets, {reduction}); },
                                       random_mat(3, columns, rng))));
        Tape<double> tape;
        const auto x = tape.variable(random_mat(3, columns, rng));
        const auto loss = cross_entropy(head(x), targets), composed = cross_entropy(head.W * x + head.b, targets);
        CHECK_THAT(loss.item(), WithinAbs(composed.item(), 1e-14));
    }
}

TEST_CASE("head_loss: the logits are never made") {
    Rng rng(10);
    const Linear<float> head(2, 900, rng);
    const Tokens targets = random_tokens(50, 100, 900, false, rng);
    const Mat<float> x = Mat<float>::Ones(2, 5000);
    const auto held = [&](bool look) {
        Tape<float> tape;
        const auto logits = head(sequence(tape.variable(x), 50));
        if (look) logits.all.value();
        backward(cross_entropy(logits, targets));
        return tape.capacity();
    };
    const std::size_t logits = std::size_t{4} * 900 * 5000;
    CHECK(held(false) < logits / 2);
    CHECK(held(true) > logits);
}
