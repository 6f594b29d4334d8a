#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include "bptt/cells/unroll.hpp"
#include "bptt/nets/attention.hpp"

namespace bptt {

namespace detail {
/// The number of inputs of a decoder's cell. Throws unless all sizes are positive: before any random number is drawn.
inline Index decoder_inputs(Index features, Index key, Index units, Index attention_units) {
    throw_unless(features > 0 && key > 0 && units > 0 && attention_units > 0, "AttentionDecoder: features is ", features,
                 ", key is ", key, ", units is ", units, ", attention_units is ", attention_units, "; all must be positive");
    return features + key;
}
}  // namespace detail

/// A cell that attends to a source before each step (Bahdanau et al. 2015):
///   a_i, c_i = attention(s_{i−1}),  s_i = f(s_{i−1}, [y_{i−1}; c_i]).
template <Cell C> struct AttentionDecoder {
    using Scalar = typename C::Scalar;
    using Memory = typename BahdanauAttention<Scalar>::Memory;
    /// cell: s_i; h: its h; context: c_i; weights: a_i, a row for each step of the source.
    template <class V> struct State {
        V h, context, weights;
        StateOf<C, V> cell;
        static constexpr std::array names = {"h", "context", "weights", "cell"};
    };

    C cell;
    BahdanauAttention<Scalar> attention;

    /// features: the rows of y; key: the rows of a key; units: of the decoder; attention_units: the rows of attention.W and .U.
    AttentionDecoder(Index features, Index key, Index units, Index attention_units, Rng& rng)
        : cell(detail::decoder_inputs(features, key, units, attention_units), units, rng),
          attention(units, key, attention_units, rng) {}
    BPTT_PARAMS(cell, attention)

    /// The decoder together with the memory of one batch of sources: a Cell. The decoder must outlive it.
    struct Bound {
        using Scalar = typename C::Scalar;
        template <class V> using State = typename AttentionDecoder::template State<V>;
        static constexpr bool is_handle = true;

        const AttentionDecoder& decoder;
        Memory memory;

        static void params(auto& m, auto&& f) { AttentionDecoder::params(m.decoder, f); }
        Index inputs() const requires HasInputs<C> { return decoder.cell.inputs() - memory.keys.rows(); }
        Index units() const { return decoder.cell.units(); }
        State<Mat<Scalar>> zero_state(Index batch) const {
            auto start = bptt::zero_state(decoder.cell, batch);
            const auto zeros = [batch](Index rows) { return Mat<Scalar>(Mat<Scalar>::Zero(rows, batch)); };
            return {zeros(units()), zeros(memory.keys.rows()), zeros(memory.steps), std::move(start)};
        }
        /// The initial state: the cell's is s, context and weights are zeros.
        State<Var<Scalar>> start(const StateOf<C, Var<Scalar>>& s) const {
            auto& tape = s.h.tape();
            const auto zeros = [&](Index rows) { return tape.constant(Mat<Scalar>::Zero(rows, s.h.cols())); };
            return {s.h, zeros(memory.keys.rows()), zeros(memory.steps), s};
        }
        State<Var<Scalar>> step(Var<Scalar> y, const State<Var<Scalar>>& s) const {
            throw_unless(y.cols() == s.h.cols(), "AttentionDecoder: y is ", shape(y), ", h of the state is ", shape(s.h));
            const auto read = decoder.attention(s.h, memory);
            const auto next = decoder.cell.step(concat_rows({y, read.context}), s.cell);
            return {next.h, read.context, read.weights, next};
        }
    };
    Bound over(const Memory& memory) const& { return {*this, memory}; }
    Bound over(const Memory& memory) const&& = delete;
};

/// Runs the decoder from s0 over ys, the words before each step, with attention to `keys`, a batch of as many sources: the
/// trajectory of h, context, weights and the cell's state. Targets and sources may have any lengths.
template <Cell C, class T = typename C::Scalar>
auto unroll(const AttentionDecoder<C>& decoder, const Sequence<std::type_identity_t<T>>& ys, const StateOf<C, Var<T>>& s0,
            const Sequence<std::type_identity_t<T>>& keys) {
    throw_unless(layout_of(ys).batch == layout_of(keys).batch, "unroll: the input is ", layout_of(ys), ", the keys are ",
                 layout_of(keys));
    throw_unless(&ys.all.tape() == &keys.all.tape(), "unroll: the keys are on another tape than the input");
    const auto bound = decoder.over(decoder.attention.memory(keys, layout_of(ys)));
    return unroll(bound, ys, bound.start(s0));
}

}  // namespace bptt
