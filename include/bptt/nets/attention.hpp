#pragma once

#include <vector>

#include "bptt/core/init.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/segments.hpp"
#include "bptt/ops/shape.hpp"
#include "bptt/sequence/sequence.hpp"

namespace bptt {

/// Additive attention (Bahdanau et al. 2015) of a query s over the keys h_j of its own source:
///   e_j = vᵀ tanh(W s + U h_j),  a = softmax(e),  c = Σ a_j h_j.
template <class T> struct BahdanauAttention {
    using Scalar = T;

    Param<T> W, U, v;  // attention×query, attention×key, attention×1

    /// W, U and v glorot.
    BahdanauAttention(Index query, Index key, Index attention, Rng& rng) {
        throw_unless(query > 0 && key > 0 && attention > 0, "BahdanauAttention: query is ", query, ", key is ", key,
                     ", attention is ", attention, "; all must be positive");
        W = glorot_uniform<T>(attention, query, rng);
        U = glorot_uniform<T>(attention, key, rng);
        v = glorot_uniform<T>(attention, 1, rng);
    }
    BPTT_PARAMS(W, U, v)

    /// The keys of a batch of sources, with U h, which is computed once for all queries.
    struct Memory {
        Var<T> keys, projected;  // h and U h, the columns of each sequence side by side
        Segments sequences;      // in the order of the queries
        Index steps;             // of the longest
        const Layout* queries;   // the layout that has this order
    };
    /// The same as plain matrices, which outlive a tape's clear().
    struct StoredMemory {
        Mat<T> keys, projected;
        std::vector<Index> ends;
        Index steps;
    };
    struct Read {
        Var<T> context;  // c, key × queries; of an empty source zeros
        Var<T> weights;  // a, steps × queries; zeros beyond a source's length
    };

    /// For queries that come as one column for each source, in the user's order.
    Memory memory(const Sequence<T>& keys) const { return memory(keys, Layout{keys.batch(), 0}); }
    /// For queries that come step by step in the inside order of `queries`: those still running are the leading columns.
    Memory memory(const Sequence<T>& keys, const Layout& queries) const {
        const Layout& l = layout_of(keys);
        throw_unless(l.batch == queries.batch, "BahdanauAttention: keys are ", l, ", queries are ", queries);
        throw_unless(keys.all.rows() == U.cols(), "BahdanauAttention: keys are ", shape(keys.all), ", U is ", shape(U));
        auto& tape = keys.all.tape();
        const auto from = detail::index_buffer(tape, l.columns()), ends = detail::index_buffer(tape, l.batch);
        Index column = 0;
        for (Index j = 0; j < l.batch; ++j) {
            const Index b = queries.sequence(j);
            for (Index t = 0; t < l.length(b); ++t) from[static_cast<std::size_t>(column++)] = l.start(t) + l.place(b);
            ends[static_cast<std::size_t>(j)] = column;
        }
        const auto together = detail::take_columns(keys.all, std::span<const Index>(from));
        return {together, U * together, {ends}, l.steps, detail::keep_layout(tape, queries)};
    }

    StoredMemory store(const Memory& m) const {
        return {m.keys.value(), m.projected.value(), {m.sequences.ends.begin(), m.sequences.ends.end()}, m.steps};
    }
    /// For queries whose column k attends to source sources[k]; several columns may attend to the same source.
    Memory recall(Tape<T>& tape, const StoredMemory& stored, std::span<const Index> sources) const {
        const auto ends = detail::index_buffer(tape, static_cast<Index>(sources.size()));
        std::vector<Index> columns;
        for (std::size_t k = 0; const Index source : sources) {
            throw_unless(source >= 0 && source < std::ssize(stored.ends), "BahdanauAttention: source ", source, " of ",
                         stored.ends.size());
            const auto j = static_cast<std::size_t>(source);
            for (Index c = j ? stored.ends[j - 1] : 0; c < stored.ends[j]; ++c) columns.push_back(c);
            ends[k++] = std::ssize(columns);
        }
        return {tape.constant(stored.keys(Eigen::indexing::all, columns)),
                tape.constant(stored.projected(Eigen::indexing::all, columns)),
                {ends},
                stored.steps,
                detail::keep_layout(tape, Layout{std::ssize(sources), 0})};
    }

    /// query: a column for each source, or for the first sources only.
    Read operator()(Var<T> query, const Memory& m) const& {
        check_order(query.tape().stepping(), *m.queries);
        const Index asked = query.cols();
        throw_unless(query.rows() == W.cols() && asked <= m.sequences.count(), "BahdanauAttention: the query is ", shape(query),
                     ", W is ", shape(W), ", there are ", m.sequences.count(), " sources");
        const Segments sources = m.sequences.first(asked);
        const auto e = transpose(query.tape().watch(v)) *
                       tanh(add_to_segments(cols(m.projected, 0, sources.columns()), W * query, sources));
        const auto a = segment_softmax(e, sources, m.steps);
        return {segment_sum(cols(m.keys, 0, sources.columns()), a, sources), a};
    }

    Read operator()(Var<T> query, const Memory& m) const&& = delete;  // a temporary would be gone in backward()

private:
    /// Throws where a decoder goes through sequences in another order than the memory was made for.
    static void check_order(const Layout* maybe_input, const Layout& queries) {
        if (!maybe_input) return;
        for (Index place = 0; place < maybe_input->batch; ++place)
            throw_unless(maybe_input->batch == queries.batch && maybe_input->sequence(place) == queries.sequence(place),
                         "BahdanauAttention: the memory's ", queries.batch, " sources are not in the order of the input, ",
                         *maybe_input, "; memory(keys, layout_of(ys)) puts them into that of ys");
    }
};

}  // namespace bptt
