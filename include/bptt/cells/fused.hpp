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
template <FusedCell C> void check_params(const C& cell) {
    using K = typename KernelOf<C>::type;
    const Index H = cell.units();
    C::params(cell, [&](std::string_view name, const auto& p) {
        const bool extra = name != "Wx" && name != "Wh" && name != "b";
        const Index columns = name == "Wx" ? cell.inputs() : name == "Wh" ? H : extra ? K::extra_columns(H) : 1;
        const Shape expected{.rows = extra ? H : K::gates * H, .cols = columns};
        throw_unless(shape(p) == expected, "unroll: the cell's ", name, " is ", shape(p), ", not ", expected, ", as Wh is ",
                     shape(cell.Wh));
    });
}

/// One batch that the kernel K runs over: all that its entry of the tape remembers until clear().
template <class K, class Input> struct FusedRun {
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

/// Watches the parameters, and takes the memory of the outputs and of what a backward pass will read.
template <class K, class C, class Input, class T = typename K::Scalar>
FusedRun<K, Input> prepare_run(const C& cell, const Input& input, const Layout* layout, bool reversed,
                               const StateOf<C, Var<T>>& s0) {
    auto& tape = s0.h.tape();
    const Index columns = layout->columns();
    const auto start = map_state(s0, [&](const Var<T>& v) {
        v.value();  // a deferred state is computed, and recorded, before the kernel
        return to_inside_order(v, *layout);
    });
    FusedRun<K, Input> run{.input = input,
                           .layout = layout,
                           .reversed = reversed,
                           .Wx = tape.watch(cell.Wx),
                           .Wh = tape.watch(cell.Wh),
                           .b = tape.watch(cell.b),
                           .h0 = start.h};
    std::ranges::transform(cell.extra_params(), run.extra_params.begin(),
                           [&](const Param<T>* maybe_p) { return maybe_p ? tape.watch(*maybe_p) : Var<T>(); });
    const auto make_output = [&](Var<T>& output, T*& data) {
        auto [v, value] = tape.make(run.units(), columns, run.Wh.tracked());
        output = v, data = value.data();
    };
    make_output(run.h, run.h_data);
    if constexpr (K::memory) {
        run.maybe_c0 = start.c;
        make_output(run.maybe_c, run.maybe_c_data);
    }
    if (run.recorded()) {
        run.maybe_z = tape.template buffer<T>(run.z_stride() * columns);
        run.maybe_saved = tape.template buffer<T>(K::saved_blocks * run.units() * columns);
    }
    return run;
}

/// The scratch of the forward pass, valid until it ends; shapes as in kernels::ForwardPass. z and saved are one chunk, or
/// nothing where a backward pass may follow.
template <class T> struct ForwardRoom { T *Wh_packed, *Wx_packed, *z, *saved, *state, *work; };
template <class K, class Input, class T = typename K::Scalar>
ForwardRoom<T> forward_room(const FusedRun<K, Input>& run, const kernels::Operands<T>& o, kernels::Parts<T>& parts) {
    const Index batch = run.layout->batch, columns = run.recorded() ? 0 : kernels::chunk_room(*run.layout, run.shards());
    return {.Wh_packed = parts.take(K::pack_size(o.units)),
            .Wx_packed = parts.take(run.input.packed_size(run.Wx)),
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
BackwardRoom<T> backward_room(const FusedRun<K, Input>& run, const kernels::Operands<T>& o, kernels::Parts<T>& parts) {
    const Index batch = run.layout->batch;
    return {.Wh_packed = parts.take(K::pack_back_size(o.units)),
            .Wx_packed = parts.take(run.input.packed_back_size(run.Wx)),
            .carry_h = parts.take(o.place_stride * batch),
            .carry_c = parts.take(K::memory ? o.place_stride * batch : 0),
            .work = parts.take(o.place_stride * batch),
            .outer = parts.take(kernels::outer_scratch<T> * run.shards()),
            .previous_columns = parts.template take<Index>(run.layout->columns())};
}

/// Makes the tape's scratch as large as the backward pass will need, so that it need not allocate.
template <class K, class Input> void reserve_backward(const FusedRun<K, Input>& run) {
    take_scratch(run.tape(), [&](auto& parts) { return backward_room(run, run.operands(), parts); });
}

/// Writes h (and c), and z and saved where they are kept.
template <class K, class Input> void run_forward(const FusedRun<K, Input>& run) {
    using T = typename K::Scalar;
    const auto o = run.operands();
    const auto room = take_scratch(run.tape(), [&](auto& parts) { return forward_room(run, o, parts); });
    K::pack(o.units, run.Wh.value().data(), o.extra_params, room.Wh_packed);
    const kernels::ForwardPass<T> pass{.packed = room.Wh_packed,
                                       .h = run.h_data,
                                       .maybe_c = run.maybe_c_data,
                                       .z = run.recorded() ? run.maybe_z : room.z,
                                       .saved = run.recorded() ? run.maybe_saved : room.saved,
                                       .holds_all = run.recorded(),
                                       .first_column = 0,
                                       .state = room.state,
                                       .work = room.work};
    const auto input = run.input.for_forward(run.Wx, run.b, room.Wx_packed);
    kernels::forward<K>(o, pass, input, *run.layout, run.reversed, run.tape().threads());
}

/// Adds the gradients of the input, the parameters and the initial state, if a gradient of h or c has arrived.
template <class K, class Input> void run_backward(const FusedRun<K, Input>& run) {
    using T = typename K::Scalar;
    const auto arrived = [](Var<T> v) { return !v.empty() && v.reached() ? gradient_data(v) : nullptr; };
    T *const maybe_dh = arrived(run.h), *const maybe_dc = arrived(run.maybe_c);
    if (!maybe_dh && !maybe_dc) return;
    const auto o = run.operands();
    const auto room = take_scratch(run.tape(), [&](auto& parts) { return backward_room(run, o, parts); });
    K::pack_back(o.units, run.Wh.value().data(), o.extra_params, room.Wh_packed);
    const kernels::BackwardPass<T> pass{.packed = room.Wh_packed,
                                        .h = run.h_data,
                                        .maybe_c = run.maybe_c_data,
                                        .saved = run.maybe_saved,
                                        .z = run.maybe_z,
                                        .maybe_dh = maybe_dh,
                                        .maybe_dc = maybe_dc,
                                        .carry_h = room.carry_h,
                                        .maybe_carry_c = K::memory ? room.carry_c : nullptr,
                                        .work = room.work,
                                        .previous_columns = room.previous_columns};
    kernels::WeightGradients<T> weights{.Wh = gradient_data(run.Wh), .extra_params = {}};
    std::ranges::transform(run.extra_params, weights.extra_params.begin(), gradient_data<T>);
    const auto input = run.input.for_backward(run.Wx, run.b, room.Wx_packed);
    kernels::backward<K>(o, pass, input, weights, *run.layout, run.reversed, room.outer, run.tape().threads());
    const auto carried = [&](const T* carry) {
        return Eigen::Map<const Mat<T>, 0, Eigen::OuterStride<>>(carry, o.units, run.layout->batch,
                                                                 Eigen::OuterStride<>(o.place_stride));
    };
    run.h0.accumulate(carried(room.carry_h));
    if constexpr (K::memory) run.maybe_c0.accumulate(carried(room.carry_c));
}

/// The same values and gradients as unroll_steps(), in one entry of the tape. input: ProjectedInput or TableInput, on the tape
/// that s0 is on; its value has been looked at. check_params() has passed. layout: lives until the tape's clear(). s0: each
/// field units × batch, in the user's order.
template <FusedCell C, class Input, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_fused(const C& cell, const Input& input, const Layout* layout, bool reversed,
                                     const StateOf<C, Var<T>>& s0) {
    using K = typename KernelOf<C>::type;
    const auto run = prepare_run<K>(cell, input, layout, reversed, s0);
    if (run.recorded()) {  // what may throw comes first
        reserve_backward(run);
        run.tape().on_backward([run] { run_backward(run); });
    }
    run_forward(run);
    const auto trajectory = [&](Var<T> all, Var<T> initial) {
        return Sequence<T>{.all = all, .layout = layout, .initial = initial, .reversed = reversed};
    };
    if constexpr (K::memory)
        return {.h = trajectory(run.h, s0.h), .c = trajectory(run.maybe_c, s0.c)};
    else
        return {.h = trajectory(run.h, s0.h)};
}

}  // namespace detail

}  // namespace bptt
