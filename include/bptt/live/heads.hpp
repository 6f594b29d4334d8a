#pragma once

#include <cmath>
#include <string_view>
#include <type_traits>

#include "bptt/cells/fused.hpp"
#include "bptt/cells/layer_norm_lstm.hpp"
#include "bptt/live/step.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/activation.hpp"

namespace bptt {

/// A head, a Linear that is const or not, and what its output goes through: Activated{head, Activation::tanh}.
template <class Head> struct Activated {
    Head& linear;
    live::Activation activation;

    Activated(Head& head, live::Activation a) : linear(head), activation(a) {}
    Activated(Head& head, Activation a) : linear(head), activation(static_cast<live::Activation>(a)) {}
};

namespace detail {

template <class Head> auto activated(Head& head) {
    static_assert(is_linear<std::remove_const_t<Head>>, "a head is a Linear, or Activated{linear, Activation::tanh}");
    return Activated<Head>{head, live::Activation::identity};
}
template <class Head> Activated<Head> activated(const Activated<Head>& head) { return head; }
template <class Head> Activated<Head> activated(Activated<Head>& head) { return head; }

template <class T> void check_params(const LayerNormLstm<T>& cell, const char* what) {
    const Index H = cell.units();
    LayerNormLstm<T>::params(cell, [&](std::string_view name, const auto& p) {
        const Shape expected{.rows = name == "gc" || name == "bc" ? H : 4 * H,
                             .cols = name == "Wx"   ? cell.inputs()
                                     : name == "Wh" ? H
                                                    : 1};
        throw_unless(shape(p) == expected, what, ": the cell's ", name, " is ", shape(p), ", not ", expected, ", as Wh is ",
                     shape(cell.Wh));
    });
}
/// Throws unless the parameters of a cell, or of each cell of a stack, fit each other.
template <Layer L> void check_cells(const char* what, const L& layer) {
    if constexpr (is_stacked<L>)
        for (const auto& one : layer.layers) check_cells(what, one);
    else if constexpr (requires { check_params(layer, what); })
        check_params(layer, what);
}
/// Throws unless the layer and the heads after it fit each other, and all weights are numbers that floats hold, even times what
/// they are packed with. `what`: the name of the function.
template <Layer L> void check_network(const char* what, const L& layer, const auto&... heads) {
    const auto check_weights = [what](const auto& m, const auto&... name) {
        for (Index j = 0; j < m.cols(); ++j)
            for (Index i = 0; i < m.rows(); ++i)
                throw_unless(std::abs(m(i, j)) < 1e37f, what, ": ", name..., ": row ", i, ", column ", j, " is ", m(i, j),
                             ", not a number below 1e37");
    };
    throw_unless(inputs_of(layer) > 0 && outputs_of(layer) > 0, what,
                 ": the layer has no inputs or no outputs (was it moved from?)");
    for_each_param(layer, [&](const auto& name, const auto& p) { check_weights(p.value, name); });
    check_cells(what, layer);
    Index below = outputs_of(layer), count = 0;
    [[maybe_unused]] const auto check_head = [&](const auto& head) {
        const auto& [W, b] = head.linear;
        throw_unless(W.cols() == below && b.rows() == W.rows() && b.cols() == 1, what, ": head ", count, " has W ", shape(W),
                     " and b ", shape(b), "; below it are ", below, " numbers");
        check_weights(W.value, "W of head ", count);
        check_weights(b.value, "b of head ", count);
        below = W.rows();
        ++count;
    };
    (check_head(activated(heads)), ...);
}

}  // namespace detail

}  // namespace bptt
