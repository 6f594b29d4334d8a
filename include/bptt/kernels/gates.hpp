#pragma once

#include "bptt/kernels/exponential.hpp"

// The elementwise operations between the products.

namespace bptt::kernels {

/// Loads and stores whole packets.
template <class T> struct AllLanes {
    Packet<T> load(const T* p, T = 0) const { return Packet<T>::load(p); }
    /// Zeros if the pointer is null.
    Packet<T> load_if(const T* maybe_p) const { return maybe_p ? load(maybe_p) : Packet<T>::of(0); }
    void store(T* p, Packet<T> x) const { x.store(p); }
};
/// Loads and stores the first `count` lanes of a packet; a loaded packet has `rest` in the others.
template <class T> struct SomeLanes {
    Index count;
    Packet<T> load(const T* p, T rest = 0) const { return Packet<T>::load(p, count, rest); }
    Packet<T> load_if(const T* maybe_p) const { return maybe_p ? load(maybe_p) : Packet<T>::of(0); }
    void store(T* p, Packet<T> x) const { x.store(p, count); }
};

/// Calls f(k, lanes) for each packet of n numbers; k is the first of its numbers, lanes load and store them.
template <class T, class F> [[gnu::always_inline]] inline void each_packet(Index n, const F& f) {
    Index k = 0;
    for (; k + Packet<T>::size <= n; k += Packet<T>::size) f(k, AllLanes<T>());
    if (k < n) f(k, SomeLanes<T>{n - k});
}

/// y_k = f(x_k), f of packets.
template <class T, class F> void map(const T* x, Index n, T* y, const F& f) {
    each_packet<T>(n, [&](Index k, auto lanes) { lanes.store(y + k, f(lanes.load(x + k))); });
}

/// y = σ(x): dx = dy y (1 − y)
template <class T> Packet<T> sigmoid_pullback(Packet<T> dy, Packet<T> y) { return dy * y * (Packet<T>::of(1) - y); }
/// y = tanh(x): dx = dy (1 − y²)
template <class T> Packet<T> tanh_pullback(Packet<T> dy, Packet<T> y) { return dy * (Packet<T>::of(1) - y * y); }

// Activations of a vanilla RNN: y = φ(x), and dx from dy and y.

struct Tanh {
    template <class T> static Packet<T> apply(Packet<T> x) { return tanh(x); }
    template <class T> static Packet<T> pullback(Packet<T> dy, Packet<T> y) { return tanh_pullback(dy, y); }
};
struct Relu {
    template <class T> static Packet<T> apply(Packet<T> x) {
        const auto zero = Packet<T>::of(0);
        return where_positive(zero - x, zero, x);  // NaN stays
    }
    template <class T> static Packet<T> pullback(Packet<T> dy, Packet<T> y) { return where_positive(y, dy, Packet<T>::of(0)); }
};
struct Identity {
    template <class T> static Packet<T> apply(Packet<T> x) { return x; }
    template <class T> static Packet<T> pullback(Packet<T> dy, Packet<T>) { return dy; }
};

}  // namespace bptt::kernels
