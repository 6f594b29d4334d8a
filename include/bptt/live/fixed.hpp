#pragma once

#include <type_traits>

#include "bptt/live/pack.hpp"

// Networks whose weights are constants of the program, for devices without a heap: packed() while it is compiled, a Runner when
// it runs.

namespace bptt::live {

/// A constant matrix, row after row.
template <int height, int width> struct Matrix {
    float numbers[std::size_t{height} * width];
    constexpr float operator()(int i, int j) const { return numbers[i * width + j]; }
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

/// The weights of a cell with that step, Rnn, Lstm, GruAfter or GruBefore, stored as S: of an Lstm with peepholes Pi, Pf and Po
/// follow b, of a GruAfter bh.
template <class Step, class S = Float32, int height, int inputs, int units, int... widths>
constexpr auto packed(const Matrix<height, inputs>& Wx, const Matrix<height, units>& Wh, const Matrix<height, 1>& b,
                      const Matrix<units, widths>&... more) {
    static_assert(height == Step::gates * units, "packed: Wx, Wh and b have a row for each unit of each gate of the cell");
    static_assert(((widths == (std::is_same_v<Step, Lstm<Peephole::full>> ? units : 1)) && ...),
                  "packed: bh and peepholes are columns, full peepholes units x units");
    constexpr bool complete = sizeof...(more) == Step::extra_params;
    static_assert(complete, "packed: after b come bh of a GruAfter, Pi, Pf and Po of an Lstm with peepholes, or nothing");
    PackedWeights<Step, S, inputs, units> all{};
    if constexpr (complete) pack(Step(), all.sizes, Packer<S>(all.matrix, all.rows), Wx, Wh, b, more...);
    return all;
}
/// Those of W x + b.
template <class S = Float32, int inputs, int units>
constexpr auto packed(const Matrix<units, inputs>& W, const Matrix<units, 1>& b) {
    PackedWeights<Linear, S, inputs, units> all{};
    pack(Linear(), all.sizes, Packer<S>(all.matrix, all.rows), W, b);
    return all;
}

/// A layer that runs on packed weights, which are a constant of the program: its state is all that it holds.
template <const auto& weights> class Runner {
    using Weights = std::remove_cvref_t<decltype(weights)>;
    using Step = typename Weights::Step;
    static constexpr auto sizes = Weights::sizes;

public:
    /// The output, `units` numbers, after one more step with x, `inputs` numbers; valid until the next step.
    const float* step(const float* x) noexcept {
        using Reader = live::Weights<typename Weights::Stored>;
        Step::step(sizes, Reader{weights.matrix, weights.rows}, Input{x, sizes.inputs}, states_[now_], states_[1 - now_],
                   room_);
        now_ = 1 - now_;
        return states_[now_];
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
