#pragma once

#include "bptt/kernels/passes.hpp"

namespace bptt::kernels {

/// h_t = φ(z),  z = W_x x_t + b + W_h h_{t−1}
template <class T, class Phi> struct Rnn {
    using Scalar = T;
    static constexpr Index gates = 1, z_blocks = 1, saved_blocks = 0;
    static constexpr bool memory = false;

    static Index extra_columns(Index) { return 1; }
    static Index pack_size(Index H) { return packed_size<T>(H, H); }
    static Index pack_back_size(Index H) { return packed_size<T>(H, H); }
    static void pack(Index H, const T* Wh, const ExtraParams<const T*>&, T* out) { kernels::pack(Wh, 1, H, H, H, out); }
    static void pack_back(Index H, const T* Wh, const ExtraParams<const T*>&, T* out) { kernels::pack(Wh, H, 1, H, H, out); }

    template <class Input> static void forward(const Operands<T>& o, const ForwardPass<T>& f, const Input& in, const Run& r) {
        const Index H = o.units;
        T *const z = f.z_at(r.column, o.z_stride), *const state = f.state + r.place * o.place_stride;
        multiply(f.packed, H, H, state, o.place_stride, r.count, z, o.z_stride, Input::projected, o.single);
        for (Index j = 0; j < r.count; ++j) {
            const auto inside = in.preactivation(z + j * o.z_stride, r.column + j);
            T *const h_out = f.h + (r.column + j) * H, *const next_h = h_out + r.to_next(j, H);
            T* const new_state = state + j * o.place_stride;
            each_packet<T>(H, [&](Index k, auto lanes) {
                fetch_to_write(next_h + k);
                const auto h = Phi::apply(inside.load(lanes, k));
                lanes.store(h_out + k, h);
                lanes.store(new_state + k, h);
            });
        }
    }

    /// dz = φ'(z) (dh + W_hᵀ dz of the next step)
    static void backward(const Operands<T>& o, const BackwardPass<T>& b, const Run& r) {
        const Index H = o.units;
        T *const z = b.z + r.column * o.z_stride, *const carry = b.carry_h + r.place * o.place_stride;
        for (Index j = 0; j < r.count; ++j) {
            const T *const h = b.h + (r.column + j) * H, *const dh_out = b.maybe_dh + (r.column + j) * H;
            T *const dz = z + j * o.z_stride, *const next_dz = dz + r.to_next(j, o.z_stride);
            const T* const dh_later = carry + j * o.place_stride;
            const Index next = r.to_next(j, H);
            each_packet<T>(H, [&](Index k, auto lanes) {
                fetch(h + next + k, dh_out + next + k);
                fetch_to_write(next_dz + k);
                const auto dh = lanes.load(dh_later + k) + lanes.load(dh_out + k);
                lanes.store(dz + k, Phi::pullback(dh, lanes.load(h + k)));
            });
        }
        multiply(b.packed, H, H, z, o.z_stride, r.count, carry, o.place_stride, false, o.single);
    }

    static void weights(const Operands<T>& o, const BackwardPass<T>& b, const WeightGradients<T>& g,
                        const WeightShare<T>& share) {
        const Index H = o.units;
        const auto h_previous = previous_states(b.h, o.h0, H, b.previous_columns);
        add_recurrent(o, b, 0, H, h_previous, g.Wh, H, nullptr, share);
    }
};

static_assert(RecurrentKernel<Rnn<float, Tanh>>);

}  // namespace bptt::kernels
