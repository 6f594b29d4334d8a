#include "bptt/inspect/gradient_flow.hpp"

#include <cmath>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/ops/reduce.hpp"
#include "catch.hpp"
#include "support/comma_locale.hpp"
#include "support/mgu.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

/// A state of which one field is always the start's, and two share their numbers.
template <class V> struct SharedState {
    V h, kept, same;
    static constexpr std::array names = {"h", "kept", "same"};
};
struct Shares {
    using Scalar = double;
    template <class V> using State = SharedState<V>;
    Param<double> W, U;
    Shares(Index inputs, Index outputs, Rng& rng) : W(random_mat(outputs, inputs, rng)), U(random_mat(outputs, outputs, rng)) {}
    static void params(auto& m, auto&& f) { f("W", m.W), f("U", m.U); }
    Index units() const { return U.rows(); }
    State<Var<double>> step(Var<double> x, State<Var<double>> s) const {
        const auto h = tanh(W * x + U * s.h + s.kept % s.same);
        return {h, s.kept, cols(h, 0, h.cols())};
    }
};

/// What the loss sends to each field of each step of each sequence: [field][sequence], units × its steps.
using Cotangents = std::vector<std::vector<Mat<double>>>;

template <class S> Var<double> loss_of(const S& y, const Cotangents& sent, Tape<double>& tape) {
    std::vector<Var<double>> terms;
    for_each_field(y, [&](const Sequence<double>& field) {
        terms.push_back(sum(field.all % Sequence<double>::of(tape, sent[terms.size()]).all));
    });
    return sum(concat_rows(std::span<const Var<double>>(terms)));
}

/// The gradient of each field after k steps of one sequence: the run is cut there, and goes on from a variable.
template <class C> std::vector<Mat<double>> by_cutting(const C& cell, const Mat<double>& x, const StateOf<C, Mat<double>>& s0,
                                                       const std::vector<Mat<double>>& sent, Index k) {
    Tape<double> tape, rest;
    const auto before = values(final_state(unroll(cell, Sequence<double>::of(tape, {x.leftCols(k)}), s0)));
    const auto start = map_state(before, [&](const Mat<double>& m) { return rest.variable(m); });
    Cotangents later;
    for (const auto& field : sent) later.push_back({field.rightCols(x.cols() - k)});
    backward(loss_of(unroll(cell, Sequence<double>::of(rest, {x.rightCols(x.cols() - k)}), start), later, rest));
    std::vector<Mat<double>> gradients;
    for_each_field(start, [&](const Var<double>& v) {
        gradients.push_back(v.grad());
        if (k > 0) gradients.back() += sent[gradients.size() - 1].col(k - 1);
    });
    return gradients;
}

template <class C> void check_flow(const std::vector<Index>& lengths, bool back) {
    Rng rng(7);
    const Index units = 4, batch = std::ssize(lengths), longest = std::ranges::max(lengths);
    const C cell(3, units, rng);
    const auto s0 = map_state(zero_state(cell, batch), [&](const Mat<double>&) { return random_mat(units, batch, rng); });
    std::vector<Mat<double>> x;
    for (const Index length : lengths) x.push_back(random_mat(3, length, rng));
    Cotangents sent;
    for_each_field(s0, [&](const auto&) {
        sent.emplace_back();
        for (const Index length : lengths) sent.back().push_back(random_mat(units, length, rng));
    });

    Tape<double> tape;
    const auto xs = Sequence<double>::of(tape, x);
    const auto flow = gradient_flow(cell, back ? reversed(xs) : xs, s0, [&](const auto& y) { return loss_of(y, sent, tape); });

    REQUIRE(flow.fields.size() == sent.size());
    const auto in_run = [back](const Mat<double>& m) -> Mat<double> { return back ? Mat<double>(m.rowwise().reverse()) : m; };
    for (Index k = 0; k <= longest; ++k) {
        std::vector<double> squares(sent.size());
        for (Index b = 0; b < batch; ++b) {
            const auto n = static_cast<std::size_t>(b);
            std::vector<Mat<double>> own;
            for (const auto& field : sent) own.push_back(in_run(field[n]));
            const auto g = by_cutting(cell, in_run(x[n]), columns(s0, b, 1), own, (std::min)(k, lengths[n]));
            for (std::size_t f = 0; f < g.size(); ++f) squares[f] += g[f].squaredNorm();
        }
        for (std::size_t f = 0; f < squares.size(); ++f) {
            INFO(flow.fields[f].field << " after " << k << " steps" << (back ? ", reversed" : ""));
            CHECK(flow.fields[f].norms.size() == static_cast<std::size_t>(longest + 1));
            CHECK_THAT(flow.fields[f].norms[static_cast<std::size_t>(k)], WithinRel(std::sqrt(squares[f]), 1e-12));
        }
    }
}
template <class C> void check_flows() {
    for (const bool back : {false, true})
        for (const std::vector<Index>& lengths : {std::vector<Index>{5}, {3, 3}, {2, 5, 0, 4}, {4, 2}})
            check_flow<C>(lengths, back);
}

