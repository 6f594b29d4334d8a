#pragma once

#include "bptt/live/lanes.hpp"

// Steps of recurrent networks in real time: they take no memory and no lock and throw nothing, and neither this file nor
// lanes.hpp needs Eigen or anything else of the library, so that a program without exceptions and without a heap can do with
// them alone.
//
// A layer's weights are packed: panel by panel, of up to most_packets registers of rows of each gate. Its state is `fields`
// columns for each voice, padded(units) numbers each: all of h, then all of c.

namespace bptt::live {

enum class Activation { tanh, relu, identity, sigmoid };
enum class Peephole { none, current, previous, full };

/// How many numbers a layer's weights are: those of matrices and those of rows, see Weights.
struct Need {
    long matrix, rows;
};

inline namespace BPTT_OF_LANES {

// By what weights and biases are multiplied when they are packed, so that the exponential in σ and tanh is a power of two:
inline constexpr float of_sigmoid = -1.44269504f, of_tanh = 2.88539008f;  // −1 / ln 2, 2 / ln 2
constexpr float scale_of(Activation a) { return a == Activation::tanh ? of_tanh : a == Activation::sigmoid ? of_sigmoid : 1; }

/// 2ˣ + one, where one is 1 or −1; x is clipped to ±60, so that the product of two is a float, too. It is 2ⁿ (1 + p) + one of
/// n = round(x), and p = 2ʳ − 1 of the rest r by a polynomial that is off by 1e-8 of it at most.
[[gnu::always_inline]] inline Floats power_and(Floats x, float one) {
    constexpr float shift = 0x1.8p23f + 127;  // the last bits of a sum with it are those of n + 127, an exponent
    x = clip(x, 60);
    const Floats sum = x + shift, power = reinterpret_cast<Floats>(reinterpret_cast<Ints>(sum) << 23);
#if __FLT_EVAL_METHOD__ == 0 && !defined(__FAST_MATH__) && !defined(__ASSOCIATIVE_MATH__)
    const Floats r = x - (sum - shift);
#else  // of a sum that is more precise than a float, or a difference that is taken for x
    constexpr std::int32_t shift_bits = 0x4b40007f;
    const Floats r = x - __builtin_convertvector(reinterpret_cast<Ints>(sum) - shift_bits, Floats);
#endif
    const Floats square = r * r, times = power * r;
    const Floats low = r * 2.402265108e-1f + 6.931471880e-1f, middle = r * 9.618030771e-3f + 5.550357105e-2f,
                 high = r * 1.546973516e-4f + 1.339086686e-3f;
    return (times * square) * (square * high + middle) + (times * low + (power + one));
}
/// 1 + e⁻ˣ of z = of_sigmoid x, so that σ(x) is one divided by it.
[[gnu::always_inline]] inline Floats sigmoid_divisor(Floats z) { return power_and(z, 1); }
/// m = e²ˣ − 1 of z = of_tanh x, so that tanh x = m / (m + 2).
[[gnu::always_inline]] inline Floats tanh_part(Floats z) { return power_and(z, -1); }
/// φ(x) of z = scale_of(φ) x.
template <Activation A> [[gnu::always_inline]] inline Floats activate(Floats z) {
    if constexpr (A == Activation::tanh) {
        const Floats m = tanh_part(z);
        return m / (m + 2);
    } else if constexpr (A == Activation::sigmoid) {
        return 1 / sigmoid_divisor(z);
    } else if constexpr (A == Activation::relu) {
        return z < 0 ? Floats{} : z;  // NaN stays
    } else {
        return z;
    }
}

/// Field k of a state.
template <class N, class T> Signals<T> field(const N& n, T* state, int k) {
    return {state + k * n.voices * padded(n.units), padded(n.units)};
}
/// Words of a matrix of so many columns, for each of its rows.
template <class S> constexpr long words(int columns) { return (columns + S::together - 1) / S::together; }

/// y = φ(y) of `count` numbers, whole registers of them.
inline void activate(Activation a, float* y, int count) {
    const auto all = [&](const auto& f) {
        for (int k = 0; k < count; k += lanes) store(y + k, f(load(y + k)));
    };
    if (a == Activation::tanh) all([](Floats z) { return activate<Activation::tanh>(z); });
    if (a == Activation::sigmoid) all([](Floats z) { return activate<Activation::sigmoid>(z); });
    if (a == Activation::relu) all([](Floats z) { return activate<Activation::relu>(z); });
}

// Of a step: its gates, the fields of its state, the columns of room that it needs, and the parameters beside Wx, Wh and b.

/// h_t = φ(W x_t + U h_{t−1} + b), or, not recurrent, φ(W x_t + b).
template <Activation A, bool recurrent = true> struct Rnn {
    static constexpr int gates = 1, fields = 1, rooms = 0, extra_params = 0;

    template <class S, class N> static constexpr Need need(const N& n) {
        return {padded(n.units) * (words<S>(n.inputs) + (recurrent ? words<S>(n.units) : 0)),
                padded(n.units) * (S::scaled ? 2L + recurrent : 1L)};
    }
    template <class S, class N>
    [[gnu::always_inline]] static void step(const N& n, Weights<S> weights, Input x, const float* from, float* to, float*) {
        const auto h = field(n, from, 0);
        const auto new_h = field(n, to, 0);
        for_blocks<gates>(
            n, weights, [&]<int packets, int voices>(Weights<S> & w, int u, int v) __attribute__((always_inline)) {
                Sums<packets, voices> z;
                w.take_bias(z);
                w.add_product(z, x, v, n.inputs);
                if constexpr (recurrent) w.add_product(z, h, v, n.units);
                for_registers<packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    store(new_h.of(v + j) + u + p * lanes, activate<A>(z[j][p]));
                });
            });
    }
};
using Linear = Rnn<Activation::identity, false>;

