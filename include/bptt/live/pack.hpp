#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <initializer_list>
#include <new>
#include <vector>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/live/step.hpp"
#include "bptt/nets/linear.hpp"

namespace bptt {

/// How a stream stores its weights; it computes in floats whatever they are. int8: each row of a matrix with a scale of its
/// own.
enum class Storage { float32, bfloat16, int8 };

}  // namespace bptt

namespace bptt::live {

template <Storage S> struct StoredAs { using type = Float32; };
template <> struct StoredAs<Storage::bfloat16> { using type = Bfloat16; };
template <> struct StoredAs<Storage::int8> { using type = Int8; };

/// Memory that begins with a cache line.
template <class T> struct CacheAligned {
    using value_type = T;
    static constexpr std::align_val_t line{64};
    CacheAligned() = default;
    template <class U> CacheAligned(const CacheAligned<U>&) {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, line); }
    bool operator==(const CacheAligned&) const = default;
};
/// Zeros, from the beginning of a cache line on: as many as are fixed, in the object itself, or, if that is 0, `count` of them.
template <class T, long fixed> class Numbers {
public:
    explicit Numbers(long) {}
    T* data() { return numbers_; }
    const T* data() const { return numbers_; }

private:
    alignas(64) T numbers_[static_cast<std::size_t>(fixed)] = {};
};
template <class T> class Numbers<T, 0> {
public:
    explicit Numbers(long count) : numbers_(static_cast<std::size_t>(count)) {}
    T* data() { return numbers_.data(); }
    const T* data() const { return numbers_.data(); }

private:
    std::vector<T, CacheAligned<T>> numbers_;
};

/// Writes a layer's weights in the order in which Weights reads them.
template <class S> class Packer {
public:
    Packer(int units, typename S::Stored* matrix, float* rows) : units_(units), matrix_(matrix), rows_(rows) {}

    /// The part of a panel in each of the blocks first..first + count − 1 of `units` rows, m: one column.
    void rows(const Mat<float>& m, int u, int packets, int first, int count) {
        for_rows(u, packets, first, count, [&](int row) { *rows_++ = row < 0 ? 0 : m(row, 0); });
    }
    /// The same of a matrix: columns that are stored side by side, one after the other.
    void product(const Mat<float>& m, int u, int packets, int first, int count) {
        std::vector<float> scales;
        if constexpr (S::scaled)
            for_rows(u, packets, first, count, [&](int row) {
                const float most = row < 0 || m.cols() == 0 ? 0 : m.row(row).cwiseAbs().maxCoeff();
                scales.push_back(most > 1e-30f ? most / 127 : 1);  // of smaller numbers 0
            });
        for (Index k = 0; k < m.cols(); k += S::together)
            for_rows(u, packets, first, count, [&, n = std::size_t{0}](int row) mutable {
                *matrix_++ = together(m, row, k, S::scaled ? scales[n++] : 1);
            });
        if constexpr (S::scaled) rows_ = std::ranges::copy(scales, rows_).out;
    }

private:
    void for_rows(int u, int packets, int first, int count, auto f) const {
        for (int block = first; block < first + count; ++block)
            for (int k = u; k < u + packets * lanes; ++k) f(k < units_ ? block * units_ + k : -1);
    }
    static typename S::Stored together(const Mat<float>& m, int row, Index k, [[maybe_unused]] float scale) {
        const auto at = [&](Index j) { return row < 0 || k + j >= m.cols() ? 0 : m(row, k + j); };
        if constexpr (S::together == 1) {
            return at(0);
        } else {
            std::uint32_t word = 0;
            for (Index j = 0; j < S::together; ++j) {
                if constexpr (S::scaled) {
                    const auto byte = static_cast<std::uint32_t>(std::lround(at(j) / scale)) & 0xff;
                    word |= byte << (8 * j);
                } else {
                    const auto bits = std::bit_cast<std::uint32_t>(at(j));
                    word |= (bits + 0x7fff + (bits >> 16 & 1)) >> 16 << (16 * j);  // ties to even
                }
            }
            return std::bit_cast<std::int32_t>(word);
        }
    }

    int units_;
    typename S::Stored* matrix_;
    float* rows_;
};

/// m as floats, its row blocks times these numbers.
template <class T> Mat<float> scaled(const Mat<T>& m, std::initializer_list<float> scales) {
    Mat<float> out = m.template cast<float>();
    const Index rows = out.rows() / std::ssize(scales);
    for (Index k = 0; const float scale : scales) out.middleRows(rows * k++, rows) *= scale;
    return out;
}
/// Blocks of rows, one under the other; an empty one is `units` rows of zeros.
template <class T> Mat<T> stacked(Index units, std::initializer_list<const Mat<T>*> blocks) {
    Index cols = 0;
    for (const Mat<T>* m : blocks) cols = m ? m->cols() : cols;
    Mat<T> out = Mat<T>::Zero(units * std::ssize(blocks), cols);
    for (Index k = 0; const Mat<T>* m : blocks) {
        if (m) out.middleRows(units * k, units) = *m;
        ++k;
    }
    return out;
}

