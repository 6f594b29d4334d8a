#include "bptt/io/onnx_layers.hpp"

#include "catch.hpp"
#include "onnx/graph.hpp"

using namespace bptt;

namespace mine {

/// y = x + x
struct Doubled {
    using Scalar = float;
    template <class V> using State = HiddenState<V>;
    static void params(auto&, auto&&) {}
    Index inputs() const { return 2; }
    Index outputs() const { return 2; }
    State<Mat<float>> zero_state(Index batch) const { return {Mat<float>::Zero(2, batch)}; }
};
OnnxSequence add_nodes(OnnxGraph& g, const Doubled&, const OnnxSequence& x, const std::string& name) {
    g.node("Add", {x.name, x.name}, {name + ".y"});
    return {name + ".y", 2, x.reversed};
}

}  // namespace mine

namespace {

/// Each parameter counts on from the one before, row by row: 1, 2, 3, …
template <HasParams M> M counted(M model) {
    float k = 0;
    for_each_param(model, [&](std::string_view, Param<float>& p) {
        for (Index r = 0; r < p.rows(); ++r)
            for (Index c = 0; c < p.cols(); ++c) p.value(r, c) = ++k;
    });
    return model;
}
template <class L> onnx::ModelProto model_of(const L& layer, const std::string& name = "", const OnnxOptions& options = {}) {
    OnnxGraph g(options);
    g.output(add_nodes(g, layer, g.sequence("x", layer.inputs()), name), "out");
    return saved_model([&](const auto& file) { g.save(file); });
}
std::string attribute(const onnx::ModelProto& model, int node, const std::string& name) {
    for (const auto& a : model.graph().node(node).attribute())
        if (a.name() == name) {
            if (a.type() == onnx::AttributeProto::STRING) return a.s();
            if (a.type() == onnx::AttributeProto::STRINGS) return a.strings(0);
            return a.type() == onnx::AttributeProto::INT ? std::to_string(a.i()) : std::to_string(a.floats(0));
        }
    return "none";
}
using Numbers = std::vector<float>;

}  // namespace

TEST_CASE("an LSTM's gates go from i, f, g, o to i, o, f, g, and the second of ONNX's biases is zero") {
    Rng rng(1);
    const auto model = model_of(counted(Lstm<float>(2, 1, rng)), "rnn");
    CHECK(numbers(model, "rnn.W") == Numbers{1, 2, 7, 8, 3, 4, 5, 6});
    CHECK(numbers(model, "rnn.R") == Numbers{9, 12, 10, 11});
    CHECK(numbers(model, "rnn.B") == Numbers{13, 16, 14, 15, 0, 0, 0, 0});
    CHECK(nodes(model) ==
          "LSTM(x,rnn.W,rnn.R,rnn.B,,rnn.h,rnn.c) -> rnn.Y,rnn.h_out,rnn.c_out; "
          "Squeeze(rnn.Y,rnn.directions) -> rnn.y; Identity(rnn.y) -> out; ");
    CHECK(described(model.graph().input()) == "x float [steps,batch,2]; rnn.h float [1,batch,1]; rnn.c float [1,batch,1]; ");
    CHECK(described(model.graph().output()) ==
          "rnn.h_out float [1,batch,1]; rnn.c_out float [1,batch,1]; out float [steps,batch,1]; ");
    CHECK(attribute(model, 0, "hidden_size") == "1");
    CHECK(attribute(model, 0, "direction") == "forward");
}

TEST_CASE("the blocks of several units stay whole") {
    Rng rng(1);
    CHECK(numbers(model_of(counted(Gru<float>(1, 2, rng))), "W") == Numbers{3, 4, 1, 2, 5, 6});
    CHECK(numbers(model_of(counted(Gru<float, Reset::after>(1, 2, rng))), "B") ==
          Numbers{21, 22, 19, 20, 23, 24, 0, 0, 0, 0, 25, 26});
    CHECK(numbers(model_of(counted(Lstm<float, Peephole::current>(1, 2, rng))), "P") == Numbers{33, 34, 37, 38, 35, 36});
}

TEST_CASE("peepholes go from i, f, o to i, o, f, after the states") {
    Rng rng(1);
    const auto model = model_of(counted(Lstm<float, Peephole::current>(1, 1, rng)));
    CHECK(numbers(model, "P") == Numbers{13, 15, 14});
    CHECK_THAT(nodes(model), ContainsSubstring("LSTM(x,W,R,B,,h,c,P) -> Y,h_out,c_out; "));
}

TEST_CASE("a GRU's gates go from r, u, n to u, r, n, and bh is the second bias of n") {
    Rng rng(1);
    const auto before = model_of(counted(Gru<float>(1, 1, rng)));
    CHECK(numbers(before, "W") == Numbers{2, 1, 3});
    CHECK(numbers(before, "R") == Numbers{5, 4, 6});
    CHECK(numbers(before, "B") == Numbers{8, 7, 9, 0, 0, 0});
    CHECK(attribute(before, 0, "linear_before_reset") == "0");
    const auto after = model_of(counted(Gru<float, Reset::after>(1, 1, rng)));
    CHECK(numbers(after, "B") == Numbers{8, 7, 9, 0, 0, 10});
    CHECK(attribute(after, 0, "linear_before_reset") == "1");
}

TEST_CASE("an RNN names its activation") {
    Rng rng(1);
    CHECK(attribute(model_of(Rnn<float>(1, 1, rng)), 0, "activations") == "Tanh");
    CHECK(attribute(model_of(Rnn<float, Activation::relu>(1, 1, rng)), 0, "activations") == "Relu");
    const auto identity = model_of(Rnn<float, Activation::identity>(1, 1, rng));
    CHECK(attribute(identity, 0, "activations") == "Affine");
    CHECK(std::stof(attribute(identity, 0, "activation_alpha")) == 1);
    CHECK(std::stof(attribute(identity, 0, "activation_beta")) == 0);
}

