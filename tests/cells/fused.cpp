#include "bptt/cells/fused.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/cells/unroll.hpp"
#include "catch.hpp"
#include "support/shapes.hpp"

using namespace bptt;

namespace {

/// Every parameter in turn gets a row or a column too many, and is named with both shapes.
template <class C> void check_misshapen() {
    Rng rng(1);
    const C right(3, 4, rng);
    const Tokens tokens({0, 1, 2, 1}, 2);
    std::vector<std::string> names;
    for_each_param(right, [&](std::string_view name, const auto&) { names.emplace_back(name); });
    for (const std::string& wrong : names)
        for (const bool wider : {false, true}) {
            if (wider && wrong == "Wx") continue;  // a cell of more inputs
            if (wrong == "Wh" && wider) continue;  // a cell of more units: the state does not fit
            C cell = right;
            std::string shapes;
            for_each_param(cell, [&](std::string_view name, auto& p) {
                if (name != wrong) return;
                shapes = text(shape(Mat<double>(p.rows() + !wider, p.cols() + wider))) + ", not " + text(shape(p));
                p = Param<double>(p.rows() + !wider, p.cols() + wider);
            });
            Tape<double> tape;
            const auto s0 = zero_state(right, 2);
            const auto xs = sequence(tape.constant(Mat<double>::Ones(3, 4)), 2);
            INFO(wrong);
            CHECK_THROWS_WITH(unroll(cell, one_hot(tape, tokens, 3), s0),
                              ContainsSubstring("unroll: the cell's " + wrong + " is " + shapes));
            CHECK_THROWS_WITH(unroll(cell, xs, s0), ContainsSubstring("unroll: the cell's " + wrong + " is " + shapes));
        }
}

}  // namespace

TEST_CASE("fused: parameters of another shape are named") {
    check_misshapen<Rnn<double>>();
    check_misshapen<Lstm<double, Peephole::current>>();
    check_misshapen<Lstm<double, Peephole::full>>();
    check_misshapen<Gru<double, Reset::after>>();
}
