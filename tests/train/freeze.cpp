// A part of a model is frozen by training only the other.
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/train/clip.hpp"
#include "bptt/train/optimizers.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

struct Model {
    Lstm<double> lstm;
    Linear<double> head;
    BPTT_PARAMS(lstm, head)
};

struct Task {
    Rng rng{1};
    Model model{{3, 4, rng}, {4, 5, rng}};
    Mat<double> inputs = random_mat(3, 6, rng);
    Tape<double> tape;

    auto states() {
        tape.clear();
        return unroll(model.lstm, sequence(tape.constant(inputs), 2), lift(tape, zero_state(model.lstm, 2))).h;
    }
    auto loss(const Sequence<double>& h) { return cross_entropy(model.head(h), Tokens({0, 1, 2, 3, 4, 0}, 2)); }
};

/// Every number and every gradient that is not the head's.
bool same(const Lstm<double>& a, const Lstm<double>& b) {
    return a.Wx.value == b.Wx.value && a.Wh.value == b.Wh.value && a.b.value == b.b.value && a.Wx.grad == b.Wx.grad &&
           a.Wh.grad == b.Wh.grad && a.b.grad == b.b.grad;
}

}  // namespace

TEMPLATE_TEST_CASE("freezing: a step of a part changes no bit of the others", "", Sgd<double>, Adagrad<double>, RmsProp<double>,
                   Adam<double>) {
    Task task;
    Model& model = task.model;
    const auto before = model.lstm;
    TestType optimizer({.rate = 0.05});
    double first = 0, last = 0;
    for (int step = 0; step < 20; ++step) {
        const auto loss = task.loss(task.states());
        last = loss.item();
        if (step == 0) first = last;
        zero_grad(model.head);
        backward(loss);
        const double whole = clip_grad_norm(model, 1e9), part = clip_grad_norm(model.head, 1e-3);
        CHECK((part < whole && model.head.W.grad.norm() < 1e-3));
        CHECK(model.lstm.Wh.grad.norm() > 1e-3);  // it goes on adding up, untouched
        optimizer.step(model.head);
    }
    CHECK(last < first);
    CHECK(model.lstm.Wx.value == before.Wx.value);
    CHECK(model.lstm.Wh.value == before.Wh.value);
    CHECK(model.lstm.b.value == before.b.value);
}

TEST_CASE("freezing: below what is detached no gradient is computed") {
    Task task;
    Model& model = task.model;
    for_each_param(model.lstm, [](std::string_view, auto& p) { p.grad.setConstant(7); });
    const auto before = model.lstm;
    Adam<double> adam;
    Mat<double> grad;
    for (const bool detached : {true, false}) {
        const auto h = task.states(), logits = model.head(h);                   // nobody has looked at these:
        CHECK(detach(logits).all.value().data() == logits.all.value().data());  // detach() does
        zero_grad(model.head);
        backward(task.loss(detached ? detach(h) : h));
        CHECK(final_state(detach(h)).value() == final_state(h).value());
        CHECK(h.all.reached() == !detached);
        CHECK(same(model.lstm, before) == detached);
        if (detached) grad = model.head.W.grad;
        CHECK(model.head.W.grad == grad);  // of the head both ways the same
    }
    const auto W = model.head.W.value;
    adam.step(model.head);
    CHECK(model.head.W.value != W);
}