/// An RNN h_t = ρ Q h_{t−1} + …, Q orthogonal.
Rnn<double, Activation::identity> linear_rnn(double radius, Rng& rng) {
    Rnn<double, Activation::identity> rnn(2, 6, rng);
    rnn.Wh.value *= radius;
    return rnn;
}

}  // namespace

TEST_CASE("gradient_flow: the whole gradient after each step is that of a run that is cut there") {
    check_flows<Rnn<double>>();
    check_flows<Lstm<double>>();
    check_flows<Lstm<double, Peephole::full>>();
    check_flows<Gru<double>>();
    check_flows<Gru<double, Reset::after>>();
    check_flows<Mgu>();
}

TEST_CASE("gradient_flow: fields that are each other's views, or the step before's, have gradients of their own") {
    check_flows<Shares>();
}

TEST_CASE("gradient_flow: through a linear RNN of radius ρ it is ρ times as large with each step back") {
    for (const double radius : {0.1, 0.5, 1.0, 1.5}) {
        Rng rng(1);
        const auto rnn = linear_rnn(radius, rng);
        Tape<double> tape;
        const auto xs = sequence(tape.constant(random_mat(2, 3 * 200, rng)), 3);
        const auto flow = gradient_flow(rnn, xs, [](const auto& y) { return sum(final_state(y.h)); });
        const auto& norms = flow["h"];
        REQUIRE(norms.size() == 201);
        for (std::size_t k = 0; k < 200; ++k)
            CHECK_THAT(std::log(norms[k]) - std::log(norms[k + 1]), WithinAbs(std::log(radius), 1e-6));
        CHECK_THAT(norms[200], WithinRel(std::sqrt(3 * 6.0), 1e-12));
    }
}

TEST_CASE("gradient_flow: where an LSTM's gates do not see h, the gradient of c is the product of the forget gates") {
    Rng rng(2);
    Lstm<double> lstm(2, 1, rng);
    lstm.Wh.value.setZero();
    Tape<double> tape;
    const Index steps = 50;
    const Mat<double> x = random_mat(2, steps, rng);
    const auto flow = gradient_flow(lstm, sequence(tape.constant(x), 1), [](const auto& y) { return sum(final_state(y.c)); });
    double product = 1;
    for (Index k = steps; k >= 0; --k) {
        CHECK_THAT(flow["c"][static_cast<std::size_t>(k)], WithinAbs(product, 1e-12));
        CHECK(flow["h"][static_cast<std::size_t>(k)] == 0);
        if (k > 0) {  // gates in row blocks i, f, g, o
            const double f = lstm.b.value(1) + lstm.Wx.value.row(1).dot(x.col(k - 1));
            product *= 1 / (1 + std::exp(-f));
        }
    }
}

TEST_CASE("gradient_flow: a GRU whose parameters are 0 halves it with each step back, also in float") {
    Rng zeros = Rng::zeros();
    const auto check = [&]<class T>(const Gru<T>& gru) {
        Tape<T> tape;
        const auto flow = gradient_flow(gru, sequence(tape.constant(Mat<T>::Ones(2, 100)), 1),
                                        [](const auto& y) { return sum(final_state(y.h)); });
        for (int back = 0; back <= 100; ++back) CHECK(flow["h"][static_cast<std::size_t>(100 - back)] == std::ldexp(1, -back));
    };
    check(Gru<double>(2, 1, zeros));
    check(Gru<float>(2, 1, zeros));
}

