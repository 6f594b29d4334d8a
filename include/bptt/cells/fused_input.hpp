#pragma once

#include "bptt/autograd/tape.hpp"
#include "bptt/kernels/inputs.hpp"

// The two kinds of input that a fused cell reads, as they are on a tape, and as its kernel sees them. Wx and b are the cell's.

namespace bptt::detail {

/// Input columns of features: x is features × columns; z begins as W_x x, and W_h h is added to it.
template <class T> struct FeatureInput {
    Var<T> x;

    /// How many numbers the packed W_x has, and its packed transpose: 0 where x needs no gradient.
    Index packed_size(Var<T> Wx) const { return kernels::packed_size<T>(Wx.rows(), Wx.cols()); }
    Index packed_back_size(Var<T> Wx) const { return x.tracked() ? kernels::packed_size<T>(Wx.cols(), Wx.rows()) : 0; }

    /// For the forward pass; Wx_packed: packed_size() numbers, out, valid as long as the result is used.
    kernels::FeatureColumns<T> for_forward(Var<T> Wx, Var<T> b, T* Wx_packed) const {
        kernels::pack(Wx.value().data(), 1, Wx.rows(), Wx.rows(), Wx.cols(), Wx_packed);
        return {.gate_rows = Wx.rows(),
                .features = Wx.cols(),
                .b = b.value().data(),
                .x = x.value().data(),
                .Wx_packed = Wx_packed};
    }
    /// For the backward pass; Wx_packed_back: packed_back_size() numbers, out, valid as long as the result is used.
    kernels::FeatureGradients<T> for_backward(Var<T> Wx, Var<T> b, T* Wx_packed_back) const {
        if (x.tracked()) kernels::pack(Wx.value().data(), Wx.rows(), 1, Wx.cols(), Wx.rows(), Wx_packed_back);
        return {.gate_rows = Wx.rows(),
                .features = Wx.cols(),
                .x = x.value().data(),
                .maybe_Wx_packed_back = x.tracked() ? Wx_packed_back : nullptr,
                .dWx = gradient_data(Wx),
                .db = gradient_data(b),
                .maybe_dx = gradient_data(x)};
    }
};

/// Class indices: table is W_x E, a column for each class, with the embedding matrix E, or W_x itself for one-hot input. Column
/// k of the layout has the class tokens[k]. The tokens live until the tape's clear().
template <class T> struct TableInput {
    Var<T> table;
    const Index* tokens;

    Index packed_size(Var<T>) const { return 0; }
    Index packed_back_size(Var<T>) const { return 0; }
    kernels::TableColumns<T> for_forward(Var<T> Wx, Var<T> b, T*) const {
        return {.gate_rows = Wx.rows(), .b = b.value().data(), .table = table.value().data(), .tokens = tokens};
    }
    kernels::TableGradients<T> for_backward(Var<T> Wx, Var<T> b, T*) const {
        return {.gate_rows = Wx.rows(), .tokens = tokens, .db = gradient_data(b), .maybe_dtable = gradient_data(table)};
    }
};

}  // namespace bptt::detail
