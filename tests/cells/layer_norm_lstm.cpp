#include "bptt/cells/layer_norm_lstm.hpp"

#include <tuple>

#include "support/cells.hpp"
#include "support/reference.hpp"

using namespace bptt;

static_assert(Cell<LayerNormLstm<float>> && Cell<LayerNormLstm<double>>);

namespace {

using reference::Numbers;

/// Mean 0 and variance 1, number by number.
Numbers normalised(const Numbers& x) {
    const auto n = static_cast<double>(x.rows());
    double mean = 0, variance = 0;
    for (Index k = 0; k < x.rows(); ++k) mean += x(k) / n;
    for (Index k = 0; k < x.rows(); ++k) variance += (x(k) - mean) * (x(k) - mean) / n;
    Numbers y = x;
    for (Index k = 0; k < x.rows(); ++k) y(k) = (x(k) - mean) / std::sqrt(variance + 1e-5);
    return y;
}

/// Ba et al. (2016), equations 20 to 22.
reference::State step(const reference::Weights& w, const Numbers& x, const reference::State& s) {
    const Index n = s[0].rows();
    Numbers from_x(4 * n, 1), from_h = from_x, h = s[0], c = s[1];
    for (Index k = 0; k < 4 * n; ++k)
        from_x(k) = reference::dot(w.at("Wx"), k, x), from_h(k) = reference::dot(w.at("Wh"), k, s[0]);
    from_x = normalised(from_x), from_h = normalised(from_h);
    const auto z = [&](Index k) { return w.at("gx")(k) * from_x(k) + w.at("gh")(k) * from_h(k) + w.at("b")(k); };
    for (Index k = 0; k < n; ++k)
        c(k) = reference::logistic(z(n + k)) * s[1](k) + reference::logistic(z(k)) * std::tanh(z(2 * n + k));
    const Numbers of_c = normalised(c);
    for (Index k = 0; k < n; ++k) h(k) = reference::logistic(z(3 * n + k)) * std::tanh(w.at("gc")(k) * of_c(k) + w.at("bc")(k));
    return {h, c};
}

}  // namespace

TEST_CASE("layer_norm_lstm: gradients") {
    Rng rng(1);
    for (const auto& [inputs, units, lengths] : std::vector<std::tuple<Index, Index, std::vector<Index>>>{
             {2, 4, {3, 3}}, {5, 7, {2, 5}}, {4, 8, {0, 1, 3, 3}}, {9, 5, {3, 3, 3, 3, 3}}, {3, 17, {4, 0, 3}}}) {
        LayerNormLstm<double> cell(inputs, units, rng);
        randomise(cell, rng, 0.7);
        CAPTURE(inputs, units, lengths);
        CHECK(gradcheck_layer(cell, inputs, lengths, rng));
    }
}

TEST_CASE("layer_norm_lstm: follows its equations") { reference::check<LayerNormLstm<double>>(step); }

TEST_CASE("layer_norm_lstm: starts with orthogonal blocks, open forget gates and no change of scale") {
    Rng rng(2);
    const LayerNormLstm<float> cell(3, 5, rng);
    CHECK(names_of(cell) == "Wx Wh gx gh b gc bc ");
    for (Index gate = 0; gate < 4; ++gate) {
        const Mat<float> W = cell.Wh.value.middleRows(5 * gate, 5);
        CHECK((W * W.transpose() - Mat<float>::Identity(5, 5)).cwiseAbs().maxCoeff() < 1e-6f);
        CHECK(cell.b.value.middleRows(5 * gate, 5) == Mat<float>::Constant(5, 1, gate == 1 ? 1.0f : 0.0f));
    }
    CHECK((cell.gx.value == Mat<float>::Ones(20, 1) && cell.gh.value == cell.gx.value &&
           cell.gc.value == Mat<float>::Ones(5, 1)));
    CHECK(cell.bc.value == Mat<float>::Zero(5, 1));
}
