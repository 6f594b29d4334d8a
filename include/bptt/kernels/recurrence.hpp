#pragma once

#include <algorithm>
#include <array>
#include <type_traits>

#include "bptt/kernels/gates.hpp"
#include "bptt/kernels/steps.hpp"

// What all fused cells share. A cell's kernel K has, for H units:
//   gates, Z, kept   rows of W_x, of z and of `kept`, in units; memory: whether there is a c beside h
//   extra_columns(H)   of the parameters beside W_x, W_h and b
//   pack_size(H), pack(weights, s), pack_back_size(H), pack_back(weights, s)   weights in the form that products need
//   forward(s, in, run), backward(s, run)   the columns of one run
//   weights(s, part of threads, …)          gradients of W_h and what else the cell has, a part of the rows

namespace bptt::kernels {

/// Parameters beside W_x, W_h and b: peepholes, or the bias inside the product.
template <class P> using Extra = std::array<P, 3>;

/// A sequence while it runs: column-major, a column for each real column of the layout, or for each place of the batch.
template <class T> struct Trace {
    Index units;
    T* z;              // Z·units × columns, z_stride apart: gates; then the gradients of what is inside them
    T *h, *c, *kept;   // units × columns: output; memory; what the backward pass needs beside them
    const T *h0, *c0;  // units × batch: what stood before the first step
    const T *packed, *packed_back;
    Extra<const T*> extra;
    const T *dh, *dc;                     // units × columns, null if none arrived
    T *state, *carry_h, *carry_c, *work;  // units × batch, stride apart: h where each place stands; what flows back; room
    Index z_stride, stride;
    bool single;  // a batch of one sequence

    const T* h_before(Run r) const { return r.before < 0 ? h0 + r.place * units : h + r.before * units; }
    const T* c_before(Run r) const { return r.before < 0 ? c0 + r.place * units : c + r.before * units; }
};

/// What flows into z: W_x x + b, or a column of a table + b.
template <class T> struct Inflow {
    Index rows, features;           // of W_x
    const T *b, *x, *Wx, *Wx_back;  // x features × columns; W_x packed, its transpose packed
    const T* table;                 // rows × classes, or null
    const Index* tokens;            // a class for each column
};

/// What has come together for the gates of one column: what products left in z, b, and the column of a table.
template <class T> struct Arrived {
    const T *z, *b, *entry;

    Arrived(const Trace<T>& s, const Inflow<T>& in, Index column)
        : z(s.z + column * s.z_stride), b(in.b), entry(in.table ? in.table + in.tokens[column] * in.rows : nullptr) {}
    Packet<T> load(auto lanes, Index i) const { return lanes.load(z + i) + lanes.load(b + i) + from_table(lanes, i); }
    /// Where no product but W_x x goes to z.
    Packet<T> load_inflow(auto lanes, Index i) const {
        return entry ? lanes.load(b + i) + from_table(lanes, i) : load(lanes, i);
    }

private:
    Packet<T> from_table(auto lanes, Index i) const { return lanes.load_if(entry ? entry + i : nullptr); }
};

/// Where gradients are added to; null: nowhere.
template <class T> struct Gradients {
    T *Wx, *Wh, *b, *x, *table;
    Extra<T*> extra;
};

/// Columns that a whole small batch is projected by at once: single ones would leave the registers empty.
inline constexpr Index columns_at_once = 8 * widest;

/// The runs of one shard; ahead(first, count) before the columns that it names are run, or after them (back).
template <bool back, class Each, class Ahead>
void run_shard(const Layout& l, bool reversed, Places places, const Each& each, const Ahead& ahead) {
    const bool at_once = places.first == 0 && places.last == l.batch && l.batch < widest;
    const auto all = [&] {
        for (Index k = 0; k < l.columns(); k += columns_at_once) ahead(k, std::min(columns_at_once, l.columns() - k));
    };
    if constexpr (back) {
        for_each_run_back(l, reversed, places, [&](Run r) {
            each(r);
            if (!at_once) ahead(r.column, r.count);
        });
        if (at_once) all();
    } else {
        if (at_once) all();
        for_each_run(l, reversed, places, [&](Run r) {
            if (!at_once) ahead(r.column, r.count);
            each(r);
        });
    }
}

/// h (and c) of all columns.
template <class K, class T>
void forward(const Trace<T>& s, const Inflow<T>& in, const Layout& l, bool reversed, const Threads* threads) noexcept {
    const Index shards = shard_count(l, thread_count(threads));
    run(threads, shards, [&](Index k) noexcept {
        const FlushDenormals flush;
        const Places places = shard(l, shards, k);
        for (Index p = places.first; p < places.last; ++p) std::copy_n(s.h0 + p * s.units, s.units, s.state + p * s.stride);
        run_shard<false>(
            l, reversed, places, [&](Run r) { K::forward(s, in, r); },
            [&](Index first, Index count) {
                if (!in.table)
                    multiply(in.Wx, in.rows, in.features, in.x + first * in.features, in.features, count,
                             s.z + first * s.z_stride, s.z_stride, false);
            });
    });
}

/// Adds the gradients of everything to g; those of the start are left in s.carry_h and s.carry_c. before: for each column the
/// column before it, or −1 − place where it is the first. scratch: outer_scratch numbers for each thread.
template <class K, class T> void backward(const Trace<T>& s, const Inflow<T>& in, const Gradients<T>& g, const Layout& l,
                                          bool reversed, Index* before, T* scratch, const Threads* threads) noexcept {
    const Index columns = l.columns(), shards = shard_count(l, thread_count(threads));
    const auto columns_of = [&](Index k) noexcept {
        const FlushDenormals flush;
        const Places places = shard(l, shards, k);
        for (T* const carry : {s.carry_h, s.carry_c})
            std::fill(carry + places.first * s.stride, carry + places.last * s.stride, T(0));
        run_shard<true>(
            l, reversed, places,
            [&](Run r) {
                for (Index j = 0; j < r.count; ++j) before[r.column + j] = r.before < 0 ? -1 - r.place - j : r.before + j;
                K::backward(s, r);
            },
            [&](Index first, Index count) {
                if (g.x)
                    multiply(in.Wx_back, in.features, in.rows, s.z + first * s.z_stride, s.z_stride, count,
                             g.x + first * in.features, in.features, true);
            });
    };
    // Each thread has rows of its own, so that a gradient is summed up in the same order whoever does it.
    const auto rows_of = [&](Index k) noexcept {
        const FlushDenormals flush;
        T* const room = scratch + k * outer_scratch<T>;
        const Index first = part(in.rows, shards, k, panel<T>), count = part(in.rows, shards, k + 1, panel<T>) - first;
        const T* const z = s.z + first;
        if (g.table)
            for (Index j = 0; j < columns; ++j) {
                T *const entry = g.table + in.tokens[j] * in.rows + first, *const b = g.b + first;
                each_packet<T>(count, [&](Index i, auto lanes) {
                    const auto dz = lanes.load(z + j * s.z_stride + i);
                    lanes.store(entry + i, lanes.load(entry + i) + dz);
                    lanes.store(b + i, lanes.load(b + i) + dz);
                });
            }
        else
            add_outer(
                z, s.z_stride, count, columns, [&](Index j) { return in.x + j * in.features; }, in.features, g.Wx + first,
                in.rows, g.b + first, room);
        K::weights(s, g, shards, k, columns, before, room);
    };
    run(threads, shards, columns_of);
    run(threads, shards, rows_of);
}

/// dW += Σ_k z_k stateᵀ with rows from z_row on as z_k and, for a column, the state before it: part k of these `rows`. And
/// sums += Σ_k z_k, unless it is null.
template <class T, class State> void add_recurrent(const Trace<T>& s, Index z_row, Index rows, Index columns, State state,
                                                   T* dW, Index dW_rows, std::type_identity_t<T>* sums, Index parts, Index k,
                                                   T* scratch) {
    const Index first = part(rows, parts, k, panel<T>), count = part(rows, parts, k + 1, panel<T>) - first;
    add_outer(s.z + z_row + first, s.z_stride, count, columns, state, s.units, dW + first, dW_rows,
              sums ? sums + first : nullptr, scratch);
}
/// For each column, what stood before it: of a field and its start.
template <class T> auto states_before(const T* field, const T* start, Index units, const Index* before) {
    return [=](Index k) { return before[k] < 0 ? start + (-1 - before[k]) * units : field + before[k] * units; };
}

}  // namespace bptt::kernels
