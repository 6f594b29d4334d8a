#include "bptt/models/sequence_classifier.hpp"

#include <utility>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/one_hot.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "support/gradients.hpp"
#include "support/mgu.hpp"

using namespace bptt;

namespace {

using Deep = Stacked<Bidirectional<Gru<double>>>;
using Reader = SequenceClassifier<Deep>;
using Looker = SequenceClassifier<Lstm<double>, Features<double>>;

const Tokens texts = Tokens::of({{1, 2}, {}, {4, 0, 3}, {2}});
constexpr ClassifierOptions attentive{.classes = 3, .attention = 2};

template <class Model>
concept Called = requires(Model&& model, Tape<double>& tape) {
    std::forward<Model>(model)(tape, texts);
};

Reader reader(Index attention, double dropout = 0) {
    Rng rng(1);
    Reader model(5, {3, 2, 2, rng}, rng, {.classes = 3, .attention = attention, .dropout = dropout});
    randomise(model, rng, 0.7);
    return model;
}
Looker looker(Index attention) {
    Rng rng(2);
    Looker model({}, {3, 4, rng}, rng, {.classes = 2, .attention = attention});
    randomise(model, rng, 0.7);
    return model;
}
Mat<double> logits(const auto& model, const auto& inputs) {
    Tape<double> tape;
    return model(tape, inputs).value();
}
Mat<double> one_softmax(const Mat<double>& column) { return column.array().exp() / column.array().exp().sum(); }

/// A layer of which nobody knows the state before the first step from its output: half of a cell's units.
struct Half {
    using Scalar = double;
    template <class V> using State = HiddenState<V>;

    Gru<double> cell;

    Half(Index inputs, Index outputs, Rng& rng) : cell(inputs, 2 * outputs, rng) {}
    BPTT_PARAMS(cell)
    Index inputs() const { return cell.inputs(); }
    Index outputs() const { return cell.units() / 2; }
    State<Mat<double>> zero_state(Index batch) const { return bptt::zero_state(cell, batch); }
};
struct HalfTrajectory {
    Sequence<double> h;
    HiddenState<Sequence<double>> whole;
};
HalfTrajectory unroll(const Half& layer, const Sequence<double>& xs, const HiddenState<Var<double>>& s0,
                      std::optional<Training> training) {
    const auto y = unroll(layer.cell, xs, s0, training);
    return {xs.with(rows(y.h.all, 0, layer.outputs())), y};
}

}  // namespace

TEST_CASE("SequenceClassifier: gradients, of tokens and of matrices, with attention and without") {
    Rng rng(3);
    const std::vector<Mat<double>> images = {random_mat(3, 4, rng), random_mat(3, 1, rng), random_mat(3, 2, rng)};
    for (const Index attention : {0, 2}) {
        CAPTURE(attention);
        auto reads = reader(attention);
        CHECK(check_op(reads, [&](auto& tape) { return cross_entropy(reads(tape, texts), {0, 1, 2, 0}); }));
        auto looks = looker(attention);
        CHECK(check_op(looks, [&](auto& tape) { return cross_entropy(looks(tape, images), {0, 1, 1}); }));
    }
}

TEST_CASE("SequenceClassifier: without attention, the head of the last states of both directions of the top layer") {
    const auto model = reader(0);
    Tape<double> tape;
    const auto top = final_state(unroll(model.layer, model.input(tape, texts))).back();
    const Mat<double> expected = model.head(concat_rows({top.forward.h, top.backward.h})).value();
    CHECK((logits(model, texts) - expected).cwiseAbs().maxCoeff() < 1e-14);
    CHECK(model.read(texts).weights.rows() == 0);
    CHECK(model.read(texts).weights.cols() == 4);
}

