#pragma once

#include "bptt/live/step.hpp"

namespace bptt::live {
inline namespace BPTT_OF_LANES {

/// 0, 1, 2, …
struct Order {
    std::int32_t of[lanes] = {};
    constexpr Order() {
        for (int j = 0; j < lanes; ++j) of[j] = j;
    }
};
inline constexpr Order order;
/// x where the row is one of `rows`, and 0 in what fills up the last register; k: the first of the register's rows.
[[gnu::always_inline]] inline Floats within(Floats x, int k, int rows) {
    return *reinterpret_cast<const StoredInts*>(order.of) < rows - k ? x : Floats{};
}
/// N(x) = scale (x − mean) of a column in `blocks` blocks of rows.
struct Normal {
    float mean = 0, scale = 0;

    template <class N> Normal(const N& n, Signals<const float> x, int blocks, int voice, int apart) {
        const float count = static_cast<float>(blocks * n.units);
        Floats sum = {}, squares = {};
        const auto for_all = [&](const auto& f) {
            for (int b = 0; b < blocks; ++b)
                for (int k = 0; k < n.units; k += lanes) f(load(x.of(voice) + b * apart + k), k);
        };
        for_all([&](Floats one, int) { sum += one; });  // what fills up a register is 0
        mean = total(sum) / count;
        for_all([&](Floats one, int k) {
            const Floats apart_from_mean = within(one - mean, k, n.units);
            squares += apart_from_mean * apart_from_mean;
        });
        scale = 1 / __builtin_sqrtf(total(squares) / count + 1e-5f);
    }
    Floats operator()(Floats x) const { return (x - mean) * scale; }

private:
    static float total(Floats x) {
        float sums[lanes];
        store(sums, x);
        for (int n = lanes / 2; n > 0; n /= 2)
            for (int j = 0; j < n; ++j) sums[j] += sums[j + n];
        return sums[0];
    }
};

/// i, f, o = σ(z),  g = tanh(z),  z = gx ⊙ N(W x_t) + gh ⊙ N(U h_{t−1}) + b,
/// c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(gc ⊙ N(c_t) + bc); N(x) has mean 0 and variance 1 over all rows.
struct LayerNormLstm {
    static constexpr int gates = 4, fields = 2, rooms = 8, extra_params = 4;  // room: W x, then U h, each with four gates

    template <class S, class N> static constexpr Need need(const N& n) {
        return {4 * padded(n.units) * (words<S>(n.inputs) + words<S>(n.units)), padded(n.units) * (S::scaled ? 22L : 14L)};
    }
    template <class S, class N> [[gnu::always_inline]] static void step(const N& n, Weights<S> weights, Input x,
                                                                        const float* from, float* to, float* room) {
        const auto h = field(n, from, 0), c = field(n, from, 1);
        const auto new_h = field(n, to, 0), new_c = field(n, to, 1);
        for_blocks<gates>(
            n, weights, [&]<int packets, int voices>(Weights<S> & w, int u, int v) __attribute__((always_inline)) {
                Sums<4 * packets, voices> of_x = {}, of_h = {};
                w.add_product(of_x, x, v, n.inputs);
                w.add_product(of_h, h, v, n.units);
                for_registers<4 * packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    const int gate = p / packets, k = u + p % packets * lanes;
                    store(field(n, room, gate).of(v + j) + k, of_x[j][p]);
                    store(field(n, room, 4 + gate).of(v + j) + k, of_h[j][p]);
                });
            });
        const int apart = n.voices * padded(n.units);  // from a gate to the next
        const auto of_x = field<N, const float>(n, room, 0), of_h = field<N, const float>(n, room, 4);
        const auto out = field(n, room, 0);
        for (int v = 0; v < n.voices; ++v) {
            Weights<S> w = weights;
            const Normal norm_x(n, of_x, 4, v, apart), norm_h(n, of_h, 4, v, apart);
            for (int k = 0; k < n.units; k += lanes) {
                Floats z[4];
                for (int gate = 0; gate < 4; ++gate) {
                    const Floats gx = w.take_row(), gh = w.take_row(), b = w.take_row();
                    const int at = gate * apart + k;
                    z[gate] = gx * norm_x(load(of_x.of(v) + at)) + gh * norm_h(load(of_h.of(v) + at)) + b;
                }
                const Floats m = tanh_part(z[2]), c_old = load(c.of(v) + k),
                             c_new = c_old / sigmoid_divisor(z[1]) + m / ((m + 2) * sigmoid_divisor(z[0]));
                store(new_c.of(v) + k, within(c_new, k, n.units));
                store(out.of(v) + k, 1 / sigmoid_divisor(z[3]));
            }
            const Normal norm_c(n, Input{new_c.at, new_c.apart}, 1, v, apart);
            for (int k = 0; k < n.units; k += lanes) {
                const Floats gc = w.take_row(), bc = w.take_row(), o = load(out.of(v) + k);
                store(new_h.of(v) + k, o * activate<Activation::tanh>(gc * norm_c(load(new_c.of(v) + k)) + bc));
            }
        }
    }
};

}  // namespace BPTT_OF_LANES
}  // namespace bptt::live
