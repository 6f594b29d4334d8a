#pragma once

#include <algorithm>
#include <concepts>
#include <string_view>

#include "bptt/autograd/scratch.hpp"
#include "bptt/cells/cell.hpp"
#include "bptt/cells/fused_input.hpp"
#include "bptt/kernels/passes.hpp"

// How a kernel runs on a tape: a whole batch of sequences is one entry of the tape.

namespace bptt {

/// The kernel of a cell that has one, as `type`: a kernels::RecurrentKernel. It belongs to exactly this cell: a struct that
/// derives from the cell may have another step(), so it has no kernel.
template <class C> struct KernelOf;

/// A cell with a kernel, which runs a whole batch of sequences as one entry of the tape: Rnn, Lstm and Gru. Its extra_params()
/// are pointers to the parameters that its kernel's kernels::ExtraParams stand for.
template <class C>
concept FusedCell = Cell<C> && kernels::RecurrentKernel<typename KernelOf<C>::type> && requires(const C& c) {
    { c.extra_params() } -> std::same_as<kernels::ExtraParams<const Param<typename C::Scalar>*>>;
};

namespace detail {

/// Throws unless all parameters have the shapes that the kernel reads.
template <FusedCell C> void check_params(const C& cell, const char* what = "unroll") {
    using K = typename KernelOf<C>::type;
    const Index H = cell.units();
    C::params(cell, [&](std::string_view name, const auto& p) {
        const bool extra = name != "Wx" && name != "Wh" && name != "b";
        const Index columns = name == "Wx" ? cell.inputs() : name == "Wh" ? H : extra ? K::extra_columns(H) : 1;
        const Shape expected{.rows = extra ? H : K::gates * H, .cols = columns};
        throw_unless(shape(p) == expected, what, ": the cell's ", name, " is ", shape(p), ", not ", expected, ", as Wh is ",
                     shape(cell.Wh));
    });
}

/// One batch that the kernel K runs over: all that its entry of the tape remembers until clear().
template <class K, class Input> struct FusedEntry {
    using T = typename K::Scalar;

    Input input;
    const Layout* layout;
    bool reversed;
    Var<T> Wx, Wh, b;
    kernels::ExtraParams<Var<T>> extra_params = {};  // empty where the cell has no such parameter
    Var<T> h0, maybe_c0 = {};                        // units × batch, place by place; c0 and c are empty without a memory
    Var<T> h = {}, maybe_c = {};                     // units × columns: the outputs
    T *h_data = nullptr, *maybe_c_data = nullptr;    // where the values of h and c are written to
    T *maybe_z = nullptr, *maybe_saved = nullptr;    // kernels::ForwardPass's, of all columns; null unless recorded()

    Tape<T>& tape() const { return h0.tape(); }
    Index units() const { return Wh.cols(); }
    Index z_stride() const { return kernels::padded_stride<T>(K::z_blocks * units()); }
    /// Whether a backward pass may follow.
    bool recorded() const { return h.tracked(); }
    Index shards() const { return kernels::shard_count(*layout, kernels::thread_count(tape().threads())); }

    kernels::Operands<T> operands() const {
        kernels::ExtraParams<const T*> extra{};
        std::ranges::transform(extra_params, extra.begin(), [](Var<T> p) { return p.empty() ? nullptr : p.value().data(); });
        return {.units = units(),
                .z_stride = z_stride(),
                .place_stride = kernels::padded_stride<T>(units()),
                .single = layout->batch == 1,
                .h0 = h0.value().data(),
                .maybe_c0 = K::memory ? maybe_c0.value().data() : nullptr,
                .extra_params = extra};
    }
};

/// Watches the parameters, and allocates the outputs and the buffers that a backward pass will read.
template <class K, class C, class Input, class T = typename K::Scalar>
FusedEntry<K, Input> prepare_entry(const C& cell, const Input& input, const Layout* layout, bool reversed,
                                   const StateOf<C, Var<T>>& s0) {
    auto& tape = s0.h.tape();
    const Index columns = layout->columns();
    const auto start = map_state(s0, [&](const Var<T>& v) {
        v.value();  // a deferred state is computed, and recorded, before the kernel
        return to_inside_order(v, *layout);
    });
    FusedEntry<K, Input> entry{.input = input,
                               .layout = layout,
                               .reversed = reversed,
                               .Wx = tape.watch(cell.Wx),
                               .Wh = tape.watch(cell.Wh),
                               .b = tape.watch(cell.b),
                               .h0 = start.h};
    std::ranges::transform(cell.extra_params(), entry.extra_params.begin(),
                           [&](const Param<T>* maybe_p) { return maybe_p ? tape.watch(*maybe_p) : Var<T>(); });
    const auto make_output = [&](Var<T>& output, T*& data) {
        auto [v, value] = tape.make(entry.units(), columns, entry.Wh.tracked());
        output = v, data = value.data();
    };
    make_output(entry.h, entry.h_data);
    if constexpr (K::memory) {
        entry.maybe_c0 = start.c;
        make_output(entry.maybe_c, entry.maybe_c_data);
    }
    if (entry.recorded()) {
        entry.maybe_z = tape.template buffer<T>(entry.z_stride() * columns);
        entry.maybe_saved = tape.template buffer<T>(K::saved_blocks * entry.units() * columns);
    }
    return entry;
}

/// The scratch of the forward pass, valid until it ends; shapes as in kernels::ForwardPass. z and saved are one chunk, or
/// nothing where a backward pass may follow.
template <class T> struct ForwardRoom { T *Wh_packed, *Wx_packed, *z, *saved, *state, *work; };
template <class K, class Input, class T = typename K::Scalar>
ForwardRoom<T> forward_room(const FusedEntry<K, Input>& entry, const kernels::Operands<T>& o, kernels::Parts<T>& parts) {
    const Index batch = entry.layout->batch;
    const Index columns = entry.recorded() ? 0 : kernels::chunk_room(*entry.layout, entry.shards());
    return {.Wh_packed = parts.take(K::pack_size(o.units)),
            .Wx_packed = parts.take(entry.input.packed_size(entry.Wx)),
            .z = parts.take(o.z_stride * columns),
            .saved = parts.take(K::saved_blocks * o.units * columns),
            .state = parts.take(o.place_stride * batch),
            .work = parts.take(o.place_stride * batch)};
}

/// The scratch of the backward pass, valid until it ends; shapes as in kernels::BackwardPass. outer: outer_scratch numbers for
/// each shard.
template <class T> struct BackwardRoom {
    T *Wh_packed, *Wx_packed, *carry_h, *carry_c, *work, *outer;
    Index* previous_columns;
};
template <class K, class Input, class T = typename K::Scalar>
BackwardRoom<T> backward_room(const FusedEntry<K, Input>& entry, const kernels::Operands<T>& o, kernels::Parts<T>& parts) {
    const Index batch = entry.layout->batch;
    return {.Wh_packed = parts.take(K::pack_back_size(o.units)),
            .Wx_packed = parts.take(entry.input.packed_back_size(entry.Wx)),
            .carry_h = parts.take(o.place_stride * batch),
            .carry_c = parts.take(K::memory ? o.place_stride * batch : 0),
            .work = parts.take(o.place_stride * batch),
            .outer = parts.take(kernels::outer_scratch<T> * entry.shards()),
            .previous_columns = parts.template take<Index>(entry.layout->columns())};
}

/// Makes the tape's scratch as large as the backward pass will need, so that it need not allocate.
template <class K, class Input> void reserve_backward(const FusedEntry<K, Input>& entry) {
    take_scratch(entry.tape(), [&](auto& parts) { return backward_room(entry, entry.operands(), parts); });
}

/// Computes h (and c) and, if a backward pass may follow, the z and saved that it will read.
template <class K, class Input> void forward_pass(const FusedEntry<K, Input>& entry) {
    using T = typename K::Scalar;
    const auto o = entry.operands();
    const auto room = take_scratch(entry.tape(), [&](auto& parts) { return forward_room(entry, o, parts); });
    K::pack(o.units, entry.Wh.value().data(), o.extra_params, room.Wh_packed);
    const kernels::ForwardPass<T> pass{.packed = room.Wh_packed,
                                       .h = entry.h_data,
                                       .maybe_c = entry.maybe_c_data,
                                       .z = entry.recorded() ? entry.maybe_z : room.z,
                                       .saved = entry.recorded() ? entry.maybe_saved : room.saved,
                                       .holds_all = entry.recorded(),
                                       .first_column = 0,
                                       .state = room.state,
                                       .work = room.work};
    const auto input = entry.input.for_forward(entry.Wx, entry.b, room.Wx_packed);
    kernels::forward<K>(o, pass, input, *entry.layout, entry.reversed, entry.tape().threads());
}

/// Adds the gradients of the input, the parameters and the initial state, if a gradient of h or c has arrived.
template <class K, class Input> void backward_pass(const FusedEntry<K, Input>& entry) {
    using T = typename K::Scalar;
    const auto arrived = [](Var<T> v) { return !v.empty() && v.reached() ? gradient_data(v) : nullptr; };
    T *const maybe_dh = arrived(entry.h), *const maybe_dc = arrived(entry.maybe_c);
    if (!maybe_dh && !maybe_dc) return;
    const auto o = entry.operands();
    const auto room = take_scratch(entry.tape(), [&](auto& parts) { return backward_room(entry, o, parts); });
    K::pack_back(o.units, entry.Wh.value().data(), o.extra_params, room.Wh_packed);
    const kernels::BackwardPass<T> pass{.packed = room.Wh_packed,
                                        .h = entry.h_data,
                                        .maybe_c = entry.maybe_c_data,
                                        .saved = entry.maybe_saved,
                                        .z = entry.maybe_z,
                                        .maybe_dh = maybe_dh,
                                        .maybe_dc = maybe_dc,
                                        .carry_h = room.carry_h,
                                        .maybe_carry_c = K::memory ? room.carry_c : nullptr,
                                        .work = room.work,
                                        .previous_columns = room.previous_columns};
    kernels::WeightGradients<T> weights{.Wh = gradient_data(entry.Wh), .extra_params = {}};
    std::ranges::transform(entry.extra_params, weights.extra_params.begin(), gradient_data<T>);
    const auto input = entry.input.for_backward(entry.Wx, entry.b, room.Wx_packed);
    kernels::backward<K>(o, pass, input, weights, *entry.layout, entry.reversed, room.outer, entry.tape().threads());
    const auto carried = [&](const T* carry) {
        return Eigen::Map<const Mat<T>, 0, Eigen::OuterStride<>>(carry, o.units, entry.layout->batch,
                                                                 Eigen::OuterStride<>(o.place_stride));
    };
    entry.h0.accumulate(carried(room.carry_h));
    if constexpr (K::memory) entry.maybe_c0.accumulate(carried(room.carry_c));
}

/// The same values and gradients as unroll_steps(), in one entry of the tape. input: a FeatureInput or TableInput on the tape
/// of s0, whose value has been computed. check_params() must have passed. layout: lives until the tape's clear(). s0: each
/// field units × batch, in the user's order.
template <FusedCell C, class Input, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_fused(const C& cell, const Input& input, const Layout* layout, bool reversed,
                                     const StateOf<C, Var<T>>& s0) {
    using K = typename KernelOf<C>::type;
    const auto entry = prepare_entry<K>(cell, input, layout, reversed, s0);
    if (entry.recorded()) {  // what may throw comes first
        reserve_backward(entry);
        entry.tape().on_backward([entry] { backward_pass(entry); });
    }
    forward_pass(entry);
    const auto trajectory = [&](Var<T> all, Var<T> initial) { return columns_of(all, layout, initial, reversed); };
    if constexpr (K::memory)
        return {.h = trajectory(entry.h, s0.h), .c = trajectory(entry.maybe_c, s0.c)};
    else
        return {.h = trajectory(entry.h, s0.h)};
}

}  // namespace detail

}  // namespace bptt
