// The names live beside those of std and Eigen, and beside a user's own.
#include "bptt/bptt.hpp"
#include "catch.hpp"

using namespace std;
using namespace Eigen;
using namespace bptt;

struct Model {
    Rnn<double> rnn;
    Linear<double> head;
    static void params(auto& m, auto&& f) {
        f("rnn", m.rnn);
        f("head", m.head);
    }
};

TEST_CASE("names: using namespace std, Eigen and bptt together") {
    Rng rng(1);
    Model model{{2, 3, rng}, {3, 2, rng}};
    Tape<double> tape;
    const auto x = tape.variable(Mat<double>::Ones(2, 4));
    const auto y = unroll(model.rnn, sequence(x, 2), lift(tape, zero_state(model.rnn, 2)));
    const auto loss = mean(square(tanh(model.head(y.h).all) + 1) % exp(x)) - max(sqrt(square(x) + 1));
    backward(loss);
    CHECK(isfinite(loss.item()));
    CHECK(values(final_state(y)).h.cols() == 2);
}
