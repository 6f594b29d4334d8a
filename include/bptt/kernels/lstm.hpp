#pragma once

#include "bptt/core/options.hpp"
#include "bptt/kernels/passes.hpp"

namespace bptt::kernels {

/// z = W_x x_t + b + W_h h_{t−1}, row blocks i, f, g, o;  c_t = σ(f) c_{t−1} + σ(i) tanh(g),  h_t = σ(o) tanh(c_t); with
/// peepholes P c inside the σ. saved: tanh(c_t).
template <class T, Peephole P> struct Lstm {
    using Scalar = T;
    static constexpr Index gates = 4, z_blocks = 4, saved_blocks = 1;
    static constexpr bool memory = true;
    static constexpr bool full = P == Peephole::full;
    static constexpr bool unit_by_unit = P == Peephole::current || P == Peephole::previous;  // P is a column: P ⊙ c
    static constexpr std::array<Index, 3> peephole_blocks{0, 1, 3};                          // the row blocks of Pi, Pf, Po

    static Index extra_columns(Index H) { return full ? H : 1; }
    static Index pack_size(Index H) { return packed_size<T>(4 * H, H) + (full ? 3 * packed_size<T>(H, H) : 0); }
    static Index pack_back_size(Index H) { return packed_size<T>(H, 4 * H) + (full ? 3 * packed_size<T>(H, H) : 0); }
    static void pack(Index H, const T* Wh, const ExtraParams<const T*>& peepholes, T* out) {
        kernels::pack(Wh, 1, 4 * H, 4 * H, H, out);
        out += packed_size<T>(4 * H, H);
        if constexpr (full)
            for (const T* m : peepholes) kernels::pack(m, 1, H, H, H, out), out += packed_size<T>(H, H);
    }
    static void pack_back(Index H, const T* Wh, const ExtraParams<const T*>& peepholes, T* out) {
        kernels::pack(Wh, 4 * H, 1, H, 4 * H, out);
        out += packed_size<T>(H, 4 * H);
        if constexpr (full)
            for (const T* m : peepholes) kernels::pack(m, H, 1, H, H, out), out += packed_size<T>(H, H);
    }

    template <class Input>
    static void forward(const Operands<T>& o, const ForwardPass<T>& pass, const Input& in, const Run& r) {
        const Index H = o.units;
        T *const z = pass.z_at(r.column, o.z_stride), *const saved = pass.saved_at(r.column, H);
        T* const state = pass.state + r.place * o.place_stride;
        const T* const c_previous = previous_state<T>(pass.maybe_c, o.maybe_c0, H, r);
        multiply(pass.packed, 4 * H, H, state, o.place_stride, r.count, z, o.z_stride, Input::projected, o.single);
        if constexpr (full)
            for (Index p = 0; p < 3; ++p)
                multiply(pass.packed + packed_size<T>(4 * H, H) + p * packed_size<T>(H, H), H, H, c_previous, H, r.count,
                         z + peephole_blocks[static_cast<std::size_t>(p)] * H, o.z_stride, true, o.single);
        for (Index j = 0; j < r.count; ++j)
            forward_column(o.extra_params,
                           {.gates = z + j * o.z_stride,
                            .c_previous = c_previous + j * H,
                            .h = pass.h + (r.column + j) * H,
                            .c = pass.maybe_c + (r.column + j) * H,
                            .tanh_c = saved + j * H,
                            .state = state + j * o.place_stride},
                           in.preactivation(z + j * o.z_stride, r.column + j), H, r.to_next(j, H));
    }

    static void backward(const Operands<T>& o, const BackwardPass<T>& pass, const Run& r) {
        const Index H = o.units;
        T* const z = pass.z + r.column * o.z_stride;
        T* const carry_h = pass.carry_h + r.place * o.place_stride;
        T* const carry_c = pass.maybe_carry_c + r.place * o.place_stride;
        const T* const c_previous = previous_state(pass.maybe_c, o.maybe_c0, H, r);
        for (Index j = 0; j < r.count; ++j) {
            const Index at = (r.column + j) * H;
            backward_column(o.extra_params,
                            {.gates = z + j * o.z_stride,
                             .next_gates = z + j * o.z_stride + r.to_next(j, o.z_stride),
                             .c_previous = c_previous + j * H,
                             .tanh_c = pass.saved + at,
                             .maybe_dh = pass.maybe_dh ? pass.maybe_dh + at : nullptr,
                             .maybe_dc = pass.maybe_dc ? pass.maybe_dc + at : nullptr,
                             .carry_h = carry_h + j * o.place_stride,
                             .carry_c = carry_c + j * o.place_stride},
                            H, r.to_next(j, H));
        }
        multiply(pass.packed, H, 4 * H, z, o.z_stride, r.count, carry_h, o.place_stride, false, o.single);
        if constexpr (full)
            for (Index p = 0; p < 3; ++p)
                multiply(pass.packed + packed_size<T>(H, 4 * H) + p * packed_size<T>(H, H), H, H,
                         z + peephole_blocks[static_cast<std::size_t>(p)] * H, o.z_stride, r.count, carry_c, o.place_stride,
                         true, o.single);
    }

    static void weights(const Operands<T>& o, const BackwardPass<T>& b, const WeightGradients<T>& g,
                        const WeightShare<T>& share) {
        const Index H = o.units;
        const auto h_previous = previous_states(b.h, o.h0, H, b.previous_columns);
        const auto c_previous = previous_states(b.maybe_c, o.maybe_c0, H, b.previous_columns);
        add_recurrent(o, b, 0, 4 * H, h_previous, g.Wh, 4 * H, nullptr, share);
        for (std::size_t p = 0; P != Peephole::none && p < 3; ++p) {
            const Index row = peephole_blocks[p] * H;
            if constexpr (full) {
                add_recurrent(o, b, row, H, c_previous, g.extra_params[p], H, nullptr, share);
            } else {
                const auto c_new = [&](Index j) { return b.maybe_c + j * H; };
                if (P == Peephole::current && p == 2)
                    add_peephole(o, b, row, c_new, g.extra_params[p], share);
                else
                    add_peephole(o, b, row, c_previous, g.extra_params[p], share);
            }
        }
    }

private:
    /// Pointers to the numbers of one column: H numbers each, unless a comment says otherwise.
    struct ForwardColumn {
        T* gates;                   // 4H: in z, out the gates i, f, g, o
        const T* c_previous;        // in
        T *h, *c, *tanh_c, *state;  // out; h and state are the same numbers
    };
    struct BackwardColumn {
        T* gates;                      // 4H: in the gates, out the gradients of their preactivations
        const T* next_gates;           // of the run's next column, for the prefetch
        const T *c_previous, *tanh_c;  // in
        const T *maybe_dh, *maybe_dc;  // in; null if no gradient arrived
        const T* carry_h;              // in: the gradient of h from the next step
        T* carry_c;                    // in the gradient of c from the next step, out that of c_previous
    };

    /// next: how far it is to the run's next column in h, c and tanh_c, for the prefetch.
    static void forward_column(const ExtraParams<const T*>& peepholes, const ForwardColumn& at, const auto& inside, Index H,
                               Index next) {
        [[maybe_unused]] const T *const Pi = peepholes[0], *const Pf = peepholes[1], *const Po = peepholes[2];
        each_packet<T>(H, [&](Index k, auto lanes) {
            fetch_to_write(at.h + next + k, at.c + next + k, at.tanh_c + next + k);
            const auto c_previous = lanes.load(at.c_previous + k);
            auto i = inside.load(lanes, k), f = inside.load(lanes, H + k), o = inside.load(lanes, 3 * H + k);
            if constexpr (unit_by_unit) {
                i = madd(lanes.load(Pi + k), c_previous, i);
                f = madd(lanes.load(Pf + k), c_previous, f);
            }
            i = sigmoid(i), f = sigmoid(f);
            const auto g = tanh(inside.load(lanes, 2 * H + k));
            const auto c = madd(f, c_previous, i * g);
            if constexpr (unit_by_unit) o = madd(lanes.load(Po + k), P == Peephole::current ? c : c_previous, o);
            o = sigmoid(o);
            const auto tanh_c = tanh(c), h = o * tanh_c;
            lanes.store(at.gates + k, i);
            lanes.store(at.gates + H + k, f);
            lanes.store(at.gates + 2 * H + k, g);
            lanes.store(at.gates + 3 * H + k, o);
            lanes.store(at.c + k, c);
            lanes.store(at.tanh_c + k, tanh_c);
            lanes.store(at.h + k, h);
            lanes.store(at.state + k, h);
        });
    }

    static void backward_column(const ExtraParams<const T*>& peepholes, const BackwardColumn& at, Index H, Index next) {
        [[maybe_unused]] const T *const Pi = peepholes[0], *const Pf = peepholes[1], *const Po = peepholes[2];
        each_packet<T>(H, [&](Index k, auto lanes) {
            const auto i = lanes.load(at.gates + k), f = lanes.load(at.gates + H + k), g = lanes.load(at.gates + 2 * H + k),
                       o = lanes.load(at.gates + 3 * H + k), tanh_c = lanes.load(at.tanh_c + k);
            for (Index row = k; row < 4 * H; row += H) fetch_to_write(at.next_gates + row);
            fetch(at.tanh_c + next + k, at.c_previous + next + k);
            if (at.maybe_dh) fetch(at.maybe_dh + next + k);
            const auto c_previous = lanes.load(at.c_previous + k);
            const auto dh = lanes.load(at.carry_h + k) + lanes.load_if(at.maybe_dh ? at.maybe_dh + k : nullptr);
            auto dc = lanes.load(at.carry_c + k) + lanes.load_if(at.maybe_dc ? at.maybe_dc + k : nullptr);
            const auto dO = sigmoid_pullback(dh * tanh_c, o);
            dc = dc + tanh_pullback(dh * o, tanh_c);
            if constexpr (P == Peephole::current) dc = madd(lanes.load(Po + k), dO, dc);
            const auto dI = sigmoid_pullback(dc * g, i), dF = sigmoid_pullback(dc * c_previous, f);
            lanes.store(at.gates + k, dI);
            lanes.store(at.gates + H + k, dF);
            lanes.store(at.gates + 2 * H + k, tanh_pullback(dc * i, g));
            lanes.store(at.gates + 3 * H + k, dO);
            dc = dc * f;
            if constexpr (unit_by_unit) dc = madd(lanes.load(Pi + k), dI, madd(lanes.load(Pf + k), dF, dc));
            if constexpr (P == Peephole::previous) dc = madd(lanes.load(Po + k), dO, dc);
            lanes.store(at.carry_c + k, dc);
        });
    }

    /// dP += Σ_k dz_k ⊙ c(k): dz_k the rows of z from z_row on.
    static void add_peephole(const Operands<T>& o, const BackwardPass<T>& b, Index z_row, const auto& c, T* dP,
                             const WeightShare<T>& share) {
        const auto [first, count] = share.rows_of(o.units);
        for (Index j = 0; j < share.columns; ++j) {
            const T *const dz = b.z + j * o.z_stride + z_row + first, *const c_j = c(j) + first;
            T* const sum = dP + first;
            each_packet<T>(count, [&](Index i, auto lanes) {
                lanes.store(sum + i, madd(lanes.load(dz + i), lanes.load(c_j + i), lanes.load(sum + i)));
            });
        }
    }
};

static_assert(RecurrentKernel<Lstm<float, Peephole::none>> && RecurrentKernel<Lstm<float, Peephole::full>>);

}  // namespace bptt::kernels