/// i, f, o = σ(W x_t + U h_{t−1} + b),  g = tanh(W x_t + U h_{t−1} + b),  c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(c_t);
/// with peepholes P ⊙ c (full: P c) inside the σ.
template <Peephole P> struct Lstm {
    static constexpr int gates = 4, fields = 2, rooms = 0, extra_params = P == Peephole::none ? 0 : 3;
    static constexpr bool full = P == Peephole::full, peep = P == Peephole::current || P == Peephole::previous;

    template <class S, class N> static constexpr Need need(const N& n) {
        return {4 * padded(n.units) * (words<S>(n.inputs) + (full ? 2 : 1) * words<S>(n.units)),
                padded(n.units) * (4L + (S::scaled ? 4 * (full ? 3 : 2) : 0) + (peep ? 3 : 0))};
    }
    template <class S, class N>
    [[gnu::always_inline]] static void step(const N& n, Weights<S> weights, Input x, const float* from, float* to, float*) {
        const auto h = field(n, from, 0), c = field(n, from, 1);
        const auto new_h = field(n, to, 0), new_c = field(n, to, 1);
        for_blocks<gates>(
            n, weights, [&]<int packets, int voices>(Weights<S> & w, int u, int v) __attribute__((always_inline)) {
                Sums<4 * packets, voices> z;  // i, f, g, o
                w.take_bias(z);
                w.add_product(z, x, v, n.inputs);
                w.add_product(z, h, v, n.units);
                if constexpr (full) w.add_product(z, c, v, n.units);
                Sums<packets, 3> peepholes;  // of i, f and o
                if constexpr (peep)
#pragma GCC unroll 8
                    for (int row = 0; row < 3 * packets; ++row) peepholes[row / packets][row % packets] = w.take_row();
                // All of c before h: what need not wait for each other should stand side by side.
                for_registers<packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    Floats &i = z[j][p], &f = z[j][packets + p], &g = z[j][2 * packets + p], &o = z[j][3 * packets + p];
                    const int k = u + p * lanes;
                    const Floats c_old = load(c.of(v + j) + k);
                    if constexpr (peep) i += peepholes[0][p] * c_old, f += peepholes[1][p] * c_old;
                    const Floats m = tanh_part(g), c_new = c_old / sigmoid_divisor(f) + m / ((m + 2) * sigmoid_divisor(i));
                    if constexpr (peep) o += peepholes[2][p] * (P == Peephole::current ? c_new : c_old);
                    store(new_c.of(v + j) + k, g = c_new);
                });
                for_registers<packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    const Floats o = 1 / sigmoid_divisor(z[j][3 * packets + p]), m = tanh_part(of_tanh * z[j][2 * packets + p]);
                    store(new_h.of(v + j) + u + p * lanes, m * o / (m + 2));
                });
            });
    }
};

