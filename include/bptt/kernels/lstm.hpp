#pragma once

#include "bptt/core/options.hpp"
#include "bptt/kernels/recurrence.hpp"

namespace bptt::kernels {

/// z = inflow + W_h h_{t−1}, row blocks i, f, g, o;  c_t = σ(f) c_{t−1} + σ(i) tanh(g),  h_t = σ(o) tanh(c_t); with peepholes
/// P c inside the σ.
template <class T, Peephole P> struct Lstm {
    static constexpr Index gates = 4, Z = 4, kept = 1;  // kept: tanh(c)
    static constexpr bool memory = true;
    static constexpr bool column = P == Peephole::current || P == Peephole::previous;  // unit by unit
    static constexpr std::array<Index, 3> peeping{0, 1, 3};                            // the row blocks of Pi, Pf, Po

    static Index extra_columns(Index H) { return P == Peephole::full ? H : 1; }
    static Index pack_size(Index H) { return packed_size<T>(4 * H, H) + (P == Peephole::full ? 3 * packed_size<T>(H, H) : 0); }
    static Index pack_back_size(Index H) {
        return packed_size<T>(H, 4 * H) + (P == Peephole::full ? 3 * packed_size<T>(H, H) : 0);
    }
    static void pack(Index H, const T* Wh, const Extra<const T*>& peepholes, T* out) {
        kernels::pack(Wh, 1, 4 * H, 4 * H, H, out);
        out += packed_size<T>(4 * H, H);
        if constexpr (P == Peephole::full)
            for (const T* m : peepholes) kernels::pack(m, 1, H, H, H, out), out += packed_size<T>(H, H);
    }
    static void pack_back(Index H, const T* Wh, const Extra<const T*>& peepholes, T* out) {
        kernels::pack(Wh, 4 * H, 1, H, 4 * H, out);
        out += packed_size<T>(H, 4 * H);
        if constexpr (P == Peephole::full)
            for (const T* m : peepholes) kernels::pack(m, H, 1, H, H, out), out += packed_size<T>(H, H);
    }

    static void forward(const Trace<T>& s, const Inflow<T>& in, Run r) {
        const Index H = s.units;
        T *const z = s.z + r.column * s.z_stride, *const state = s.state + r.place * s.stride;
        const T* const before = s.c_before(r);
        multiply(s.packed, 4 * H, H, state, s.stride, r.count, z, s.z_stride, !in.table, s.single);
        if constexpr (P == Peephole::full)
            for (Index p = 0; p < 3; ++p)
                multiply(s.packed + packed_size<T>(4 * H, H) + p * packed_size<T>(H, H), H, H, before, H, r.count,
                         z + peeping[static_cast<std::size_t>(p)] * H, s.z_stride, true, s.single);
        [[maybe_unused]] const T *const Pi = s.extra[0], *const Pf = s.extra[1], *const Po = s.extra[2];
        for (Index j = 0; j < r.count; ++j) {
            const Index at = (r.column + j) * H, next = at + r.to_next(j, H);
            const Arrived<T> arrived(s, in, r.column + j);
            T* const gate = z + j * s.z_stride;
            each_packet<T>(H, [&](Index k, auto lanes) {
                fetch_to_write(s.h + next + k, s.c + next + k, s.kept + next + k);
                const auto c_before = lanes.load(before + j * H + k);
                auto i = arrived.load(lanes, k), f = arrived.load(lanes, H + k), o = arrived.load(lanes, 3 * H + k);
                if constexpr (column) {
                    i = madd(lanes.load(Pi + k), c_before, i);
                    f = madd(lanes.load(Pf + k), c_before, f);
                }
                i = sigmoid(i), f = sigmoid(f);
                const auto g = tanh(arrived.load(lanes, 2 * H + k));
                const auto c = madd(f, c_before, i * g);
                if constexpr (column) o = madd(lanes.load(Po + k), P == Peephole::current ? c : c_before, o);
                o = sigmoid(o);
                const auto tanh_c = tanh(c), h = o * tanh_c;
                lanes.store(gate + k, i);
                lanes.store(gate + H + k, f);
                lanes.store(gate + 2 * H + k, g);
                lanes.store(gate + 3 * H + k, o);
                lanes.store(s.c + at + k, c);
                lanes.store(s.kept + at + k, tanh_c);
                lanes.store(s.h + at + k, h);
                lanes.store(state + j * s.stride + k, h);
            });
        }
    }
    static void backward(const Trace<T>& s, Run r) {
        const Index H = s.units;
        T* const z = s.z + r.column * s.z_stride;
        T *const carry_h = s.carry_h + r.place * s.stride, *const carry_c = s.carry_c + r.place * s.stride;
        const T* const before = s.c_before(r);
        [[maybe_unused]] const T *const Pi = s.extra[0], *const Pf = s.extra[1], *const Po = s.extra[2];
        for (Index j = 0; j < r.count; ++j) {
            const Index at = (r.column + j) * H, next = at + r.to_next(j, H);
            T *const gate = z + j * s.z_stride, *const next_gate = gate + r.to_next(j, s.z_stride);
            each_packet<T>(H, [&](Index k, auto lanes) {
                const auto i = lanes.load(gate + k), f = lanes.load(gate + H + k), g = lanes.load(gate + 2 * H + k),
                           o = lanes.load(gate + 3 * H + k), tanh_c = lanes.load(s.kept + at + k);
                for (Index row = k; row < 4 * H; row += H) fetch_to_write(next_gate + row);
                fetch(s.kept + next + k, before + j * H + r.to_next(j, H) + k);
                if (s.dh) fetch(s.dh + next + k);
                const auto c_before = lanes.load(before + j * H + k);
                const auto dh = lanes.load(carry_h + j * s.stride + k) + lanes.load_if(s.dh ? s.dh + at + k : nullptr);
                auto dc = lanes.load(carry_c + j * s.stride + k) + lanes.load_if(s.dc ? s.dc + at + k : nullptr);
                const auto dO = sigmoid_pullback(dh * tanh_c, o);
                dc = dc + tanh_pullback(dh * o, tanh_c);
                if constexpr (P == Peephole::current) dc = madd(lanes.load(Po + k), dO, dc);
                const auto dI = sigmoid_pullback(dc * g, i), dF = sigmoid_pullback(dc * c_before, f);
                lanes.store(gate + k, dI);
                lanes.store(gate + H + k, dF);
                lanes.store(gate + 2 * H + k, tanh_pullback(dc * i, g));
                lanes.store(gate + 3 * H + k, dO);
                dc = dc * f;
                if constexpr (column) dc = madd(lanes.load(Pi + k), dI, madd(lanes.load(Pf + k), dF, dc));
                if constexpr (P == Peephole::previous) dc = madd(lanes.load(Po + k), dO, dc);
                lanes.store(carry_c + j * s.stride + k, dc);
            });
        }
        multiply(s.packed_back, H, 4 * H, z, s.z_stride, r.count, carry_h, s.stride, false, s.single);
        if constexpr (P == Peephole::full)
            for (Index p = 0; p < 3; ++p)
                multiply(s.packed_back + packed_size<T>(H, 4 * H) + p * packed_size<T>(H, H), H, H,
                         z + peeping[static_cast<std::size_t>(p)] * H, s.z_stride, r.count, carry_c, s.stride, true, s.single);
    }
    static void weights(const Trace<T>& s, const Gradients<T>& g, Index parts, Index k, Index columns, const Index* before,
                        T* scratch) {
        const Index H = s.units;
        const auto c_before = states_before(s.c, s.c0, H, before);
        add_recurrent(s, 0, 4 * H, columns, states_before(s.h, s.h0, H, before), g.Wh, 4 * H, nullptr, parts, k, scratch);
        for (std::size_t p = 0; p < 3; ++p) {
            const Index row = peeping[p] * H;
            if constexpr (P == Peephole::full) {
                add_recurrent(s, row, H, columns, c_before, g.extra[p], H, nullptr, parts, k, scratch);
            } else if constexpr (column) {
                const bool sees_own = P == Peephole::current && p == 2;
                const Index first = part(H, parts, k, panel<T>), count = part(H, parts, k + 1, panel<T>) - first;
                T* const dP = g.extra[p] + first;
                for (Index j = 0; j < columns; ++j) {
                    const T* const dz = s.z + j * s.z_stride + row + first;
                    const T* const c = (sees_own ? s.c + j * H : c_before(j)) + first;
                    each_packet<T>(count, [&](Index i, auto lanes) {
                        lanes.store(dP + i, madd(lanes.load(dz + i), lanes.load(c + i), lanes.load(dP + i)));
                    });
                }
            }
        }
    }
};

}  // namespace bptt::kernels
