#pragma once

#include "bptt/kernels/recurrence.hpp"

namespace bptt::kernels {

/// h_t = φ(inflow + W_h h_{t−1})
template <class T, class Phi> struct Rnn {
    static constexpr Index gates = 1, Z = 1, kept = 0;
    static constexpr bool memory = false;

    static Index extra_columns(Index) { return 1; }
    static Index pack_size(Index H) { return packed_size<T>(H, H); }
    static Index pack_back_size(Index H) { return packed_size<T>(H, H); }
    static void pack(Index H, const T* Wh, const Extra<const T*>&, T* out) { kernels::pack(Wh, 1, H, H, H, out); }
    static void pack_back(Index H, const T* Wh, const Extra<const T*>&, T* out) { kernels::pack(Wh, H, 1, H, H, out); }

    static void forward(const Trace<T>& s, const Inflow<T>& in, Run r) {
        const Index H = s.units;
        T* const state = s.state + r.place * s.stride;
        multiply(s.packed, H, H, state, s.stride, r.count, s.z + r.column * s.z_stride, s.z_stride, !in.table, s.single);
        for (Index j = 0; j < r.count; ++j) {
            const Arrived<T> arrived(s, in, r.column + j);
            T *const out = s.h + (r.column + j) * H, *const next = out + r.to_next(j, H);
            each_packet<T>(H, [&](Index k, auto lanes) {
                fetch_to_write(next + k);
                const auto h = Phi::apply(arrived.load(lanes, k));
                lanes.store(out + k, h);
                lanes.store(state + j * s.stride + k, h);
            });
        }
    }
    /// z = φ'(z) (dh + W_hᵀ z of the next step)
    static void backward(const Trace<T>& s, Run r) {
        const Index H = s.units;
        T *const z = s.z + r.column * s.z_stride, *const carry = s.carry_h + r.place * s.stride;
        for (Index j = 0; j < r.count; ++j) {
            const Index at = (r.column + j) * H, next = at + r.to_next(j, H);
            T *const dz = z + j * s.z_stride, *const next_dz = dz + r.to_next(j, s.z_stride);
            each_packet<T>(H, [&](Index k, auto lanes) {
                fetch(s.h + next + k, s.dh + next + k);
                fetch_to_write(next_dz + k);
                const auto dh = lanes.load(carry + j * s.stride + k) + lanes.load(s.dh + at + k);
                lanes.store(dz + k, Phi::pullback(dh, lanes.load(s.h + at + k)));
            });
        }
        multiply(s.packed_back, H, H, z, s.z_stride, r.count, carry, s.stride, false, s.single);
    }
    static void weights(const Trace<T>& s, const Gradients<T>& g, Index parts, Index k, Index columns, const Index* before,
                        T* scratch) {
        const Index H = s.units;
        add_recurrent(s, 0, H, columns, states_before(s.h, s.h0, H, before), g.Wh, H, nullptr, parts, k, scratch);
    }
};

}  // namespace bptt::kernels
