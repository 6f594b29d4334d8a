#pragma once

#include <type_traits>

#include "bptt/live/pack.hpp"

// Networks whose weights are constants of the program, for devices without a heap: packed() while it is compiled, a Runner when
// it runs.

namespace bptt::live {

/// A constant matrix, row after row.
template <int height, int width> struct Matrix {
    static_assert(height > 0 && width > 0, "Matrix: it has rows and columns");
    float numbers[std::size_t{height} * width];
    constexpr float operator()(int i, int j) const { return numbers[i * width + j]; }
};
/// Of packed(): a program where it is called while that is compiled does not compile, and another ends.
[[noreturn]] inline void a_weight_is_not_a_number_below_1e37() { __builtin_trap(); }
template <class S>
concept Stores = requires {
    typename S::Stored;
};

inline namespace BPTT_OF_LANES {

/// A layer's packed weights; a constexpr one costs no RAM.
template <class Cell, class S, int inputs, int units> struct PackedWeights {
    using Step = Cell;
    using Stored = S;
    static constexpr Sizes<inputs, units, 1> sizes{inputs, units, 1};
    static constexpr Need need = Step::template need<S>(sizes);

    alignas(4 * lanes) typename S::Stored matrix[std::size_t{need.matrix}];
    alignas(4 * lanes) float rows[std::size_t{need.rows}];
};

template <int height, int width> constexpr void check_numbers(const Matrix<height, width>& m) {
    for (const float w : m.numbers)
        if (!(w < 1e37f && w > -1e37f)) a_weight_is_not_a_number_below_1e37();
}
/// Whether the k-th parameter after Wx, Wh and b has the shape that a step reads.
template <class Step> constexpr bool extra_fits(int k, int height, int width, int units) {
    if constexpr (std::is_same_v<Step, LayerNormLstm>)
        return height == (k < 2 ? 4 : 1) * units && width == 1;
    else
        return height == units && width == (std::is_same_v<Step, Lstm<Peephole::full>> ? units : 1);
}

/// The weights of a cell with that step (Rnn, Lstm, GruAfter, GruBefore, LayerNormLstm), stored as S. What else the cell has
/// follows: Pi, Pf, Po of an Lstm with peepholes; bh of a GruAfter; gx, gh, gc, bc of a LayerNormLstm.
template <class Step, class S = Float32, int height, int inputs, int height_h, int units, int height_b, int... heights,
          int... widths>
constexpr auto packed(const Matrix<height, inputs>& Wx, const Matrix<height_h, units>& Wh, const Matrix<height_b, 1>& b,
                      const Matrix<heights, widths>&... more) {
    constexpr bool fits = height == Step::gates * units && height_h == height && height_b == height;
    constexpr bool complete = sizeof...(more) == Step::extra_params;
    constexpr bool extra = [](int k = 0) { return (extra_fits<Step>(k++, heights, widths, units) && ...); }();
    static_assert(fits, "packed: Wx, Wh and b have a row for each unit of each gate of the cell");
    static_assert(complete,
                  "packed: after b come bh of a GruAfter, Pi, Pf and Po of an Lstm with peepholes, gx, gh, gc and bc of "
                  "a LayerNormLstm, or nothing");
    static_assert(!complete || extra, "packed: what follows b has other rows or columns than the cell has");
    PackedWeights<Step, S, inputs, units> all{};
    if constexpr (fits && complete && extra) {
        check_numbers(Wx), check_numbers(Wh), check_numbers(b), (check_numbers(more), ...);
        pack(Step(), all.sizes, Packer<S>(all.matrix, all.rows), Wx, Wh, b, more...);
    }
    return all;
}
/// Those of W x + b.
template <class S = Float32, int units, int inputs>
constexpr auto packed(const Matrix<units, inputs>& W, const Matrix<units, 1>& b) {
    static_assert(Stores<S>, "packed: of a cell there are Wx, Wh and b");
    PackedWeights<Linear, S, inputs, units> all{};
    check_numbers(W), check_numbers(b);
    pack(Linear(), all.sizes, Packer<S>(all.matrix, all.rows), W, b);
    return all;
}

/// A layer that runs on packed weights, which are a constant of the program: its state is all that it holds.
template <const auto& weights> class Runner {
    using Weights = std::remove_cvref_t<decltype(weights)>;
    using Step = typename Weights::Step;
    static constexpr auto sizes = Weights::sizes;

    static_assert(weights.rows[0] < 1e38f, "Runner: its weights are constexpr");

public:
    using In = float[std::size_t{sizes.inputs}];
    using Out = float[std::size_t{sizes.units}];

    /// The output after one more step with x; valid until the next step.
    const Out& step(const In& x) noexcept {
        using Reader = live::Weights<typename Weights::Stored>;
        Step::step(sizes, Reader{weights.matrix, weights.rows}, Input{x, sizes.inputs}, states_[now_], states_[1 - now_],
                   room_);
        now_ = 1 - now_;
        return reinterpret_cast<const Out&>(states_[now_]);
    }
    /// The same for one input.
    const Out& step(float x) noexcept requires(sizes.inputs == 1) {
        const In one = {x};
        return step(one);
    }
    /// Begins again from a state of zeros.
    void reset() noexcept {
        for (float& s : states_[now_]) s = 0;
    }

private:
    static constexpr int numbers = padded(sizes.units);
    alignas(4 * lanes) float states_[2][std::size_t{Step::fields * numbers}] = {};  // this one and the next
    alignas(4 * lanes) float room_[Step::rooms > 0 ? Step::rooms* numbers : 1] = {};
    int now_ = 0;
};

}  // namespace BPTT_OF_LANES
}  // namespace bptt::live
