#include "bptt/cells/rnn.hpp"
#include "support/fixture.hpp"

using namespace bptt;

TEST_CASE("pytorch: rnn, 1 to 3 layers, both directions, unequal lengths") {
    check_fixture<Rnn<double>, Rnn<float>>("rnn_tanh.txt", 6);
    check_fixture<Rnn<double, Activation::relu>, Rnn<float, Activation::relu>>("rnn_relu.txt", 6);
}
