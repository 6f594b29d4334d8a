#include "bptt/cells/rnn.hpp"

#include "support/cells.hpp"
#include "support/reference.hpp"

using namespace bptt;

static_assert(Cell<Rnn<float>> && Cell<Rnn<double, Activation::relu>> && Cell<Rnn<double, Activation::identity>>);

TEST_CASE("rnn: gradients") {
    Rng rng(1);
    check_gradients<Rnn<double>>(rng);
    check_gradients<Rnn<double, Activation::identity>>(rng);
}

TEST_CASE("rnn: gradients with relu") {
    Rng rng(2);
    for (const std::vector<Index>& lengths : {std::vector<Index>{4, 4, 4}, {4, 0, 2}, {1, 4, 3}}) {
        Rnn<double, Activation::relu> cell(3, 6, rng);
        cell.Wx.value *= 0.1;
        cell.Wh.value *= 0.1;
        cell.b.value << 2, -2, 2, -2, 2, -2;  // units that are always on or always off: no kink is near
        CHECK(gradcheck_layer(cell, 3, lengths, rng));
    }
}

TEST_CASE("rnn: follows its equation") {
    reference::check<Rnn<double>>(reference::rnn([](double x) { return std::tanh(x); }));
    reference::check<Rnn<double, Activation::relu>>(reference::rnn([](double x) { return x > 0 ? x : 0; }));
    reference::check<Rnn<double, Activation::identity>>(reference::rnn([](double x) { return x; }));
}
