#pragma once

#include <algorithm>

#include "bptt/kernels/recurrence.hpp"

// The forward and the backward pass of a kernel over a whole sequence. A pass forks twice at most: shards of the batch run
// through all steps, then shares of the weights' rows are summed up over all columns.

namespace bptt::kernels {

/// The forward pass of one shard. f is a copy, since shards may be at different chunks. If z and saved hold one chunk only,
/// each shard uses the columns of its own places in them; with several shards a chunk is one step.
template <RecurrentKernel K, class T, class Input> void forward_shard(const Operands<T>& o, ForwardPass<T> f, const Input& in,
                                                                      const Layout& l, bool reversed, Places places,
                                                                      Index most_columns) noexcept {
    const FlushDenormals flush;
    for (Index p = places.begin; p < places.end; ++p) std::copy_n(o.h0 + p * o.units, o.units, f.state + p * o.place_stride);
    for_each_chunk(l, reversed, most_columns, [&](Steps chunk) {
        if (!f.holds_all) f.first_column = l.start(chunk.begin);
        if constexpr (Input::projected) {
            const auto [first, count] = columns_of(l, chunk, places);
            in.project(first, count, f.z_at(first, o.z_stride), o.z_stride);
        }
        for_each_step(chunk, reversed,
                      [&](Index t) { runs_of_step(l, reversed, places, t, [&](const Run& r) { K::forward(o, f, in, r); }); });
    });
}

/// Computes h (and c) of all columns.
template <RecurrentKernel K, class T, class Input> void forward(const Operands<T>& o, const ForwardPass<T>& f, const Input& in,
                                                                const Layout& l, bool reversed,
                                                                const Threads* maybe_threads) noexcept {
    const Index shards = shard_count(l, thread_count(maybe_threads)), most_columns = most_chunk_columns(l, shards);
    in_parallel(maybe_threads, shards,
                [&](Index k) noexcept { forward_shard<K>(o, f, in, l, reversed, shard(l, shards, k), most_columns); });
}

/// The backward pass of one shard: z becomes gradients, those of the input's columns are added to `in`, those of the initial
/// state are left in the carries.
template <RecurrentKernel K, class T, class InputGradients>
void backward_shard(const Operands<T>& o, const BackwardPass<T>& b, const InputGradients& in, const Layout& l, bool reversed,
                    Places places, Index most_columns) noexcept {
    const FlushDenormals flush;
    const auto clear = [&](T* carry) {
        std::fill(carry + places.begin * o.place_stride, carry + places.end * o.place_stride, T(0));
    };
    clear(b.carry_h);
    if constexpr (K::memory) clear(b.maybe_carry_c);
    for_each_chunk(l, !reversed, most_columns, [&](Steps chunk) {
        for_each_step(chunk, !reversed, [&](Index t) {
            runs_of_step(l, reversed, places, t, [&](const Run& r) {
                for (Index j = 0; j < r.count; ++j)
                    b.previous_columns[r.column + j] = r.previous_column < 0 ? -1 - r.place - j : r.previous_column + j;
                K::backward(o, b, r);
            });
        });
        const auto [first, count] = columns_of(l, chunk, places);
        in.add_columns(first, count, b.z + first * o.z_stride, o.z_stride);
    });
}

/// Adds all gradients to `in` and g, but leaves those of the initial state in the carries. scratch: outer_scratch numbers for
/// each shard. Each thread sums up rows of its own, so that a gradient is summed in the same order for any number of threads.
template <RecurrentKernel K, class T, class InputGradients>
void backward(const Operands<T>& o, const BackwardPass<T>& b, const InputGradients& in, const WeightGradients<T>& g,
              const Layout& l, bool reversed, T* scratch, const Threads* maybe_threads) noexcept {
    const Index shards = shard_count(l, thread_count(maybe_threads)), most_columns = most_chunk_columns(l, shards);
    in_parallel(maybe_threads, shards,
                [&](Index k) noexcept { backward_shard<K>(o, b, in, l, reversed, shard(l, shards, k), most_columns); });
    in_parallel(maybe_threads, shards, [&](Index k) noexcept {
        const FlushDenormals flush;
        const WeightShare<T> share{
            .part = k, .parts = shards, .columns = l.columns(), .scratch = scratch + k * outer_scratch<T>};
        in.add_weights(share.rows_of(in.gate_rows), share.columns, b.z, o.z_stride, share.scratch);
        K::weights(o, b, g, share);
    });
}

}  // namespace bptt::kernels
