#pragma once

#include "bptt/core/options.hpp"
#include "bptt/kernels/recurrence.hpp"

namespace bptt::kernels {

/// z = inflow (row blocks r, u, n);  r, u = σ(z + U h_{t−1}),  h_t = (1 − u) n + u h_{t−1},
///   n = tanh(z + U (r h_{t−1}))              before; kept: r h_{t−1}
///   n = tanh(z + r (U h_{t−1} + bh))         after; a fourth row block of z holds U h_{t−1} + bh, then its gradient
template <class T, Reset R> struct Gru {
    static constexpr bool after = R == Reset::after, memory = false;
    static constexpr Index gates = 3, Z = after ? 4 : 3, kept = after ? 0 : 1;
    static constexpr Index inner = after ? 3 : 2;  // the row block of z that U's n rows are multiplied into

    static Index extra_columns(Index) { return 1; }
    static Index pack_size(Index H) { return packed_size<T>(2 * H, H) + packed_size<T>(H, H); }
    static Index pack_back_size(Index H) { return packed_size<T>(H, 2 * H) + packed_size<T>(H, H); }
    static void pack(Index H, const T* Wh, const Extra<const T*>&, T* out) {
        kernels::pack(Wh, 1, 3 * H, 2 * H, H, out);
        kernels::pack(Wh + 2 * H, 1, 3 * H, H, H, out + packed_size<T>(2 * H, H));
    }
    static void pack_back(Index H, const T* Wh, const Extra<const T*>&, T* out) {
        kernels::pack(Wh, 3 * H, 1, H, 2 * H, out);
        kernels::pack(Wh + 2 * H, 3 * H, 1, H, H, out + packed_size<T>(H, 2 * H));
    }

    static void forward(const Trace<T>& s, const Inflow<T>& in, Run r) {
        const Index H = s.units;
        T *const z = s.z + r.column * s.z_stride, *const state = s.state + r.place * s.stride;
        T* const reset = s.work + r.place * s.stride;  // r h_{t−1}
        const T* const U_n = s.packed + packed_size<T>(2 * H, H);
        multiply(s.packed, 2 * H, H, state, s.stride, r.count, z, s.z_stride, !in.table, s.single);
        if constexpr (after) multiply(U_n, H, H, state, s.stride, r.count, z + inner * H, s.z_stride, false, s.single);
        for (Index j = 0; j < r.count; ++j) {
            const Arrived<T> arrived(s, in, r.column + j);
            T* const gate = z + j * s.z_stride;
            each_packet<T>(2 * H, [&](Index k, auto lanes) { lanes.store(gate + k, sigmoid(arrived.load(lanes, k))); });
            if constexpr (after) continue;
            each_packet<T>(H, [&](Index k, auto lanes) {
                const auto rh = lanes.load(gate + k) * lanes.load(state + j * s.stride + k);
                lanes.store(reset + j * s.stride + k, rh);
                lanes.store(s.kept + (r.column + j) * H + k, rh);
            });
        }
        if constexpr (!after) multiply(U_n, H, H, reset, s.stride, r.count, z + inner * H, s.z_stride, !in.table, s.single);
        for (Index j = 0; j < r.count; ++j) {
            const Arrived<T> arrived(s, in, r.column + j);
            T *const gate = z + j * s.z_stride, *const before = state + j * s.stride;
            T *const out = s.h + (r.column + j) * H, *const next = out + r.to_next(j, H);
            each_packet<T>(H, [&](Index k, auto lanes) {
                fetch_to_write(next + k);
                auto n = Packet<T>::of(0);
                if constexpr (after) {
                    const auto Uh = lanes.load(gate + 3 * H + k) + lanes.load(s.extra[0] + k);
                    lanes.store(gate + 3 * H + k, Uh);
                    n = madd(lanes.load(gate + k), Uh, arrived.load_inflow(lanes, 2 * H + k));
                } else {
                    n = arrived.load(lanes, 2 * H + k);
                }
                n = tanh(n);
                const auto u = lanes.load(gate + H + k), h = madd(u, lanes.load(before + k), (Packet<T>::of(1) - u) * n);
                lanes.store(gate + 2 * H + k, n);
                lanes.store(out + k, h);
                lanes.store(before + k, h);
            });
        }
    }
    static void backward(const Trace<T>& s, Run r) {
        const Index H = s.units, rows = Z * H;
        T *const z = s.z + r.column * s.z_stride, *const carry = s.carry_h + r.place * s.stride;
        const T *const before = s.h_before(r), *const U_n = s.packed_back + packed_size<T>(H, 2 * H);
        for (Index j = 0; j < r.count; ++j) {
            T *const gate = z + j * s.z_stride, *const back = carry + j * s.stride;
            const T *const out = s.dh + (r.column + j) * H, *const h_before = before + j * H;
            each_packet<T>(H, [&](Index k, auto lanes) {
                const T* const next_gate = gate + r.to_next(j, s.z_stride);
                for (Index row = k; row < rows; row += H) fetch_to_write(next_gate + row);
                fetch(h_before + r.to_next(j, H) + k, out + r.to_next(j, H) + k);
                const auto dh = lanes.load(back + k) + lanes.load(out + k);
                const auto u = lanes.load(gate + H + k), n = lanes.load(gate + 2 * H + k);
                const auto dN = tanh_pullback(dh * (Packet<T>::of(1) - u), n);
                lanes.store(gate + H + k, sigmoid_pullback(dh * (lanes.load(h_before + k) - n), u));
                lanes.store(gate + 2 * H + k, dN);
                lanes.store(back + k, dh * u);
                if constexpr (after) {
                    const auto reset = lanes.load(gate + k);
                    lanes.store(gate + k, sigmoid_pullback(dN * lanes.load(gate + 3 * H + k), reset));
                    lanes.store(gate + 3 * H + k, dN * reset);
                }
            });
        }
        if constexpr (after) {
            multiply(U_n, H, H, z + inner * H, s.z_stride, r.count, carry, s.stride, true, s.single);
        } else {
            T* const d_reset = s.work + r.place * s.stride;  // of r h_{t−1}
            multiply(U_n, H, H, z + inner * H, s.z_stride, r.count, d_reset, s.stride, false, s.single);
            for (Index j = 0; j < r.count; ++j) {
                T *const gate = z + j * s.z_stride, *const back = carry + j * s.stride;
                each_packet<T>(H, [&](Index k, auto lanes) {
                    const auto reset = lanes.load(gate + k), d = lanes.load(d_reset + j * s.stride + k);
                    lanes.store(back + k, madd(d, reset, lanes.load(back + k)));
                    lanes.store(gate + k, sigmoid_pullback(d * lanes.load(before + j * H + k), reset));
                });
            }
        }
        multiply(s.packed_back, H, 2 * H, z, s.z_stride, r.count, carry, s.stride, true, s.single);
    }
    static void weights(const Trace<T>& s, const Gradients<T>& g, Index parts, Index k, Index columns, const Index* before,
                        T* scratch) {
        const Index H = s.units;
        const auto h_before = states_before(s.h, s.h0, H, before);
        const auto reset_state = [&](Index j) { return s.kept + j * H; };
        add_recurrent(s, 0, 2 * H, columns, h_before, g.Wh, 3 * H, nullptr, parts, k, scratch);
        if constexpr (after)
            add_recurrent(s, inner * H, H, columns, h_before, g.Wh + 2 * H, 3 * H, g.extra[0], parts, k, scratch);
        else
            add_recurrent(s, inner * H, H, columns, reset_state, g.Wh + 2 * H, 3 * H, nullptr, parts, k, scratch);
    }
};

}  // namespace bptt::kernels
