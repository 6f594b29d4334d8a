#pragma once

#include <bit>

#include "bptt/live/layer_norm_step.hpp"
#include "bptt/live/step.hpp"

// Packs weights in the order in which the steps of step.hpp read them, while the program is compiled or when it runs. Like
// these it needs nothing else of the library.

namespace bptt::live {

inline namespace BPTT_OF_LANES {

/// Rows of a panel: those of the units u, …, u + width − 1 of each gate first, …, end − 1. What is packed of a gate is
/// multiplied by its factor.
struct Panel {
    int units, u, width;
    const float* factors;
    int first, end;

    /// f(row, factor) of a matrix whose gates are blocks of `units` rows; row is −1 where there is no more unit.
    constexpr void for_rows(auto f) const {
        for (int gate = first; gate < end; ++gate)
            for (int k = u; k < u + width; ++k) f(k < units ? gate * units + k : -1, factors[gate]);
    }
    constexpr Panel gates(int from, int to) const { return {units, u, width, factors, from, to}; }
};

/// Writes a layer's weights in the order in which Weights reads them.
template <class S> class Packer {
public:
    constexpr Packer(typename S::Stored* matrix, float* rows) : matrix_(matrix), rows_(rows) {}

    /// The rows of a panel of m(row, 0).
    constexpr void rows(const auto& m, const Panel& panel) {
        panel.for_rows([&](int row, float factor) { *rows_++ = row < 0 ? 0 : factor * m(row, 0); });
    }
    /// Those of m(row, column), of so many columns: the ones that are stored side by side, one after the other.
    constexpr void product(const auto& m, int columns, const Panel& panel) {
        if constexpr (S::scaled)
            panel.for_rows([&, n = 0](int row, float factor) mutable { rows_[n++] = scale(m, row, columns, factor); });
        for (int j = 0; j < columns; j += S::together)
            panel.for_rows([&, n = 0](int row, float factor) mutable {
                const auto at = [&](int k) { return row < 0 || j + k >= columns ? 0 : factor * m(row, j + k); };
                *matrix_++ = together(at, S::scaled ? rows_[n++] : 1);
            });
        if constexpr (S::scaled) panel.for_rows([&](int, float) { ++rows_; });
    }

private:
    /// By which the whole numbers of an int8 row are multiplied.
    static constexpr float scale(const auto& m, int row, int columns, float factor) {
        float most = 0;
        for (int j = 0; j < columns && row >= 0; ++j) {
            const float w = factor * m(row, j), size = w < 0 ? -w : w;
            most = size > most ? size : most;
        }
        return most > 1e-30f ? most / 127 : 1;  // of smaller numbers 0
    }
    static constexpr typename S::Stored together(const auto& at, [[maybe_unused]] float scale) {
        if constexpr (S::together == 1) {
            return at(0);
        } else {
            std::uint32_t word = 0;
            for (int k = 0; k < S::together; ++k) {
                if constexpr (S::scaled) {
                    const auto n = static_cast<double>(at(k) / scale);
                    const auto byte = static_cast<std::uint32_t>(static_cast<int>(n + (n < 0 ? -0.5 : 0.5))) & 0xff;
                    word |= byte << (8 * k);
                } else {
                    const auto bits = std::bit_cast<std::uint32_t>(at(k));
                    word |= (bits + 0x7fff + (bits >> 16 & 1)) >> 16 << (16 * k);  // ties to even
                }
            }
            return std::bit_cast<std::int32_t>(word);
        }
    }

    typename S::Stored* matrix_;
    float* rows_;
};

// pack(step, sizes, packer, the cell's parameters): gates are blocks of rows in the order i, f, g, o and r, u, n.

template <Activation A, class S, class N>
constexpr void pack(Rnn<A>, const N& n, Packer<S> to, const auto& Wx, const auto& Wh, const auto& b) {
    constexpr float factors[] = {scale_of(A)};
    for_panels<most_packets<1, N>>(n.units, [&]<int packets>(int u) {
        const Panel panel{n.units, u, packets * lanes, factors, 0, 1};
        to.rows(b, panel);
        to.product(Wx, n.inputs, panel);
        to.product(Wh, n.units, panel);
    });
}
/// Of φ(W x + b); activate() is applied to what the step gives.
template <class S, class N>
constexpr void pack(Linear, const N& n, Packer<S> to, const auto& W, const auto& b, Activation a = Activation::identity) {
    const float factors[] = {scale_of(a)};
    for_panels<most_packets<1, N>>(n.units, [&]<int packets>(int u) {
        const Panel panel{n.units, u, packets * lanes, factors, 0, 1};
        to.rows(b, panel);
        to.product(W, n.inputs, panel);
    });
}
/// P: Pi, Pf, Po.
template <Peephole kind, class S, class N>
constexpr void pack(Lstm<kind>, const N& n, Packer<S> to, const auto& Wx, const auto& Wh, const auto& b, const auto&... P) {
    static_assert(sizeof...(P) == Lstm<kind>::extra_params, "pack: of an Lstm with peepholes Pi, Pf and Po follow b");
    constexpr float factors[] = {of_sigmoid, of_sigmoid, of_tanh, of_sigmoid};
    for_panels<most_packets<4, N>>(n.units, [&]<int packets>(int u) {
        const Panel panel{n.units, u, packets * lanes, factors, 0, 4};
        to.rows(b, panel);
        to.product(Wx, n.inputs, panel);
        to.product(Wh, n.units, panel);
        if constexpr (Lstm<kind>::full)
            [&](const auto& Pi, const auto& Pf, const auto& Po) {
                const auto all = [&](int row, int j) {  // those of g are none
                    const int gate = row / n.units, k = row - gate * n.units;
                    return gate == 0 ? Pi(k, j) : gate == 1 ? Pf(k, j) : gate == 3 ? Po(k, j) : 0;
                };
                to.product(all, n.units, panel);
            }(P...);
        else
            (to.rows(P, panel.gates(0, 1)), ...);
    });
}
template <class S, class N>
constexpr void pack(GruAfter, const N& n, Packer<S> to, const auto& Wx, const auto& Wh, const auto& b, const auto& bh) {
    constexpr float factors[] = {of_sigmoid, of_sigmoid, of_tanh};
    const auto of_n = [&](int row, int) { return row < 2 * n.units ? 0 : bh(row - 2 * n.units, 0); };
    for_panels<most_packets<3, N>>(n.units, [&]<int packets>(int u) {
        const Panel panel{n.units, u, packets * lanes, factors, 0, 3};
        to.rows(b, panel);
        to.product(Wx, n.inputs, panel);
        to.rows(of_n, panel);
        to.product(Wh, n.units, panel);
    });
}
template <class S, class N>
constexpr void pack(GruBefore, const N& n, Packer<S> to, const auto& Wx, const auto& Wh, const auto& b) {
    constexpr float factors[] = {of_sigmoid, of_sigmoid, of_tanh};
    for_panels<most_packets<3, N>>(n.units, [&]<int packets>(int u) {
        const Panel panel{n.units, u, packets * lanes, factors, 0, 3};
        to.rows(b, panel);
        to.product(Wx, n.inputs, panel);
        to.product(Wh, n.units, panel.gates(0, 2));
    });
    for_panels<most_packets<1, N>>(n.units, [&]<int packets>(int u) {
        to.product(Wh, n.units, Panel{n.units, u, packets * lanes, factors, 2, 3});
    });
}

template <class S, class N> constexpr void pack(LayerNormLstm, const N& n, Packer<S> to, const auto& Wx, const auto& Wh,
                                                const auto& b, const auto& gx, const auto& gh, const auto& gc, const auto& bc) {
    constexpr float factors[] = {of_sigmoid, of_sigmoid, of_tanh, of_sigmoid}, ones[] = {1, 1, 1, 1};
    for_panels<most_packets<4, N>>(n.units, [&]<int packets>(int u) {
        const Panel panel{n.units, u, packets * lanes, ones, 0, 4};
        to.product(Wx, n.inputs, panel);
        to.product(Wh, n.units, panel);
    });
    for (int u = 0; u < n.units; u += lanes)
        for (int gate = 0; gate < 4; ++gate) {
            const Panel panel{n.units, u, lanes, factors, gate, gate + 1};
            to.rows(gx, panel), to.rows(gh, panel), to.rows(b, panel);
        }
    for (int u = 0; u < n.units; u += lanes) {
        const Panel panel{n.units, u, lanes, &factors[2], 0, 1};
        to.rows(gc, panel), to.rows(bc, panel);
    }
}

}  // namespace BPTT_OF_LANES
}  // namespace bptt::live
