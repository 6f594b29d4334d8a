#include "errors/table.hpp"
#ifdef ONNX_ML
#include "bptt/io/onnx.hpp"

using namespace bptt;

namespace {

/// Calls f with a graph that has the input x of 3 features, and a generator for layers that do not fit it.
template <class F> void with_graph(F f) {
    OnnxGraph g;
    g.sequence("x", 3);
    Rng rng(1);
    f(g, OnnxSequence{"x", 3}, rng);
}

}  // namespace

Rows onnx_rows() {
    return {
        {"OnnxGraph", "options", "OnnxGraph: in the metadata, the key or the value of \"key\" is not UTF-8",
         [](World&) {
             OnnxGraph({.metadata = {{"key", "\xff"}}});
         }},
        {"OnnxGraph::tokens", "name", "OnnxGraph: two values are called \"x\"",
         [](World&) { with_graph([](auto& g, auto&&...) { g.tokens("x"); }); }},
        {"OnnxGraph::sequence", "name", "OnnxGraph: a name is empty or not UTF-8",
         [](World&) { OnnxGraph().sequence("\xff", 1); }},
        {"OnnxGraph::sequence", "features", "OnnxGraph: x has 0 features, not a positive number",
         [](World&) { OnnxGraph().sequence("x", 0); }},
        {"OnnxGraph::output", "x", "OnnxGraph: Identity reads \"none\", which is no value of this graph",
         [](World&) { with_graph([](auto& g, auto&&...) {
                          g.output({"none", 3}, "y");
                      }); }},
        {"OnnxGraph::output", "name", "OnnxGraph: two values are called \"x\"",
         [](World&) { with_graph([](auto& g, auto x, auto&) { g.output(x, "x"); }); }},
        {"OnnxGraph::state", "name", "OnnxGraph: two values are called \"x\"",
         [](World&) { with_graph([](auto& g, auto&&...) { g.state("x", 1); }); }},
        {"OnnxGraph::state", "units", "OnnxGraph: the state h has -1 units, not a positive number",
         [](World&) { OnnxGraph().state("h", -1); }},
        {"OnnxGraph::tensor", "name", "OnnxGraph: a name is empty or not UTF-8",
         [](World&) { OnnxGraph().tensor("", {1}, Mat<float>{{1}}); }},
        {"OnnxGraph::tensor", "shape, values", "OnnxGraph: the tensor W is 1x1, which is not as many elements as its shape",
         [](World&) { OnnxGraph().tensor("W", {2}, Mat<float>{{1}}); }},
        {"OnnxGraph::node", "inputs", "OnnxGraph: Tanh reads \"x\", which is no value of this graph",
         [](World&) { OnnxGraph().node("Tanh", {"x"}, {"y"}); }},
        {"OnnxGraph::node", "outputs", "OnnxGraph: two values are called \"x\"",
         [](World&) { with_graph([](auto& g, auto&&...) { g.node("Tanh", {"x"}, {"x"}); }); }},
        {"OnnxGraph::save", "file",
         "save_onnx: no/such/file: cannot open its folder: ", [](World&) { OnnxGraph().save("no/such/file"); }},
        {"add_nodes", "cell, x", "add_nodes: x has 3 features, the cell rnn reads 2",
         [](World&) { with_graph([](auto& g, auto x, auto& rng) { add_nodes(g, Rnn<float>(2, 4, rng), x, "rnn"); }); }},
        {"add_nodes", "layer", "add_nodes: x has 3 features, W of head is 4x2",
         [](World&) { with_graph([](auto& g, auto x, auto& rng) { add_nodes(g, Linear<float>(2, 4, rng), x, "head"); }); }},
        {"add_nodes", "stack", "add_nodes: the stack rnn has no layers (was it moved from?)",
         [](World&) {
             with_graph([](auto& g, auto x, auto& rng) {
                 Stacked<Gru<float>> stack(3, 4, 1, rng);
                 const auto moved = std::move(stack);
                 add_nodes(g, stack, x, "rnn");
             });
         }},
        {"add_nodes", "both", "add_nodes: x has 3 features, the cell rnn.forward reads 2",
         [](World&) {
             with_graph([](auto& g, auto x, auto& rng) { add_nodes(g, Bidirectional<Gru<float>>(2, 4, rng), x, "rnn"); });
         }},
        {"add_nodes", "tokens", "OnnxGraph: Gather reads \"ids\", which is no value of this graph",
         [](World&) { with_graph([](auto& g, auto, auto&) { add_nodes(g, OneHot<float>(5), OnnxTokens{"ids"}, "embed"); }); }},
        {"add_nodes", "name", "OnnxGraph: two values are called \"rnn.W\"",
         [](World&) {
             with_graph([](auto& g, auto x, auto& rng) {
                 for (int k = 0; k < 2; ++k) add_nodes(g, Gru<float>(3, 4, rng), x, "rnn");
             });
         }},
        {"save_onnx", "file", "save_onnx: no/such/file: cannot open its folder: ",
         [](World&) {
             Rng rng(1);
             save_onnx("no/such/file", LanguageModel<Gru<float>>(5, {3, 4, rng}, rng));
         }},
        {"save_onnx", "model", "add_nodes: y has 4 features, W of head is 5x3",
         [](World&) {
             Rng rng(1);
             LanguageModel<Gru<float>> model(5, {3, 4, rng}, rng);
             model.head = {3, 5, rng};
             save_onnx("no/such/file", model);
         }},
        {"save_onnx", "options", "OnnxGraph: in the metadata, the key or the value of \"key\" is not UTF-8",
         [](World&) {
             Rng rng(1);
             save_onnx("no/such/file", LanguageModel<Gru<float>>(5, {3, 4, rng}, rng), {.metadata = {{"key", "\xff"}}});
         }},
    };
}
#else
Rows onnx_rows() { return {}; }
#endif