TEST_CASE("lengths reach every cell, and layers and directions have states of their own") {
    Rng rng(1);
    const Stacked<Bidirectional<Rnn<float>>> stack(1, 1, 2, rng);
    const auto model = model_of(stack, "", {.lengths = true});
    CHECK_THAT(nodes(model), ContainsSubstring("RNN(x,0.forward.W,0.forward.R,0.forward.B,lengths,0.forward.h) -> "
                                               "0.forward.Y,0.forward.h_out; "));
    CHECK_THAT(nodes(model), ContainsSubstring("Concat(0.forward.y,0.backward.y) -> 0.y; "));
    CHECK_THAT(nodes(model), ContainsSubstring("RNN(0.y,1.backward.W,1.backward.R,1.backward.B,lengths,1.backward.h) -> "));
    CHECK(attribute(model, 0, "direction") == "forward");
    CHECK(attribute(model, 2, "direction") == "reverse");
}

TEST_CASE("a stack may have one layer") {
    Rng rng(1);
    CHECK_THAT(nodes(model_of(Stacked<Rnn<float>>(1, 1, 1, rng))),
               ContainsSubstring("RNN(x,0.W,0.R,0.B,,0.h) -> 0.Y,0.h_out; "));
}

TEST_CASE("a layer of the user's own adds nodes of its own, in a stack too") {
    const Stacked<mine::Doubled> stack({mine::Doubled(), mine::Doubled()});
    CHECK(nodes(model_of(stack, "rnn")) == "Add(x,x) -> rnn.0.y; Add(rnn.0.y,rnn.0.y) -> rnn.1.y; Identity(rnn.1.y) -> out; ");
}

TEST_CASE("an embedding's columns become rows, and W of a Linear is transposed") {
    Rng rng(1);
    OnnxGraph g;
    const auto x = add_nodes(g, counted(Embedding<float>(3, 2, rng)), g.tokens("ids"), "embed");
    g.output(add_nodes(g, counted(Linear<float>(2, 3, rng)), x, "head"), "out");
    const auto model = saved_model([&](const auto& file) { g.save(file); });
    CHECK(numbers(model, "embed.E") == Numbers{1, 4, 2, 5, 3, 6});
    CHECK(numbers(model, "head.W") == Numbers{1, 3, 5, 2, 4, 6});
    CHECK(numbers(model, "head.b") == Numbers{7, 8, 9});
    CHECK(nodes(model) ==
          "Gather(embed.E,ids) -> embed.y; MatMul(embed.y,head.W) -> head.Wx; "
          "Add(head.Wx,head.b) -> head.y; Identity(head.y) -> out; ");
}

TEST_CASE("one-hot indices go through a Gather, which refuses those that are too large") {
    OnnxGraph g;
    g.output(add_nodes(g, OneHot<float>(5), g.tokens("ids"), "embed"), "out");
    const auto model = saved_model([&](const auto& file) { g.save(file); });
    CHECK(nodes(model) ==
          "Gather(embed.indices,ids) -> embed.index; "
          "OneHot(embed.index,embed.tokens,embed.off_on) -> embed.y; Identity(embed.y) -> out; ");
    CHECK(described(model.graph().output()) == "out float [steps,batch,5]; ");
}

TEST_CASE("a layer that does not fit what it reads is refused, and so is one whose parameters do not fit each other") {
    Rng rng(1);
    OnnxGraph g;
    const auto x = g.sequence("x", 3);
    CHECK_THROWS_WITH(add_nodes(g, Gru<float>(2, 4, rng), x, "gru"), "add_nodes: x has 3 features, the cell gru reads 2");
    CHECK_THROWS_WITH(add_nodes(g, Linear<float>(2, 4, rng), x, "head"), "add_nodes: x has 3 features, W of head is 4x2");
    Linear<float> head(3, 4, rng);
    head.b = Param<float>(5, 1);
    CHECK_THROWS_WITH(add_nodes(g, head, x, "head"), "add_nodes: W of head is 4x3, b is 5x1");
    const auto refused = [](const auto& cell, const std::string& words) {
        OnnxGraph fresh;
        CHECK_THROWS_WITH(add_nodes(fresh, cell, fresh.sequence("x", 3), ""),
                          "add_nodes: the cell's " + words + ", though it has 4 units");
    };
    const Lstm<float, Peephole::current> right(3, 4, rng);
    auto lstm = right;
    lstm.Wx = Param<float>(15, 3), refused(lstm, "Wx is 15x3, not 16x3");
    lstm = right, lstm.Wh = Param<float>(15, 4), refused(lstm, "Wh is 15x4, not 16x4");
    lstm = right, lstm.b = Param<float>(16, 2), refused(lstm, "b is 16x2, not 16x1");
    lstm = right, lstm.Pi = Param<float>(4, 4), refused(lstm, "Pi is 4x4, not 4x1");
    lstm = right, lstm.Pf = Param<float>(5, 1), refused(lstm, "Pf is 5x1, not 4x1");
    lstm = right, lstm.Po = Param<float>(1, 4), refused(lstm, "Po is 1x4, not 4x1");
    Gru<float, Reset::after> gru(3, 4, rng);
    gru.bh = Param<float>(3, 1), refused(gru, "bh is 3x1, not 4x1");
    Stacked<Gru<float>> stack(3, 4, 1, rng);
    const auto moved = std::move(stack);
    CHECK_THROWS_WITH(add_nodes(g, stack, x, "rnn"), "add_nodes: the stack rnn has no layers (was it moved from?)");
}
