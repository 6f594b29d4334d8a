// Embedding, stack, head and losses of a batch of unequal lengths, beside each sequence alone.
#include "bptt/cells/gru.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/highway.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/loss.hpp"
#include "bptt/train/clip.hpp"
#include "catch.hpp"
#include "support/random.hpp"
#include "support/shapes.hpp"

using namespace bptt;

namespace {

struct Tagger {
    Embedding<double> embed;
    Highway<double, Activation::tanh> highway;
    Bidirectional<Gru<double>> rnn;
    Linear<double> head;
    static void params(auto& m, auto&& f) { f("embed", m.embed), f("highway", m.highway), f("rnn", m.rnn), f("head", m.head); }
};

using Texts = std::vector<std::vector<Index>>;
using Loss = Var<double> (*)(const Sequence<double>& logits, const Tokens& targets, LossOptions);

Var<double> entropy(const Sequence<double>& logits, const Tokens& targets, LossOptions o) {
    return cross_entropy(logits, targets, {o.reduction});
}
Var<double> squares(const Sequence<double>& logits, const Tokens& targets, LossOptions o) {
    return mse(logits, one_hot(logits.all.tape(), targets, 4), o);
}
Var<double> binary(const Sequence<double>& logits, const Tokens& targets, LossOptions o) {
    return binary_cross_entropy_with_logits(logits, one_hot(logits.all.tape(), targets, 4), o);
}

/// The loss of these texts, as their own targets; gradients are left in the model.
double run(Tagger& model, const Texts& texts, Loss loss, Reduction reduction) {
    Tape<double> tape;
    const Tokens tokens = Tokens::of(texts);
    const auto y =
        unroll(model.rnn, model.highway(model.embed(tape, tokens)), lift(tape, zero_state(model.rnn, tokens.layout().batch)));
    const auto total = loss(model.head(y.h), tokens, {.reduction = reduction});
    zero_grad(model);
    backward(total);
    return total.item();
}

}  // namespace

TEST_CASE("lengths: every loss and reduction of a batch is made of those of its sequences") {
    Rng rng(1);
    Tagger model{{4, 3, rng}, {3, rng}, {3, 2, rng}, {4, 4, rng}};
    const Texts texts{{0, 3}, {1, 2, 0, 3, 1}, {}, {2}, {3, 1, 1}};
    for (const Loss loss : {entropy, squares, binary}) {
        for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::per_sequence}) {
            double expected = 0;
            std::vector<Mat<double>> gradients;
            for (const auto& text : texts) {
                // the share of one sequence in what the batch reduces to
                const double share = reduction == Reduction::sum    ? 1
                                     : reduction == Reduction::mean ? static_cast<double>(text.size()) / 11
                                                                    : 1.0 / 5;
                expected += share * run(model, {text}, loss, reduction);
                for_each_param(model, [&, k = std::size_t{0}](std::string_view, const auto& p) mutable {
                    if (k == gradients.size()) gradients.push_back(Mat<double>::Zero(p.rows(), p.cols()));
                    gradients[k++] += share * p.grad;
                });
            }
            CHECK_THAT(run(model, texts, loss, reduction), WithinAbs(expected, 1e-12));
            for_each_param(model, [&, k = std::size_t{0}](std::string_view, const auto& p) mutable {
                CHECK(distance(p.grad, gradients[k++]) < 1e-12);
            });
        }
    }
}

TEST_CASE("lengths: the losses of no tokens at all are 0, and so are their gradients") {
    Rng rng(2);
    Tagger model{{4, 3, rng}, {3, rng}, {3, 2, rng}, {4, 4, rng}};
    for (const Loss loss : {entropy, squares, binary}) {
        for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::per_sequence}) {
            CHECK(run(model, {{}, {}}, loss, reduction) == 0);
            for_each_param(model, [](std::string_view, const auto& p) { CHECK(p.grad.isZero(0)); });
        }
    }
}

TEST_CASE("lengths: losses of different layouts are refused with both") {
    Tape<double> tape;
    const auto logits = one_hot(tape, Tokens::of({{0, 1}, {2}}), 4);
    const Tokens targets = Tokens::of({{2}, {0, 1}});
    for (const Loss loss : {entropy, squares, binary})
        CHECK_THROWS_WITH(loss(logits, targets, {}), ContainsSubstring("2 sequences of 2,1 against 2 sequences of 1,2"));
}
