#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"

namespace bptt::detail {

/// Whether torch.nn has that layer, as RNN, LSTM or GRU.
template <class L> inline constexpr bool is_pytorch_layer = false;
template <class T, Activation A> inline constexpr bool is_pytorch_layer<Rnn<T, A>> = true;
template <class T, Peephole P> inline constexpr bool is_pytorch_layer<Lstm<T, P>> = true;
template <class T, Reset R> inline constexpr bool is_pytorch_layer<Gru<T, R>> = true;
template <class L> inline constexpr bool is_pytorch_layer<Bidirectional<L>> = is_pytorch_layer<L>;

template <class X> inline constexpr bool is_pytorch_stack = false;
template <class L> inline constexpr bool is_pytorch_stack<Stacked<L>> = is_pytorch_layer<L>;
template <class X> inline constexpr bool is_embedding = false;
template <class T> inline constexpr bool is_embedding<Embedding<T>> = true;

template <class C> inline constexpr bool resets_before = false;
template <class T> inline constexpr bool resets_before<Gru<T, Reset::before>> = true;
template <class C> inline constexpr bool has_peepholes = false;
template <class T, Peephole P> inline constexpr bool has_peepholes<Lstm<T, P>> = P != Peephole::none;
template <class C> inline constexpr bool is_linear_rnn = false;
template <class T> inline constexpr bool is_linear_rnn<Rnn<T, Activation::identity>> = true;

/// One cell: PyTorch's row blocks are ours, i f g o and r z n. `suffix`: _l0, _l0_reverse, …
template <class C, class F>
void each_pytorch_tensor(const std::string& ours, const std::string& path, const std::string& suffix, C& cell, F& f) {
    using Cell = std::remove_const_t<C>;
    static_assert(!resets_before<Cell>,
                  "PyTorch's GRU applies its reset gate after the product: take Gru<T, Reset::after>; "
                  "with Reset::before the same weights make another network");
    static_assert(!has_peepholes<Cell>, "PyTorch's LSTM has no peepholes: take Lstm<T>");
    static_assert(!is_linear_rnn<Cell>, "PyTorch's RNN is tanh or relu: there is no Rnn<T, Activation::identity>");
    f.matrix(ours + "Wx", path + "weight_ih" + suffix, cell.Wx);
    f.matrix(ours + "Wh", path + "weight_hh" + suffix, cell.Wh);
    const std::vector<std::string> biases{path + "bias_ih" + suffix, path + "bias_hh" + suffix};
    if constexpr (requires { cell.bh; })
        f.bias(ours + "b", path + "weight_ih" + suffix, biases, cell.b, &cell.bh);
    else
        f.bias(ours + "b", path + "weight_ih" + suffix, biases, cell.b);
}
template <class L, class F>
void each_pytorch_layer(const std::string& ours, const std::string& path, const std::string& suffix, L& layer, F& f) {
    if constexpr (requires { layer.backward; }) {
        each_pytorch_tensor(ours + "forward.", path, suffix, layer.forward, f);
        each_pytorch_tensor(ours + "backward.", path, suffix + "_reverse", layer.backward, f);
    } else {
        each_pytorch_tensor(ours, path, suffix, layer, f);
    }
}

template <class F> struct PytorchVisitor;

/// Calls f for each parameter of a part, with our name, and what state_dict() of a module of the same structure calls it:
///   f.matrix(ours, theirs, p)                 the same matrix, or vector
///   f.transposed(ours, theirs, p)
///   f.bias(ours, weight, {theirs…}, b, bh)    the sum of one or two vectors, none where bias=False, beside `weight`; of two,
///                                             the second's last rows are bh if it is given, the rest is added
/// `path`: "" or the part's name and a dot. f.suffix(path) is what follows "weight_ih" of a layer that is no stack.
template <class X, class F> void each_pytorch(const std::string& path, X& x, F& f) {
    using Value = std::remove_const_t<X>;
    if constexpr (is_pytorch_layer<Value>) {
        each_pytorch_layer(path, path, f.suffix(path), x, f);
    } else if constexpr (is_pytorch_stack<Value>) {
        for (std::size_t k = 0; k < x.layers.size(); ++k) {
            throw_unless(x.layers[k].outputs() == x.layers[0].outputs(), f.where(), ": all layers of PyTorch's stack have one ",
                         "width; of ", path.empty() ? "the model, " : path, "0 has ", x.layers[0].outputs(), " outputs, ", k,
                         " has ", x.layers[k].outputs());
            each_pytorch_layer(path + std::to_string(k) + '.', path, "_l" + std::to_string(k), x.layers[k], f);
        }
    } else if constexpr (is_linear<Value>) {
        f.matrix(path + "W", path + "weight", x.W);
        f.bias(path + "b", path + "weight", {path + "bias"}, x.b);
    } else if constexpr (is_embedding<Value>) {
        f.transposed(path + "E", path + "weight", x.E);
    } else {
        Value::params(x, PytorchVisitor<F>{path, f});
    }
}

template <class F> struct PytorchVisitor {
    const std::string& path;
    F& f;

    void operator()(std::string_view name, auto& field) const {
        const std::string own = path + std::string(name);
        if constexpr (is_param<std::remove_cvref_t<decltype(field)>>)
            f.matrix(own, own, field);
        else
            each_pytorch(own + '.', field, f);
    }
    template <class X> void operator()(LeftOut<X>) const {}
};

}  // namespace bptt::detail
