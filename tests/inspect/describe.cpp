#include "bptt/inspect/describe.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"
#include "catch.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

namespace {

struct Model {
    Embedding<float> embed;
    Stacked<Gru<float>> layers;
    Linear<float> head;
    BPTT_PARAMS(embed, layers, head)
};

/// Its output weights are the table of the input.
struct Tied {
    Embedding<double> embed;
    Param<double> b{1000, 1};
    static void params(auto& m, auto&& f) { f("embed", m.embed), f("out", m.embed), f("b", m.b); }
};

struct Nothing {
    static void params(auto&, auto&&) {}
};
struct Unset {
    Param<float> p;
    BPTT_PARAMS(p)
};

}  // namespace

TEST_CASE("describe: a line for each parameter and the total") {
    Rng rng(1);
    const Model model{{65, 8, rng}, {8, 32, 2, rng}, {32, 65, rng}};
    CHECK(describe(model) ==
          "parameter    shape  count\n"
          "embed.E      8x65     520\n"
          "layers.0.Wx  96x8     768\n"
          "layers.0.Wh  96x32   3072\n"
          "layers.0.b   96x1      96\n"
          "layers.1.Wx  96x32   3072\n"
          "layers.1.Wh  96x32   3072\n"
          "layers.1.b   96x1      96\n"
          "head.W       65x32   2080\n"
          "head.b       65x1      65\n"
          "total               12841\n");
    CHECK(parameter_count(model) == 12841);
}

TEST_CASE("describe: a tied parameter stands under each name, and counts once") {
    Rng rng(1);
    const Tied model{{1000, 4, rng}};
    const std::string expected =
        "parameter  shape   count\n"
        "embed.E    4x1000   4000\n"
        "out.E      4x1000         tied, counted as embed.E\n"
        "b          1000x1   1000\n"
        "total               5000\n";
    CHECK(describe(model) == expected);
    const CommaLocale commas;
    CHECK(describe(model) == expected);
}

TEST_CASE("describe: a model without parameters, and one without numbers") {
    CHECK(describe(Nothing()) ==
          "parameter  shape  count\n"
          "total                 0\n");
    CHECK(describe(Unset()) ==
          "parameter  shape  count\n"
          "p          0x0        0\n"
          "total                 0\n");
}