TEST_CASE("gradient_flow: the trajectory and the gradients of parameters are those of unroll_steps and backward") {
    Rng rng(3);
    Lstm<double> lstm(3, 5, rng);
    const Mat<double> x = random_mat(3, 4 * 6, rng);
    const LstmState<Mat<double>> s0{random_mat(5, 4, rng), random_mat(5, 4, rng)};
    Tape<double> tape;
    const auto y = unroll_steps(lstm, sequence(tape.constant(x), 4, {6, 2, 5, 0}), lift(tape, s0));
    zero_grad(lstm), backward(sum(square(y.h.all)));
    const Mat<double> Wh = lstm.Wh.grad, b = lstm.b.grad;

    Tape<double> again;
    lstm.Wh.grad.setOnes(), lstm.b.grad.setZero();
    gradient_flow(lstm, sequence(again.constant(x), 4, {6, 2, 5, 0}), s0, [&](const LstmState<Sequence<double>>& z) {
        CHECK(z.h.all.value() == y.h.all.value());
        CHECK(z.c.all.value() == y.c.all.value());
        return sum(square(z.h.all));
    });
    CHECK(lstm.b.grad == b);
    CHECK((lstm.Wh.grad - Mat<double>::Ones(20, 5)).isApprox(Wh, 1e-14));  // backward() adds
}

TEST_CASE("gradient_flow: of no steps, the start alone") {
    Rng rng(4);
    const Gru<double> gru(2, 3, rng);
    Tape<double> tape;
    const auto flow =
        gradient_flow(gru, sequence(tape.constant(Mat<double>(2, 0)), 1), [](const auto& y) { return sum(final_state(y.h)); });
    CHECK(flow["h"] == std::vector{std::sqrt(3.0)});
}

TEST_CASE("GradientFlow: as a table, with what digits it takes, and empty where a flow is shorter") {
    const GradientFlow lstm{"LSTM", {{"h", {0.1, 1e-30, 1}}, {"c", {0, 1.0 / 0.0, 2.5}}}}, plain{"", {{"h", {3, 4}}}},
        odd{"a \"b\", c", {{"h", {1}}}};
    const std::string table = "step,LSTM: h,LSTM: c,h,\"a \"\"b\"\", c: h\"\n0,0.1,0,3,1\n1,1e-30,inf,4,\n2,1,2.5,,\n";
    CHECK(csv({lstm, plain, odd}) == table);
    CHECK(csv({}) == "step\n");
    const CommaLocale commas;
    CHECK(csv({lstm, plain, odd}) == table);
}

TEST_CASE("GradientFlow: a field that is not there is named, with those that are") {
    const GradientFlow lstm{"LSTM", {{"h", {1}}, {"c", {2}}}};
    CHECK((lstm["h"][0] == 1 && lstm["c"][0] == 2));
    CHECK_THROWS_WITH(lstm["m"], "GradientFlow: there is no field \"m\"; there are h, c");
}

TEST_CASE("GradientFlow: the axis of a panel has all steps of the longest flow, vanished ones, too") {
    const auto steps = [](std::vector<std::vector<double>> flows) {
        std::vector<GradientFlow> all;
        for (auto& norms : flows) all.push_back({"", {{"h", std::move(norms)}}});
        const Panel shown = panel(all);
        CHECK((shown.x.low == 0 && !shown.y.high));
        return shown.x.high;
    };
    CHECK(steps({{0, 0, 0, 1}}) == 3);
    CHECK(steps({{1, 1}}) == 1);
    CHECK(steps({{1}}) == 1);
    CHECK(steps({{1, 1, 1, 1, 1}, {1, 1, 1}}) == 4);
}

TEST_CASE("GradientFlow: as a panel, from the last step back, where a flow has a color, a field a line") {
    const GradientFlow lstm{"LSTM", {{"h", {1, 2, 3}}, {"c", {4, 5, 6}}}}, gru{"GRU", {{"h", {7, 8}}}};
    const auto shown = panel({lstm, gru});
    REQUIRE(shown.series.size() == 3);
    CHECK((shown.series[0].name == "LSTM: h" && shown.series[1].name == "LSTM: c" && shown.series[2].name == "GRU: h"));
    CHECK(shown.series[0].x == std::vector<double>{2, 1, 0});
    CHECK(shown.series[1].y == std::vector<double>{4, 5, 6});
    CHECK(shown.series[2].x == std::vector<double>{1, 0});
    CHECK((shown.series[0].look == 0 && shown.series[1].look == 7 && shown.series[2].look == 1));
    CHECK((shown.y.logarithmic && !shown.x.logarithmic && shown.x.label == "steps back from the last"));
    CHECK(panel(std::vector<GradientFlow>(7, lstm)).series[13].look == 13);
    CHECK(panel(std::vector<GradientFlow>(7, lstm)).series[12].look == 6);
    const auto many = panel(std::vector<GradientFlow>(8, lstm));
    for (Index k = 0; k < 16; ++k) CHECK(many.series[static_cast<std::size_t>(k)].look == k);
}
