#pragma once

#include "bptt/core/options.hpp"
#include "bptt/kernels/passes.hpp"

namespace bptt::kernels {

/// a = W_x x_t + b, row blocks r, u, n;  r, u = σ(a + U h_{t−1}),  h_t = (1 − u) n + u h_{t−1},
///   n = tanh(a + U (r h_{t−1}))              reset before the product; saved: r h_{t−1}
///   n = tanh(a + r (U h_{t−1} + bh))         reset after it; a fourth row block of z holds U h_{t−1} + bh, then its gradient
template <class T, Reset R> struct Gru {
    using Scalar = T;
    static constexpr bool after = R == Reset::after, memory = false;
    static constexpr Index gates = 3, z_blocks = after ? 4 : 3, saved_blocks = after ? 0 : 1;
    static constexpr Index inner = after ? 3 : 2;  // the row block of z that U's n rows are multiplied into

    static Index extra_columns(Index) { return 1; }
    static Index pack_size(Index H) { return packed_size<T>(2 * H, H) + packed_size<T>(H, H); }
    static Index pack_back_size(Index H) { return packed_size<T>(H, 2 * H) + packed_size<T>(H, H); }
    static void pack(Index H, const T* Wh, const ExtraParams<const T*>&, T* out) {
        kernels::pack(Wh, 1, 3 * H, 2 * H, H, out);
        kernels::pack(Wh + 2 * H, 1, 3 * H, H, H, out + packed_size<T>(2 * H, H));
    }
    static void pack_back(Index H, const T* Wh, const ExtraParams<const T*>&, T* out) {
        kernels::pack(Wh, 3 * H, 1, H, 2 * H, out);
        kernels::pack(Wh + 2 * H, 3 * H, 1, H, H, out + packed_size<T>(H, 2 * H));
    }

    template <class Input> static void forward(const Operands<T>& o, const ForwardPass<T>& f, const Input& in, const Run& r) {
        const Index H = o.units;
        T *const z = f.z_at(r.column, o.z_stride), *const state = f.state + r.place * o.place_stride;
        T* const reset_state = f.work + r.place * o.place_stride;  // r h_{t−1}
        const T* const U_n = f.packed + packed_size<T>(2 * H, H);
        multiply(f.packed, 2 * H, H, state, o.place_stride, r.count, z, o.z_stride, Input::projected, o.single);
        if constexpr (after) multiply(U_n, H, H, state, o.place_stride, r.count, z + inner * H, o.z_stride, false, o.single);
        forward_gates(o, f, in, r);
        if constexpr (!after)
            multiply(U_n, H, H, reset_state, o.place_stride, r.count, z + inner * H, o.z_stride, Input::projected, o.single);
        forward_state(o, f, in, r);
    }

    static void backward(const Operands<T>& o, const BackwardPass<T>& b, const Run& r) {
        const Index H = o.units;
        T *const z = b.z + r.column * o.z_stride, *const carry = b.carry_h + r.place * o.place_stride;
        const T* const U_n = b.packed + packed_size<T>(H, 2 * H);
        backward_state(o, b, r);
        if constexpr (after) {
            multiply(U_n, H, H, z + inner * H, o.z_stride, r.count, carry, o.place_stride, true, o.single);
        } else {
            T* const d_reset_state = b.work + r.place * o.place_stride;
            multiply(U_n, H, H, z + inner * H, o.z_stride, r.count, d_reset_state, o.place_stride, false, o.single);
            backward_reset(o, b, r);
        }
        multiply(b.packed, H, 2 * H, z, o.z_stride, r.count, carry, o.place_stride, true, o.single);
    }

    static void weights(const Operands<T>& o, const BackwardPass<T>& b, const WeightGradients<T>& g,
                        const WeightShare<T>& share) {
        const Index H = o.units;
        const auto h_previous = previous_states(b.h, o.h0, H, b.previous_columns);
        const auto reset_state = [&](Index j) { return b.saved + j * H; };
        add_recurrent(o, b, 0, 2 * H, h_previous, g.Wh, 3 * H, nullptr, share);
        if constexpr (after)
            add_recurrent(o, b, inner * H, H, h_previous, g.Wh + 2 * H, 3 * H, g.extra_params[0], share);
        else
            add_recurrent(o, b, inner * H, H, reset_state, g.Wh + 2 * H, 3 * H, nullptr, share);
    }

private:
    /// Computes the gates r and u from z and, with the reset before the product, r h_{t−1}.
    static void forward_gates(const Operands<T>& o, const ForwardPass<T>& f, const auto& in, const Run& r) {
        const Index H = o.units;
        T *const z = f.z_at(r.column, o.z_stride), *const saved = f.saved_at(r.column, H);
        for (Index j = 0; j < r.count; ++j) {
            T* const gate = z + j * o.z_stride;
            const auto inside = in.preactivation(gate, r.column + j);
            each_packet<T>(2 * H, [&](Index k, auto lanes) { lanes.store(gate + k, sigmoid(inside.load(lanes, k))); });
            if constexpr (after) continue;
            const T* const h_previous = f.state + (r.place + j) * o.place_stride;
            T *const reset_state = f.work + (r.place + j) * o.place_stride, *const saved_state = saved + j * H;
            each_packet<T>(H, [&](Index k, auto lanes) {
                const auto rh = lanes.load(gate + k) * lanes.load(h_previous + k);
                lanes.store(reset_state + k, rh);
                lanes.store(saved_state + k, rh);
            });
        }
    }

    /// n and h_t from z and the gates.
    static void forward_state(const Operands<T>& o, const ForwardPass<T>& f, const auto& in, const Run& r) {
        const Index H = o.units;
        T* const z = f.z_at(r.column, o.z_stride);
        for (Index j = 0; j < r.count; ++j) {
            T *const gate = z + j * o.z_stride, *const state = f.state + (r.place + j) * o.place_stride;
            const auto inside = in.preactivation(gate, r.column + j);
            T *const h_out = f.h + (r.column + j) * H, *const next_h = h_out + r.to_next(j, H);
            each_packet<T>(H, [&, bh = o.extra_params[0]](Index k, auto lanes) {
                fetch_to_write(next_h + k);
                auto n = Packet<T>::of(0);
                if constexpr (after) {
                    const auto Uh = lanes.load(gate + 3 * H + k) + lanes.load(bh + k);
                    lanes.store(gate + 3 * H + k, Uh);
                    n = madd(lanes.load(gate + k), Uh, inside.load_input(lanes, 2 * H + k));
                } else {
                    n = inside.load(lanes, 2 * H + k);
                }
                n = tanh(n);
                const auto u = lanes.load(gate + H + k), h = madd(u, lanes.load(state + k), (Packet<T>::of(1) - u) * n);
                lanes.store(gate + 2 * H + k, n);
                lanes.store(h_out + k, h);
                lanes.store(state + k, h);
            });
        }
    }

    /// Computes the gradients of the preactivations of u and n, and writes u dh to the carry; with the reset after the product
    /// also the gradients of the preactivation of r and of U h_{t−1} + bh.
    static void backward_state(const Operands<T>& o, const BackwardPass<T>& b, const Run& r) {
        const Index H = o.units;
        const T* const h_first = previous_state(b.h, o.h0, H, r);
        for (Index j = 0; j < r.count; ++j) {
            T *const gate = b.z + (r.column + j) * o.z_stride, *const carry = b.carry_h + (r.place + j) * o.place_stride;
            const T *const dh_out = b.maybe_dh + (r.column + j) * H, *const h_previous = h_first + j * H;
            const T* const next_gate = gate + r.to_next(j, o.z_stride);
            const Index next = r.to_next(j, H);
            each_packet<T>(H, [&](Index k, auto lanes) {
                for (Index row = k; row < z_blocks * H; row += H) fetch_to_write(next_gate + row);
                fetch(h_previous + next + k, dh_out + next + k);
                const auto dh = lanes.load(carry + k) + lanes.load(dh_out + k);
                const auto u = lanes.load(gate + H + k), n = lanes.load(gate + 2 * H + k);
                const auto dN = tanh_pullback(dh * (Packet<T>::of(1) - u), n);
                lanes.store(gate + H + k, sigmoid_pullback(dh * (lanes.load(h_previous + k) - n), u));
                lanes.store(gate + 2 * H + k, dN);
                lanes.store(carry + k, dh * u);
                if constexpr (after) {
                    const auto reset = lanes.load(gate + k);
                    lanes.store(gate + k, sigmoid_pullback(dN * lanes.load(gate + 3 * H + k), reset));
                    lanes.store(gate + 3 * H + k, dN * reset);
                }
            });
        }
    }

    /// From the gradient d of r h_{t−1} computes that of the preactivation of r, and adds r d to the carry.
    static void backward_reset(const Operands<T>& o, const BackwardPass<T>& b, const Run& r) {
        const Index H = o.units;
        const T* const h_first = previous_state(b.h, o.h0, H, r);
        for (Index j = 0; j < r.count; ++j) {
            T *const gate = b.z + (r.column + j) * o.z_stride, *const carry = b.carry_h + (r.place + j) * o.place_stride;
            const T *const d_reset_state = b.work + (r.place + j) * o.place_stride, *const h_previous = h_first + j * H;
            each_packet<T>(H, [&](Index k, auto lanes) {
                const auto reset = lanes.load(gate + k), d = lanes.load(d_reset_state + k);
                lanes.store(carry + k, madd(d, reset, lanes.load(carry + k)));
                lanes.store(gate + k, sigmoid_pullback(d * lanes.load(h_previous + k), reset));
            });
        }
    }
};

static_assert(RecurrentKernel<Gru<float, Reset::before>> && RecurrentKernel<Gru<float, Reset::after>>);

}  // namespace bptt::kernels