TEST_CASE("SequenceClassifier: with attention, the head of the sum of all steps that the last output weighs") {
    const auto model = looker(2);
    Rng rng(4);
    const Mat<double> x = random_mat(3, 5, rng);
    Tape<double> tape;
    const Mat<double> h = unroll(model.layer, Sequence<double>::of(tape, {x})).h.all.value();
    const auto& a = *model.attention;
    const Mat<double> inner = ((a.U.value * h).colwise() + (a.W.value * h.col(4)).col(0)).array().tanh();
    const Mat<double> weights = one_softmax((a.v.value.transpose() * inner).transpose());
    const Mat<double> expected = model.head.W.value * (h * weights) + model.head.b.value;
    const auto found = model.read(std::vector<Mat<double>>{x});
    CHECK((found.weights - weights).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((found.probabilities - one_softmax(expected)).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("SequenceClassifier: read() says of each sequence what it says of it alone, in the user's order") {
    for (const Index attention : {0, 2}) {
        const auto model = reader(attention);
        const auto all = model.read(texts);
        const std::vector<std::vector<Index>> each = {{1, 2}, {}, {4, 0, 3}, {2}};
        for (Index b = 0; b < 4; ++b) {
            CAPTURE(attention, b);
            const auto& text = each[static_cast<std::size_t>(b)];
            const auto alone = model.read(Tokens::of({text}));
            CHECK((all.probabilities.col(b) - alone.probabilities).cwiseAbs().maxCoeff() < 1e-14);
            CHECK_THAT(alone.probabilities.sum(), WithinAbs(1, 1e-14));
            if (attention == 0 || text.empty()) continue;
            CHECK((all.weights.col(b).head(alone.weights.rows()) - alone.weights).cwiseAbs().maxCoeff() < 1e-14);
            CHECK_THAT(all.weights.col(b).sum(), WithinAbs(1, 1e-14));
        }
    }
}

TEST_CASE("SequenceClassifier: dropout of what the head reads, in training alone, and a call that throws draws nothing") {
    const auto model = reader(2, 0.5), plain = reader(2);
    CHECK(logits(model, texts) == logits(plain, texts));
    Rng rng(5), same(5);
    Tape<double> tape;
    const Mat<double> dropped = model(tape, texts, Training{rng}).value();
    CHECK(dropped != logits(plain, texts));
    CHECK(model(tape, texts, Training{rng}).value() != dropped);
    CHECK(model(tape, texts, Training{same}).value() == dropped);
    const auto nothing = reader(2, 1);
    CHECK(nothing(tape, texts, Training{rng}).value() == nothing.head.b.value.replicate(1, 4));
    Rng before = same;
    auto broken = model;
    broken.head.b = Param<double>(2, 1);
    CHECK_THROWS_AS(broken(tape, texts, Training{same}), std::invalid_argument);
    CHECK(same.next() == before.next());
}

TEST_CASE("SequenceClassifier: of cells and layers of the user's, and over one-hot columns") {
    Rng rng(6);
    const std::vector<Mat<double>> images = {random_mat(3, 1, rng), random_mat(3, 4, rng)};
    SequenceClassifier<Stacked<Mgu>, Features<double>> mine({}, {3, 4, 2, rng}, rng, attentive);
    CHECK(check_op(mine, [&](auto& tape) { return cross_entropy(mine(tape, images), {0, 2}); }));
    SequenceClassifier<Bidirectional<Half>, Features<double>> halves({}, {3, 2, rng}, rng, {.classes = 2});
    CHECK(check_op(halves, [&](auto& tape) { return cross_entropy(halves(tape, images), {0, 1}); }));
    const SequenceClassifier<Gru<double>, OneHot<double>> one_hot(5, {5, 4, rng}, rng, {.classes = 2});
    CHECK(logits(one_hot, texts).cols() == 4);
}

TEST_CASE("SequenceClassifier: a temporary, which is gone before backward(), gives no logits") {
    CHECK(Called<const Reader&>);
    CHECK(!Called<Reader>);
}

TEST_CASE("SequenceClassifier: the parameters by their names") {
    CHECK(names_of(looker(0)) == "layer.Wx layer.Wh layer.b head.W head.b ");
    CHECK(names_of(looker(2)) == "layer.Wx layer.Wh layer.b attention.W attention.U attention.v head.W head.b ");
    CHECK(names_of(reader(0)).starts_with("input.E layer.0.forward.Wx "));
}
