#pragma once

#include "bptt/kernels/recurrence.hpp"

namespace bptt::kernels {

/// h_t = φ(inflow + W_h h_{t−1})
template <class T, class Phi> struct Rnn {
    static constexpr Index Z = 1, kept = 0;
    static constexpr bool memory = false;

    static Index pack_size(Index H) { return packed_size<T>(H, H); }
    static Index pack_back_size(Index H) { return packed_size<T>(H, H); }
    static void pack(Index H, const T* Wh, const Extra<const T*>&, T* out) { kernels::pack(Wh, 1, H, H, H, out); }
    static void pack_back(Index H, const T* Wh, const Extra<const T*>&, T* out) { kernels::pack(Wh, H, 1, H, H, out); }

    static void forward(const Trace<T>& s, Run r) {
        const Index H = s.units;
        T* const z = s.z + r.column * H;
        multiply(s.packed, H, H, s.h_before(r), H, r.count, z, H, true);
        T* const h = s.h + r.column * H;
        each_packet<T>(H * r.count, [&](Index k, auto lanes) { lanes.store(h + k, Phi::apply(lanes.load(z + k))); });
    }
    /// z = φ'(z) (dh + W_hᵀ z of the next step)
    static void backward(const Trace<T>& s, Run r) {
        const Index H = s.units;
        T* const z = s.z + r.column * H;
        T* const carry = s.dh0 + r.place * H;
        const T *const h = s.h + r.column * H, *const out = s.dh + r.column * H;
        each_packet<T>(H * r.count, [&](Index k, auto lanes) {
            const auto dh = lanes.load(carry + k) + lanes.load(out + k);
            lanes.store(z + k, Phi::pullback(dh, lanes.load(h + k)));
        });
        multiply(s.packed_back, H, H, z, H, r.count, carry, H, false);
    }
    static void weights(const Trace<T>& s, const Gradients<T>& g, Index parts, Index k, Index columns, const Index* before,
                        T* scratch) {
        const Index H = s.units;
        add_recurrent(s, H, 0, H, columns, states_before(s.h, s.h0, H, before), g.Wh, H, parts, k, scratch);
    }
};

}  // namespace bptt::kernels
