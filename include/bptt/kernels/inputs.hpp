#pragma once

#include "bptt/kernels/gates.hpp"
#include "bptt/kernels/gemm.hpp"

// The two kinds of input that a fused cell reads: columns of features, which W_x is multiplied by, and class indices, which
// stand for columns of a table. Each kind is two types, for the forward and for the backward pass. All memory belongs to the
// caller and outlives the pass.

namespace bptt::kernels {

/// Input columns x_t of features: z_t gets W_x x_t.
template <class T> struct FeatureColumns {
    static constexpr bool projected = true;  // z holds W_x x before W_h h is added to it

    Index gate_rows, features;  // the shape of W_x
    const T* b;                 // gate_rows numbers: the bias, in
    const T* x;                 // features × columns, side by side, in
    const T* Wx_packed;         // W_x by pack(), in

    /// z = W_x x for these columns; z: gate_rows × count, z_stride apart, out.
    void project(Index first, Index count, T* z, Index z_stride) const {
        multiply(Wx_packed, gate_rows, features, x + first * features, features, count, z, z_stride, false);
    }

    /// The preactivations of the gates of one column.
    struct Preactivation {
        const T *z, *b;
        /// z + b, for rows of z that hold W_x x + W_h h.
        Packet<T> load(auto lanes, Index row) const { return lanes.load(z + row) + lanes.load(b + row); }
        /// z + b, for rows of z that hold W_x x only.
        Packet<T> load_input(auto lanes, Index row) const { return load(lanes, row); }
    };
    /// z: the column's part of z.
    Preactivation preactivation(const T* z, Index) const { return {.z = z, .b = b}; }
};

/// Class indices: column tokens[k] of the table is W_x times the vector that column k of the input stands for. z holds nothing
/// before the product W_h h is written to it.
template <class T> struct TableColumns {
    static constexpr bool projected = false;

    Index gate_rows;
    const T* b;           // gate_rows numbers: the bias, in
    const T* table;       // gate_rows × classes, side by side, in
    const Index* tokens;  // a class for each column, in

    struct Preactivation {
        const T *z, *b, *entry;
        /// z + b + the table's column, for rows of z that hold W_h h.
        Packet<T> load(auto lanes, Index row) const {
            return lanes.load(z + row) + lanes.load(b + row) + lanes.load(entry + row);
        }
        /// b + the table's column, for rows of z that nothing was written to.
        Packet<T> load_input(auto lanes, Index row) const { return lanes.load(b + row) + lanes.load(entry + row); }
    };
    Preactivation preactivation(const T* z, Index column) const {
        return {.z = z, .b = b, .entry = table + tokens[column] * gate_rows};
    }
};

/// Rows first..first + count − 1 of a matrix: the part of the weights' gradients that one thread computes.
struct RowRange {
    Index first, count;
};

/// Where the gradients of FeatureColumns are added to: dW_x += Σ dz xᵀ, db += Σ dz, dx += W_xᵀ dz.
template <class T> struct FeatureGradients {
    Index gate_rows, features;
    const T* x;                     // features × columns, in
    const T* maybe_Wx_packed_back;  // W_xᵀ by pack(), in; null if maybe_dx is
    T *dWx, *db;                    // gate_rows × features, gate_rows, both in and out
    T* maybe_dx;                    // features × columns, in and out; null if x needs no gradient

    /// The gradients of these columns of x; dz: gate_rows × count, z_stride apart, in.
    void add_columns(Index first, Index count, const T* dz, Index z_stride) const {
        if (maybe_dx)
            multiply(maybe_Wx_packed_back, features, gate_rows, dz, z_stride, count, maybe_dx + first * features, features,
                     true);
    }
    /// The gradients of W_x and b over all columns; scratch: outer_scratch numbers.
    void add_weights(RowRange rows, Index columns, const T* dz, Index z_stride, T* scratch) const {
        const auto x_column = [&](Index j) { return x + j * features; };
        add_outer(dz + rows.first, z_stride, rows.count, columns, x_column, features, dWx + rows.first, gate_rows,
                  db + rows.first, scratch);
    }
};

/// Where the gradients of TableColumns are added to: d table[·, tokens[k]] += dz_k, db += Σ dz.
template <class T> struct TableGradients {
    Index gate_rows;
    const Index* tokens;  // a class for each column, in
    T* db;                // gate_rows, in and out
    T* maybe_dtable;      // gate_rows × classes, in and out; null if the table needs no gradient

    void add_columns(Index, Index, const T*, Index) const {}
    /// The gradients of the table and of b over all columns.
    void add_weights(RowRange rows, Index columns, const T* dz, Index z_stride, T*) const {
        T* const b = db + rows.first;
        for (Index j = 0; j < columns; ++j) {
            const T* const column = dz + rows.first + j * z_stride;
            T* const maybe_entry = maybe_dtable ? maybe_dtable + tokens[j] * gate_rows + rows.first : nullptr;
            each_packet<T>(rows.count, [&](Index i, auto lanes) {
                const auto d = lanes.load(column + i);
                if (maybe_entry) lanes.store(maybe_entry + i, lanes.load(maybe_entry + i) + d);
                lanes.store(b + i, lanes.load(b + i) + d);
            });
        }
    }
};

}  // namespace bptt::kernels
