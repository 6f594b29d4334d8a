#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/io/onnx_graph.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/one_hot.hpp"
#include "bptt/nets/stacked.hpp"

// add_nodes(graph, layer, x, name): the ONNX nodes of each layer. Values are called after the layer: with the name "rnn", a
// Stacked<Lstm<float>> has the inputs rnn.0.h and rnn.0.c, and the outputs rnn.0.h_out and rnn.0.c_out; with an empty name 0.h.

namespace bptt {

namespace detail {

inline std::string dotted(const std::string& name, const std::string& part) { return name.empty() ? part : name + "." + part; }

/// The row blocks of a cell's parameter, one a gate, in the order of ONNX: block order[k] becomes block k. Throws unless each
/// block is units × cols.
template <class T>
Mat<T> in_onnx_order(std::string_view name, const Param<T>& p, Index units, Index cols, const std::vector<Index>& order) {
    const Shape expected{.rows = static_cast<Index>(order.size()) * units, .cols = cols};
    throw_unless(shape(p) == expected, "add_nodes: the cell's ", name, " is ", shape(p), ", not ", expected, ", though it has ",
                 units, " units");
    Mat<T> sorted(p.rows(), cols);
    for (Index k = 0; const Index block : order)
        sorted.middleRows(k++ * units, units) = p.value.middleRows(block * units, units);
    return sorted;
}

/// What ONNX's RNN, LSTM and GRU have in common: weights W, R and B = [Wb, Rb], and the state. order: the cell's block for each
/// gate of ONNX. recurrent_bias: Rb. peepholes: the name of the tensor P, if there is one.
template <FusedCell C, class T = typename C::Scalar>
OnnxSequence add_recurrent(OnnxGraph& g, const std::string& op, const C& cell, const OnnxSequence& x, const std::string& name,
                           const std::vector<Index>& order, const Mat<T>& recurrent_bias,
                           std::vector<onnx::AttributeProto> attributes, const std::string& peepholes = "") {
    throw_unless(x.features == cell.inputs(), "add_nodes: ", x.name, " has ", x.features, " features, the cell ", name,
                 " reads ", cell.inputs());
    const Index H = cell.units(), rows = static_cast<Index>(order.size()) * H;
    Mat<T> b(2 * rows, 1);
    b << in_onnx_order("b", cell.b, H, 1, order), recurrent_bias;
    const std::string W = g.tensor(dotted(name, "W"), {1, rows, cell.inputs()},
                                   in_onnx_order("Wx", cell.Wx, H, cell.inputs(), order)),
                      R = g.tensor(dotted(name, "R"), {1, rows, H}, in_onnx_order("Wh", cell.Wh, H, H, order)),
                      B = g.tensor(dotted(name, "B"), {1, 2 * rows}, b);
    std::vector<std::string> inputs = {x.name, W, R, B, g.lengths()}, outputs = {dotted(name, "Y")};
    const auto state = zero_state(cell, 0);
    for_each_named_field(state, [&](const std::string& field, const auto&) {
        inputs.push_back(dotted(name, field));
        outputs.push_back(g.state(dotted(name, field), H));
    });
    if (!peepholes.empty()) inputs.push_back(peepholes);
    attributes.push_back(onnx_attribute("hidden_size", H));
    attributes.push_back(onnx_attribute("direction", std::string(x.reversed ? "reverse" : "forward")));
    g.node(op, inputs, outputs, attributes);
    const std::string axis = g.tensor(dotted(name, "directions"), {1}, Mat<std::int64_t>(Mat<std::int64_t>::Constant(1, 1, 1)));
    g.node("Squeeze", {outputs[0], axis}, {dotted(name, "y")});
    return {dotted(name, "y"), H, x.reversed};
}

}  // namespace detail

/// RNN. The identity is the activation Affine, 1 x + 0.
template <class T, Activation A>
OnnxSequence add_nodes(OnnxGraph& g, const Rnn<T, A>& cell, const OnnxSequence& x, const std::string& name) {
    const std::string activation = A == Activation::tanh ? "Tanh" : A == Activation::relu ? "Relu" : "Affine";
    std::vector attributes = {onnx_attribute("activations", std::vector{activation})};
    if constexpr (A == Activation::identity)
        for (const auto& [factor, value] : {std::pair("activation_alpha", 1.0f), std::pair("activation_beta", 0.0f)})
            attributes.push_back(onnx_attribute(factor, std::vector{value}));
    return detail::add_recurrent(g, "RNN", cell, x, name, {0}, Mat<T>(Mat<T>::Zero(cell.units(), 1)), attributes);
}

/// LSTM, whose gates are i, o, f, g and whose peepholes are Pi, Po, Pf.
template <class T, Peephole P>
OnnxSequence add_nodes(OnnxGraph& g, const Lstm<T, P>& cell, const OnnxSequence& x, const std::string& name) {
    static_assert(P == Peephole::none || P == Peephole::current,
                  "ONNX has only the peepholes of Peephole::current: diagonal ones, where o sees the new cell state");
    std::string peepholes;
    if constexpr (P == Peephole::current) {
        const Index H = cell.units();
        const Mat<T> Pi = detail::in_onnx_order("Pi", cell.Pi, H, 1, {0}), Po = detail::in_onnx_order("Po", cell.Po, H, 1, {0}),
                     Pf = detail::in_onnx_order("Pf", cell.Pf, H, 1, {0});
        Mat<T> p(3 * H, 1);
        p << Pi, Po, Pf;
        peepholes = g.tensor(detail::dotted(name, "P"), {1, 3 * H}, p);
    }
    return detail::add_recurrent(g, "LSTM", cell, x, name, {0, 3, 1, 2}, Mat<T>(Mat<T>::Zero(4 * cell.units(), 1)), {},
                                 peepholes);
}

/// GRU, whose gates are u, r, n. With the reset after the product, bh is added inside it: the recurrent bias of n.
template <class T, Reset R>
OnnxSequence add_nodes(OnnxGraph& g, const Gru<T, R>& cell, const OnnxSequence& x, const std::string& name) {
    Mat<T> recurrent_bias = Mat<T>::Zero(3 * cell.units(), 1);
    if constexpr (R == Reset::after)
        recurrent_bias.bottomRows(cell.units()) = detail::in_onnx_order("bh", cell.bh, cell.units(), 1, {0});
    return detail::add_recurrent(g, "GRU", cell, x, name, {1, 0, 2}, recurrent_bias,
                                 {onnx_attribute("linear_before_reset", R == Reset::after ? 1 : 0)});
}

/// The layers one after the other; dropout is off, as in every run that does not train.
template <class L>
OnnxSequence add_nodes(OnnxGraph& g, const Stacked<L>& stack, const OnnxSequence& x, const std::string& name) {
    throw_unless(stack.depth() > 0, "add_nodes: the stack ", name, " has no layers (was it moved from?)");
    OnnxSequence y = x;
    for (std::size_t k = 0; k < stack.layers.size(); ++k)
        y = add_nodes(g, stack.layers[k], y, detail::dotted(name, std::to_string(k)));
    return y;
}

/// A layer for each direction, and Concat: two nodes rather than one that is bidirectional, as each has a state of its own name
/// and may be of any kind and width.
template <class L>
OnnxSequence add_nodes(OnnxGraph& g, const Bidirectional<L>& both, const OnnxSequence& x, const std::string& name) {
    const OnnxSequence ahead = add_nodes(g, both.forward, x, detail::dotted(name, "forward")),
                       back = add_nodes(g, both.backward, {x.name, x.features, !x.reversed}, detail::dotted(name, "backward"));
    g.node("Concat", {ahead.name, back.name}, {detail::dotted(name, "y")}, {onnx_attribute("axis", 2)});
    return {detail::dotted(name, "y"), ahead.features + back.features, x.reversed};
}

/// Gather: a runtime refuses an index outside of −tokens..tokens − 1; −1 is the last token.
template <class T>
OnnxSequence add_nodes(OnnxGraph& g, const Embedding<T>& embed, const OnnxTokens& tokens, const std::string& name) {
    const Mat<T> rows = embed.E.value.transpose();  // a row a token
    const std::string E = g.tensor(detail::dotted(name, "E"), {rows.rows(), rows.cols()}, rows);
    g.node("Gather", {E, tokens.name}, {detail::dotted(name, "y")});
    return {detail::dotted(name, "y"), rows.cols()};
}

/// OneHot. It would turn an index that is too large into zeros, so the index goes through a Gather from 0, 1, …, which a
/// runtime then refuses; −1 is the last token.
template <class T>
OnnxSequence add_nodes(OnnxGraph& g, const OneHot<T>& embed, const OnnxTokens& tokens, const std::string& name) {
    const auto part = [&](const char* what) { return detail::dotted(name, what); };
    using Indices = Mat<std::int64_t>;
    const Indices all = Indices::NullaryExpr(embed.tokens, 1, [](Index k, Index) { return k; });
    g.node("Gather", {g.tensor(part("indices"), {embed.tokens}, all), tokens.name}, {part("index")});
    const std::string depth = g.tensor(part("tokens"), {1}, Indices(Indices::Constant(1, 1, embed.tokens))),
                      values = g.tensor(part("off_on"), {2}, Mat<T>{{T(0)}, {T(1)}});
    g.node("OneHot", {part("index"), depth, values}, {part("y")});
    return {part("y"), embed.tokens};
}

/// MatMul and Add.
template <class T>
OnnxSequence add_nodes(OnnxGraph& g, const Linear<T>& layer, const OnnxSequence& x, const std::string& name) {
    const Mat<T>&W = layer.W.value, &b = layer.b.value;
    throw_unless(W.cols() == x.features, "add_nodes: ", x.name, " has ", x.features, " features, W of ", name, " is ",
                 shape(W));
    throw_unless(b.rows() == W.rows() && b.cols() == 1, "add_nodes: W of ", name, " is ", shape(W), ", b is ", shape(b));
    const auto part = [&](const char* what) { return detail::dotted(name, what); };
    g.node("MatMul", {x.name, g.tensor(part("W"), {W.cols(), W.rows()}, Mat<T>(W.transpose()))}, {part("Wx")});
    g.node("Add", {part("Wx"), g.tensor(part("b"), {b.rows()}, b)}, {part("y")});
    return {part("y"), W.rows(), x.reversed};
}

}  // namespace bptt
