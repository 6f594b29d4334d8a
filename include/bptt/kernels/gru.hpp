#pragma once

#include "bptt/kernels/recurrence.hpp"

namespace bptt {

/// Where the reset gate meets the state: before the product with U (Cho et al. 2014), or after it (cuDNN, PyTorch).
enum class Reset { before, after };

namespace kernels {

/// z = inflow (row blocks r, u, n);  r, u = σ(z + U h_{t−1}),  h_t = (1 − u) n + u h_{t−1},
///   n = tanh(z + U (r h_{t−1}))              before; kept: r h_{t−1}
///   n = tanh(z + r (U h_{t−1} + bh))         after; a fourth row block of z holds U h_{t−1} + bh, then its gradient
template <class T, Reset R> struct Gru {
    static constexpr bool after = R == Reset::after, memory = false;
    static constexpr Index Z = after ? 4 : 3, kept = after ? 0 : 1;
    static constexpr Index inner = after ? 3 : 2;  // the row block of z that U's n rows are multiplied into

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

    static void forward(const Trace<T>& s, Run r) {
        const Index H = s.units, rows = Z * H;
        T* const z = s.z + r.column * rows;
        const T *const before = s.h_before(r), *const U_n = s.packed + packed_size<T>(2 * H, H);
        multiply(s.packed, 2 * H, H, before, H, r.count, z, rows, true);
        if constexpr (after) multiply(U_n, H, H, before, H, r.count, z + inner * H, rows, false);
        for (Index j = 0; j < r.count; ++j) {
            T* const gate = z + j * rows;
            each_packet<T>(2 * H, [&](Index k, auto lanes) { lanes.store(gate + k, sigmoid(lanes.load(gate + k))); });
            if constexpr (after) continue;
            T* const reset = s.kept + (r.column + j) * H;
            each_packet<T>(
                H, [&](Index k, auto lanes) { lanes.store(reset + k, lanes.load(gate + k) * lanes.load(before + j * H + k)); });
        }
        if constexpr (!after) multiply(U_n, H, H, s.kept + r.column * H, H, r.count, z + inner * H, rows, true);
        for (Index j = 0; j < r.count; ++j) {
            T *const gate = z + j * rows, *const h = s.h + (r.column + j) * H;
            each_packet<T>(H, [&](Index k, auto lanes) {
                auto n = lanes.load(gate + 2 * H + k);
                if constexpr (after) {
                    const auto Uh = lanes.load(gate + 3 * H + k) + lanes.load(s.extra[0] + k);
                    lanes.store(gate + 3 * H + k, Uh);
                    n = madd(lanes.load(gate + k), Uh, n);
                }
                n = tanh(n);
                const auto u = lanes.load(gate + H + k);
                lanes.store(gate + 2 * H + k, n);
                lanes.store(h + k, madd(u, lanes.load(before + j * H + k), (Packet<T>::of(1) - u) * n));
            });
        }
    }
    static void backward(const Trace<T>& s, Run r) {
        const Index H = s.units, rows = Z * H;
        T *const z = s.z + r.column * rows, *const carry = s.dh0 + r.place * H;
        const T *const before = s.h_before(r), *const U_n = s.packed_back + packed_size<T>(H, 2 * H);
        for (Index j = 0; j < r.count; ++j) {
            T* const gate = z + j * rows;
            const T* const out = s.dh + (r.column + j) * H;
            each_packet<T>(H, [&](Index k, auto lanes) {
                const auto dh = lanes.load(carry + j * H + k) + lanes.load(out + k);
                const auto u = lanes.load(gate + H + k), n = lanes.load(gate + 2 * H + k);
                const auto dN = tanh_pullback(dh * (Packet<T>::of(1) - u), n);
                lanes.store(gate + H + k, sigmoid_pullback(dh * (lanes.load(before + j * H + k) - n), u));
                lanes.store(gate + 2 * H + k, dN);
                lanes.store(carry + j * H + k, dh * u);
                if constexpr (after) {
                    const auto reset = lanes.load(gate + k);
                    lanes.store(gate + k, sigmoid_pullback(dN * lanes.load(gate + 3 * H + k), reset));
                    lanes.store(gate + 3 * H + k, dN * reset);
                }
            });
        }
        if constexpr (after) {
            multiply(U_n, H, H, z + inner * H, rows, r.count, carry, H, true);
        } else {
            T* const d_reset = s.work + r.place * H;  // of r h_{t−1}
            multiply(U_n, H, H, z + inner * H, rows, r.count, d_reset, H, false);
            for (Index j = 0; j < r.count; ++j) {
                T* const gate = z + j * rows;
                each_packet<T>(H, [&](Index k, auto lanes) {
                    const auto reset = lanes.load(gate + k), d = lanes.load(d_reset + j * H + k);
                    lanes.store(carry + j * H + k, madd(d, reset, lanes.load(carry + j * H + k)));
                    lanes.store(gate + k, sigmoid_pullback(d * lanes.load(before + j * H + k), reset));
                });
            }
        }
        multiply(s.packed_back, H, 2 * H, z, rows, r.count, carry, H, true);
    }
    static void weights(const Trace<T>& s, const Gradients<T>& g, Index parts, Index k, Index columns, const Index* before,
                        T* scratch) {
        const Index H = s.units;
        const auto h_before = states_before(s.h, s.h0, H, before);
        T* const dU_n = g.Wh ? g.Wh + 2 * H : nullptr;
        add_recurrent(s, Z * H, 0, 2 * H, columns, h_before, g.Wh, 3 * H, parts, k, scratch);
        if constexpr (after) {
            add_recurrent(s, Z * H, inner * H, H, columns, h_before, dU_n, 3 * H, parts, k, scratch);
            const Index first = part(H, parts, k, panel<T>), count = part(H, parts, k + 1, panel<T>) - first;
            if (g.extra[0]) add_row_sums(s.z + inner * H + first, Z * H, count, columns, g.extra[0] + first);
        } else {
            const auto reset_state = [&](Index j) { return s.kept + j * H; };
            add_recurrent(s, Z * H, inner * H, H, columns, reset_state, dU_n, 3 * H, parts, k, scratch);
        }
    }
};

}  // namespace kernels
}  // namespace bptt