/// r, u = σ(W x_t + U h_{t−1} + b),  n = tanh(W x_t + r ⊙ (U h_{t−1} + b_h) + b),  h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}
struct GruAfter {
    static constexpr int gates = 3, fields = 1, rooms = 0, extra_params = 1;

    template <class S, class N> static constexpr Need need(const N& n) {
        return {3 * padded(n.units) * (words<S>(n.inputs) + words<S>(n.units)), padded(n.units) * (S::scaled ? 12L : 6L)};
    }
    template <class S, class N>
    [[gnu::always_inline]] static void step(const N& n, Weights<S> weights, Input x, const float* from, float* to, float*) {
        const auto h = field(n, from, 0);
        const auto new_h = field(n, to, 0);
        for_blocks<gates>(
            n, weights, [&]<int packets, int voices>(Weights<S> & w, int u, int v) __attribute__((always_inline)) {
                Sums<3 * packets, voices> of_x, of_h;
                w.take_bias(of_x);
                w.add_product(of_x, x, v, n.inputs);
                w.take_bias(of_h);
                w.add_product(of_h, h, v, n.units);
                for_registers<packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    const int k = u + p * lanes, q = packets + p, s = 2 * packets + p;
                    const Floats h_old = load(h.of(v + j) + k), reset = sigmoid_divisor(of_x[j][p] + of_h[j][p]),
                                 update = sigmoid_divisor(of_x[j][q] + of_h[j][q]),
                                 candidate = activate<Activation::tanh>(of_x[j][s] + of_h[j][s] / reset);
                    store(new_h.of(v + j) + k, candidate + (h_old - candidate) / update);
                });
            });
    }
};
/// The same with n = tanh(W x_t + U (r ⊙ h_{t−1}) + b): a second pass over all units.
struct GruBefore {
    static constexpr int gates = 3, fields = 1, rooms = 3, extra_params = 0;  // 1 / u, W x_t + b of n, r ⊙ h_{t−1}

    template <class S, class N> static constexpr Need need(const N& n) {
        return {3 * padded(n.units) * (words<S>(n.inputs) + words<S>(n.units)), padded(n.units) * (S::scaled ? 9L : 3L)};
    }
    template <class S, class N> [[gnu::always_inline]] static void step(const N& n, Weights<S> weights, Input x,
                                                                        const float* from, float* to, float* room) {
        const auto h = field(n, from, 0), old_reset_h = field<N, const float>(n, room, 2);
        const auto new_h = field(n, to, 0), update = field(n, room, 0), candidate = field(n, room, 1),
                   reset_h = field(n, room, 2);
        for_blocks<gates>(
            n, weights, [&]<int packets, int voices>(Weights<S> & w, int u, int v) __attribute__((always_inline)) {
                Sums<3 * packets, voices> of_x;
                Sums<2 * packets, voices> of_h = {};
                w.take_bias(of_x);
                w.add_product(of_x, x, v, n.inputs);
                w.add_product(of_h, h, v, n.units);
                for_registers<packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    const int k = u + p * lanes, q = packets + p;
                    store(reset_h.of(v + j) + k, load(h.of(v + j) + k) / sigmoid_divisor(of_x[j][p] + of_h[j][p]));
                    store(update.of(v + j) + k, sigmoid_divisor(of_x[j][q] + of_h[j][q]));
                    store(candidate.of(v + j) + k, of_x[j][2 * packets + p]);
                });
            });
        for_blocks<1>(
            n, weights, [&]<int packets, int voices>(Weights<S> & w, int u, int v) __attribute__((always_inline)) {
                Sums<packets, voices> z = {};
                w.add_product(z, old_reset_h, v, n.units);
                for_registers<packets, voices>([&](int j, int p) __attribute__((always_inline)) {
                    const int k = u + p * lanes;
                    const Floats h_old = load(h.of(v + j) + k),
                                 tanh_n = activate<Activation::tanh>(load(candidate.of(v + j) + k) + z[j][p]);
                    store(new_h.of(v + j) + k, tanh_n + (h_old - tanh_n) / load(update.of(v + j) + k));
                });
            });
    }
};

}  // namespace BPTT_OF_LANES
}  // namespace bptt::live
