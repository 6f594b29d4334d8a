#pragma once

#include <cmath>

#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/random.hpp"

/// None, or a random length up to `steps` for each of the batch, zero among them.
inline std::vector<bptt::Index> maybe_lengths(bptt::Index batch, bptt::Index steps, bptt::Rng& rng) {
    std::vector<bptt::Index> lengths(rng.below(3) ? static_cast<std::size_t>(batch) : 0);
    for (bptt::Index& n : lengths) n = rng.below(steps + 1);
    return lengths;
}

/// Gradient checks of 50 cells with random sizes, lengths and batches; prepare(cell) may change each first.
template <class C, class Prepare> void check_gradients(bptt::Rng& rng, Prepare prepare) {
    for (int k = 0; k < 50; ++k) {
        const bptt::Index inputs = 1 + rng.below(9), hidden = 1 + rng.below(9), batch = 1 + rng.below(5),
                          steps = 1 + rng.below(8);
        C cell(inputs, hidden, rng);
        prepare(cell);
        CHECK(gradcheck(cell, {inputs, batch, steps, maybe_lengths(batch, steps, rng)}, rng.next()));
    }
}
template <class C> void check_gradients(bptt::Rng& rng) {
    check_gradients<C>(rng, [](C&) {});
}

/// h of every step, H × (steps·batch).
template <class C>
bptt::Mat<double> run_cell(const C& cell, const bptt::Mat<double>& x, const bptt::StateOf<C, bptt::Mat<double>>& s0) {
    bptt::Tape<double> tape;
    const bptt::Index batch = s0.h.cols();
    return unroll(cell, sequence(tape.constant(x), batch), lift(tape, s0)).h.all.value();
}

/// A cell whose weights are all zero, so that a test can switch on one path at a time.
template <class C> C silent(bptt::Index inputs, bptt::Index hidden) {
    bptt::Rng rng(0);
    C cell(inputs, hidden, rng);
    for_each_param(cell, [](std::string_view, auto& p) { p.value.setZero(); });
    return cell;
}

inline double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// One gate's path, alone: Wx x, Wh h or b in one row block.
enum class Path { input, recurrent, bias };
constexpr Path paths[] = {Path::input, Path::recurrent, Path::bias};

/// Fills one path of row block `gate`, and gives what it adds to that gate's sum.
class OnePath {
public:
    OnePath(auto& cell, bptt::Index gate, Path path, bptt::Rng& rng) : path_(path) {
        auto& p = path == Path::input ? cell.Wx : path == Path::recurrent ? cell.Wh : cell.b;
        auto block = p.value.middleRows(gate * cell.units(), cell.units());
        weights_ = random_mat(block.rows(), block.cols(), rng);
        block += weights_;
    }
    /// For unit k; x and h are one column each.
    double operator()(bptt::Index k, const auto& x, const auto& h) const {
        if (path_ == Path::bias) return weights_(k, 0);
        double total = 0;
        for (bptt::Index j = 0; j < weights_.cols(); ++j) total += weights_(k, j) * (path_ == Path::input ? x(j) : h(j));
        return total;
    }

private:
    Path path_;
    bptt::Mat<double> weights_;
};
