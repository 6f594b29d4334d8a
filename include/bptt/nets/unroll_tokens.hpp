#pragma once

#include <optional>
#include <span>
#include <type_traits>

#include "bptt/cells/unroll.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"

// Class indices as input. A column of W_x is what a one-hot input gives, a column of W_x E what an embedding gives: neither
// takes a product at every step.

namespace bptt {

namespace detail {

/// Class indices on a tape, not looked up yet: they stand for one-hot columns where E is empty, else for columns of E.
template <class T> struct TokenInput {
    Tape<T>* tape;
    Var<T> E;
    Index features;  // of what they stand for
    std::span<const Index> ids;
    const Layout* layout;
    bool reversed = false;
};
template <class T> TokenInput<T> reversed(TokenInput<T> in) { return in.reversed = !in.reversed, in; }

/// They live until the tape's clear().
template <class T> TokenInput<T> token_input(Tape<T>& tape, Var<T> E, Index features, Index classes, const Tokens& tokens) {
    check_tokens(E.empty() ? "unroll: the layer's inputs" : "unroll: the columns of E", tokens, classes);
    return {&tape, E, features, tape.keep(tokens.ids()), keep_layout(tape, tokens.layout())};
}
/// The columns that they stand for.
template <class T> Sequence<T> looked_up(const TokenInput<T>& in) {
    const Var<T> all = in.E.empty() ? one_hot_columns(*in.tape, in.ids, in.features) : take_columns(in.E, in.ids);
    return {all, in.layout, {}, in.reversed};
}

/// The tape that a state's first field is on.
template <class S> auto& tape_of(const S& s0) {
    Tape<typename Leaf<S>::Scalar>* tape = nullptr;
    for_each_field(s0, [&, k = 0](const auto& v) mutable {
        throw_unless(!v.empty(), "unroll: field ", k++, " of the state s0 is empty");
        if (!tape) tape = &v.tape();
    });
    throw_unless(tape != nullptr, "unroll: the state s0 has no fields");
    return *tape;
}

}  // namespace detail

/// What a layer of T runs over: a Sequence, or class indices.
template <class X, class T>
concept InputOf = std::is_same_v<X, Sequence<T>> || std::is_same_v<X, detail::TokenInput<T>>;

template <Cell C, class T> StateOf<C, Sequence<T>> unroll(const C& cell, const detail::TokenInput<T>& in,
                                                          const StateOf<C, Var<std::type_identity_t<T>>>& s0,
                                                          std::optional<Training> training = {}) {
    if constexpr (FusedCell<C>) {
        throw_unless(in.features == cell.inputs(), "unroll: the embedding gives ", in.features, " features, the cell reads ",
                     cell.inputs());
        detail::check_start(cell, *in.layout, *in.tape, s0);
        const auto Wx = in.tape->watch(cell.Wx);
        const auto looked_up_in = [&](Var<T> table) {
            return detail::unroll_fused(cell, detail::TableInput<T>{.table = table, .tokens = in.ids.data()}, in.layout,
                                        in.reversed, s0);
        };
        if (in.E.empty()) return looked_up_in(Wx);
        if (in.E.cols() < in.layout->columns())  // fewer classes than tokens: less work than a product for each token
            return looked_up_in(detail::affine(Wx, Var<T>(), in.E));
    }
    return unroll(cell, detail::looked_up(in), s0, training);
}

namespace detail {
template <Layer L, class T>
auto unroll_tokens(const L& layer, const TokenInput<T>& in, const StateOf<L, Var<T>>& s0, std::optional<Training> training) {
    if constexpr (requires { unroll(layer, in, s0, training); })
        return unroll(layer, in, s0, training);
    else
        return unroll(layer, looked_up(in), s0, training);
}
}  // namespace detail

/// unroll(layer, one_hot(tape, tokens, layer.inputs()), s0), without the one-hot columns: W_x's own are added up.
template <Layer L, class T = typename L::Scalar>
requires HasInputs<L>
auto unroll(const L& layer, const Tokens& tokens, const StateOf<L, Var<T>>& s0, std::optional<Training> training = {}) {
    auto& tape = detail::tape_of(s0);
    const auto in = detail::token_input(tape, Var<T>(), layer.inputs(), layer.inputs(), tokens);
    return detail::unroll_tokens(layer, in, s0, training);
}
/// unroll(layer, embed(tape, tokens), s0), with one product W_x E instead of one for each token where that is less.
template <Layer L, class T = typename L::Scalar> auto unroll(const L& layer, const Embedding<std::type_identity_t<T>>& embed,
                                                             const Tokens& tokens, const StateOf<L, Var<T>>& s0,
                                                             std::optional<Training> training = {}) {
    auto& tape = detail::tape_of(s0);
    const auto in = detail::token_input(tape, tape.watch(embed.E), embed.E.rows(), embed.E.cols(), tokens);
    return detail::unroll_tokens(layer, in, s0, training);
}

}  // namespace bptt