// The step of each kind of layer, and how its weights are packed.

template <class L> struct StepOf { using type = void; };
template <class T, bptt::Activation A> struct StepOf<bptt::Rnn<T, A>> { using type = Rnn<static_cast<Activation>(A)>; };
template <class T, bptt::Peephole P> struct StepOf<bptt::Lstm<T, P>> { using type = Lstm<static_cast<Peephole>(P)>; };
template <class T> struct StepOf<bptt::Gru<T, Reset::after>> { using type = GruAfter; };
template <class T> struct StepOf<bptt::Gru<T, Reset::before>> { using type = GruBefore; };
static_assert(static_cast<Activation>(bptt::Activation::relu) == Activation::relu &&
              static_cast<Activation>(bptt::Activation::identity) == Activation::identity);
static_assert(static_cast<Peephole>(bptt::Peephole::current) == Peephole::current &&
              static_cast<Peephole>(bptt::Peephole::previous) == Peephole::previous &&
              static_cast<Peephole>(bptt::Peephole::full) == Peephole::full);

template <class T, bptt::Activation A, class S, class N> void pack(const bptt::Rnn<T, A>& layer, const N& n, Packer<S> to) {
    constexpr float by = scale_of(static_cast<Activation>(A));
    const Mat<float> Wx = scaled(layer.Wx.value, {by}), Wh = scaled(layer.Wh.value, {by}), b = scaled(layer.b.value, {by});
    for_panels<most_packets<1, N>>(n.units, [&]<int packets>(int u) {
        to.rows(b, u, packets, 0, 1);
        to.product(Wx, u, packets, 0, 1);
        to.product(Wh, u, packets, 0, 1);
    });
}
template <class T, class S, class N> void pack(const bptt::Linear<T>& layer, Activation a, const N& n, Packer<S> to) {
    const Mat<float> W = scaled(layer.W.value, {scale_of(a)}), b = scaled(layer.b.value, {scale_of(a)});
    for_panels<most_packets<1, N>>(n.units, [&]<int packets>(int u) {
        to.rows(b, u, packets, 0, 1);
        to.product(W, u, packets, 0, 1);
    });
}
template <class T, bptt::Peephole P, class S, class N> void pack(const bptt::Lstm<T, P>& layer, const N& n, Packer<S> to) {
    const auto gates = [](const Param<T>& p) { return scaled(p.value, {of_sigmoid, of_sigmoid, of_tanh, of_sigmoid}); };
    const Mat<float> Wx = gates(layer.Wx), Wh = gates(layer.Wh), b = gates(layer.b);
    Mat<float> peepholes;
    if constexpr (P != bptt::Peephole::none) {
        const auto& [Pi, Pf, Po] = static_cast<const detail::Peepholes<T, P>&>(layer);
        const Mat<T> all = P == bptt::Peephole::full
                               ? stacked<T>(layer.units(), {&Pi.value, &Pf.value, nullptr, &Po.value})  // none of g
                               : stacked<T>(layer.units(), {&Pi.value, &Pf.value, &Po.value});
        peepholes = scaled(all, {of_sigmoid});
    }
    for_panels<most_packets<4, N>>(n.units, [&]<int packets>(int u) {
        to.rows(b, u, packets, 0, 4);
        to.product(Wx, u, packets, 0, 4);
        to.product(Wh, u, packets, 0, 4);
        if constexpr (P == bptt::Peephole::full)
            to.product(peepholes, u, packets, 0, 4);
        else if constexpr (P != bptt::Peephole::none)
            to.rows(peepholes, u, packets, 0, 3);
    });
}
template <class T, Reset R, class S, class N> void pack(const bptt::Gru<T, R>& layer, const N& n, Packer<S> to) {
    const auto gates = [](const Mat<T>& m) { return scaled(m, {of_sigmoid, of_sigmoid, of_tanh}); };
    const Mat<float> Wx = gates(layer.Wx.value), Wh = gates(layer.Wh.value), b = gates(layer.b.value);
    Mat<float> bh;
    if constexpr (R == Reset::after) bh = gates(stacked<T>(layer.units(), {nullptr, nullptr, &layer.bh.value}));
    for_panels<most_packets<3, N>>(n.units, [&]<int packets>(int u) {
        to.rows(b, u, packets, 0, 3);
        to.product(Wx, u, packets, 0, 3);
        if constexpr (R == Reset::after) to.rows(bh, u, packets, 0, 3);
        to.product(Wh, u, packets, 0, R == Reset::after ? 3 : 2);
    });
    if constexpr (R == Reset::before)
        for_panels<most_packets<1, N>>(n.units, [&]<int packets>(int u) { to.product(Wh, u, packets, 2, 1); });
}

}  // namespace bptt::live
