#pragma once

#include <array>
#include <concepts>
#include <type_traits>

#include "bptt/kernels/inputs.hpp"
#include "bptt/kernels/steps.hpp"

// What the kernels of all fused cells have in common. The words that they use:
//   units    H, the length of h; a gate, too, has H numbers for each column
//   z        the buffer of products, Wx x (not of class indices) + Wh h, to which b is added on reading; then the gates; in the
//            backward pass the gradients of the gates' preactivations
//   memory   the c of a state; a cell without a memory has h alone
//   column   one step of one sequence. Columns lie time-major: those of step 0, then those of step 1, …
//   place    where a sequence stands in its batch, longest first: its column in step t is start(t) + place
//   run      columns of one step that lie side by side and are computed by one call of the kernel
//   carry    in the backward pass: the gradient of h or c on its way to the step before
//   shard    the places of a batch that one thread runs through all steps
//   chunk    the steps whose columns W_x is multiplied by at once: one step, or several of a small batch
//   panel    a few packets of rows of a weight matrix, stored column by column: the form in which products read weights
// All matrices are column-major; "side by side" means that a column begins where the one before it ends.

namespace bptt::kernels {

/// The parameters that a cell has besides W_x, W_h and b, in its own order: an LSTM's peephole weights Pi, Pf and Po, or the
/// bias bh of a GRU whose reset gate comes after the product. Entries that a cell has no parameter for are null (or empty).
template <class P> using ExtraParams = std::array<P, 3>;

/// What both passes read. h0 and c0 live until the tape's clear(), the parameters as long as the cell is unchanged.
template <class T> struct Operands {
    Index units;                         // H
    Index z_stride;                      // from one column of z to the next, at least z_blocks·H
    Index place_stride;                  // from one place to the next in state, work and the carries, at least H
    bool single;                         // the batch is one sequence: products with W_h have one column
    const T* h0;                         // H × batch, side by side: the initial h of each place
    const T* maybe_c0;                   // the same of c; null without a memory
    ExtraParams<const T*> extra_params;  // each H × extra_columns(H)
};

/// What the forward pass writes, and the weights that it multiplies by. z and saved hold either all columns of the sequence,
/// for the backward pass (they live until the tape's clear()), or those of one chunk at a time (they live during the pass).
template <class T> struct ForwardPass {
    const T* packed;     // W_h, and the matrices of full peepholes, by K::pack(); in; lives during the pass
    T* h;                // H × columns, side by side: out; lives until clear()
    T* maybe_c;          // the same of c; null without a memory
    T* z;                // z_blocks·H × columns, z_stride apart: in Wx x (of FeatureColumns), out the gates
    T* saved;            // saved_blocks·H × columns, side by side: out, what else the backward pass reads
    bool holds_all;      // z and saved hold all columns
    Index first_column;  // the sequence's column that z and saved begin with; 0 if they hold all
    T* state;            // H × batch, place_stride apart: h of each place after its latest step, as products read it
    T* work;             // the same shape: room for the kernel; lives during the pass

    T* z_at(Index column, Index z_stride) const { return z + (column - first_column) * z_stride; }
    T* saved_at(Index column, Index rows) const { return saved + (column - first_column) * rows; }
};

/// What the backward pass reads and writes. Its memory lives during the pass, if nothing else is said.
template <class T> struct BackwardPass {
    const T* packed;               // the transposes of ForwardPass::packed, by K::pack_back(); in
    const T *h, *maybe_c, *saved;  // what the forward pass wrote; they live until clear()
    T* z;  // z_blocks·H × columns, z_stride apart: ForwardPass::z, in the gates, out the gradients of their preactivations
    const T *maybe_dh, *maybe_dc;  // H × columns, side by side: in; null if no gradient arrived. Without a memory dh has
                                   // always arrived, or there would be no backward pass
    T *carry_h, *maybe_carry_c;  // H × batch, place_stride apart: zeroed by the pass, then the gradient that flows to the step
                                 // before, at last to h0 and c0; no carry_c without a memory
    T* work;                     // the same shape: room for the kernel
    Index* previous_columns;     // for weights(): the column one step earlier, or −1 − place at a sequence's first step
};

/// Where gradients of the cell's own parameters are added to. The bias b belongs to the input's gradients.
template <class T> struct WeightGradients {
    T* Wh;                         // gates·H × H
    ExtraParams<T*> extra_params;  // each H × extra_columns(H)
};

/// The part of the weights' gradients that one thread computes: part `part` of `parts` of each matrix's rows, over all columns.
template <class T> struct WeightShare {
    Index part, parts, columns;
    T* scratch;  // outer_scratch numbers that no other thread uses

    RowRange rows_of(Index rows) const {
        const Index first = kernels::part(rows, parts, part, panel<T>);
        return {.first = first, .count = kernels::part(rows, parts, part + 1, panel<T>) - first};
    }
};

/// What a fused cell's kernel K provides, all of it static. K::Scalar is the type of its numbers. What is computed for a column
/// depends on its own sequence only, so that results are the same bits whichever thread computes them. Shapes, roles and
/// lifetimes of all pointers are those of the structs above; W_h is gates·H × H.
template <class K>
concept RecurrentKernel = requires(Index H, const typename K::Scalar* Wh, const ExtraParams<const typename K::Scalar*>& extra,
                                   typename K::Scalar* out, const Operands<typename K::Scalar>& o,
                                   const ForwardPass<typename K::Scalar>& f, const BackwardPass<typename K::Scalar>& b,
                                   const FeatureColumns<typename K::Scalar>& features,
                                   const TableColumns<typename K::Scalar>& table, const WeightGradients<typename K::Scalar>& g,
                                   const WeightShare<typename K::Scalar>& share, const Run& r) {
    // The number of blocks of H rows: in W_x, W_h and b; in z; in `saved`. Whether the state has a c besides h.
    typename std::integral_constant<Index, K::gates>;
    typename std::integral_constant<Index, K::z_blocks>;
    typename std::integral_constant<Index, K::saved_blocks>;
    typename std::bool_constant<K::memory>;
    // How many columns each of the extra parameters has, for H units.
    { K::extra_columns(H) } -> std::same_as<Index>;
    // pack() writes W_h, and extra parameters that are matrices, as panels to `out`: pack_size(H) numbers, ForwardPass::packed.
    // pack_back() writes their transposes: pack_back_size(H) numbers, BackwardPass::packed.
    { K::pack_size(H) } -> std::same_as<Index>;
    { K::pack_back_size(H) } -> std::same_as<Index>;
    { K::pack(H, Wh, extra, out) } -> std::same_as<void>;
    { K::pack_back(H, Wh, extra, out) } -> std::same_as<void>;
    // Reads the state (h of the step before) at the run's places, the run's columns of the input and, with a memory, the
    // columns of c before them. Writes the run's columns of h, c, z and saved, and the new state.
    { K::forward(o, f, features, r) } -> std::same_as<void>;
    { K::forward(o, f, table, r) } -> std::same_as<void>;
    // Reads the run's columns of dh, dc, h, c and saved. Turns its columns of z from gates into gradients, and the carries at
    // its places from what flows into this step into what flows into the step before.
    { K::backward(o, b, r) } -> std::same_as<void>;
    // Adds the gradients of W_h and the extra parameters over all columns, once backward() has run for all of them: a share of
    // the rows of each.
    { K::weights(o, b, g, share) } -> std::same_as<void>;
};

/// The state that the run's first sequence had a step earlier; those of the others follow side by side. field: units × columns;
/// initial: units × batch.
template <class T> const T* previous_state(const T* field, const T* initial, Index units, const Run& r) {
    return r.previous_column < 0 ? initial + r.place * units : field + r.previous_column * units;
}
/// The same for any column k, from BackwardPass::previous_columns.
template <class T> auto previous_states(const T* field, const T* initial, Index units, const Index* previous_columns) {
    return [=](Index k) {
        const Index previous = previous_columns[k];
        return previous < 0 ? initial + (-1 - previous) * units : field + previous * units;
    };
}

/// dW += Σ_k dz_k state(k)ᵀ over all columns k, and sums += Σ_k dz_k unless maybe_sums is null: for the share of `rows` rows,
/// where dz_k are the rows of z from z_row on. dW: rows × units, dW_rows numbers from column to column.
template <class T, class State> void add_recurrent(const Operands<T>& o, const BackwardPass<T>& b, Index z_row, Index rows,
                                                   State state, T* dW, Index dW_rows, std::type_identity_t<T>* maybe_sums,
                                                   const WeightShare<T>& share) {
    const auto [first, count] = share.rows_of(rows);
    add_outer(b.z + z_row + first, o.z_stride, count, share.columns, state, o.units, dW + first, dW_rows,
              maybe_sums ? maybe_sums + first : nullptr, share.scratch);
}

}  // namespace bptt::kernels
