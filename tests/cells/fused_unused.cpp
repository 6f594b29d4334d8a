#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/train/clip.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

/// What nobody asks for the gradient of sends none back, and changes no other.
template <class C> void check_unused() {
    Rng rng(1);
    const C cell(3, 4, rng);
    const Linear<double> head(4, 5, rng);
    const Mat<double> x = random_mat(3, 6, rng), h = random_mat(4, 2, rng);
    const Tokens targets({0, 1, 2, 3, 4, 0}, 2);
    const auto gradients = [&](bool unused_too) {
        zero_grad(cell), zero_grad(head);
        Tape<double> tape;
        const auto start = [&] { return map_state(zero_state(cell, 2), [&](const Mat<double>&) { return tape.variable(h); }); };
        const auto in = tape.variable(x);
        const auto s0 = start();
        if (unused_too) cross_entropy(head(unroll(cell, sequence(in, 2), s0).h), targets);
        const auto other = tape.variable(x);
        backward(cross_entropy(head(unroll(cell, sequence(other, 2), start()).h), targets));
        CHECK_FALSE(in.reached());
        for_each_field(s0, [](const auto& v) { CHECK_FALSE(v.reached()); });
        std::vector<Mat<double>> all{other.grad()};
        for_each_param(cell, [&](auto, const auto& p) { all.push_back(p.grad); });
        for_each_param(head, [&](auto, const auto& p) { all.push_back(p.grad); });
        return all;
    };
    CHECK(gradients(true) == gradients(false));
}

}  // namespace

TEST_CASE("fused: an output that is not used gives no gradients") {
    check_unused<Rnn<double>>();
    check_unused<Lstm<double, Peephole::full>>();
    check_unused<Gru<double, Reset::after>>();
}
