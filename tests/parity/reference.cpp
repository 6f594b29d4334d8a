#include "support/reference.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/highway.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

reference::Column column(const auto& m, Index k) {
    reference::Column out;
    for (Index row = 0; row < m.rows(); ++row) out.push_back(m(row, k));
    return out;
}

/// Random parameters for a model, and the same as plain numbers.
reference::Weights randomise(auto& model, Rng& rng) {
    reference::Weights weights;
    for_each_param(model, [&](std::string_view name, auto& p) {
        p.value = random_mat(p.rows(), p.cols(), rng);
        for (Index row = 0; row < p.rows(); ++row) weights[std::string(name)].push_back(column(p.value.transpose(), row));
    });
    return weights;
}

/// The largest difference between column k of m and the plain numbers.
double apart(const auto& m, Index k, const reference::Column& numbers) {
    double worst = static_cast<Index>(numbers.size()) == m.rows() ? 0 : INFINITY;
    for (Index row = 0; row < m.rows(); ++row)
        worst = std::max(worst, std::abs(m(row, k) - numbers[static_cast<std::size_t>(row)]));
    return worst;
}

/// step(weights, x, state), the plain form of C, beside C itself: random sizes and lengths, both directions.
template <class C, class Step> void check_cell(const Step& step) {
    Rng rng(1);
    for (int trial = 0; trial < 40; ++trial) {
        const Index inputs = 1 + rng.below(5), hidden = 1 + rng.below(6), batch = 1 + rng.below(5);
        std::vector<Index> lengths;
        for (Index b = 0; b < batch; ++b) lengths.push_back(rng.below(7));
        const Index steps = 6;
        C cell(inputs, hidden, rng);
        const auto weights = randomise(cell, rng);
        const Mat<double> x = random_mat(inputs, steps * batch, rng);
        auto start = zero_state(cell, batch);
        for_each_field(start, [&](Mat<double>& m) { m = random_mat(hidden, batch, rng); });

        for (const bool back : {false, true}) {
            Tape<double> tape;
            const auto xs = sequence(tape.constant(x), batch, lengths);
            const auto y = unroll(cell, back ? reversed(xs) : xs, lift(tape, start));
            const auto end = final_state(y);
            for (Index b = 0; b < batch; ++b) {
                std::vector<reference::Column> own;
                for (Index t = 0; t < lengths[static_cast<std::size_t>(b)]; ++t) own.push_back(column(x, t * batch + b));
                reference::State s;
                for_each_field(start, [&](const Mat<double>& m) { s.push_back(column(m, b)); });
                const auto states =
                    reference::run([&](const auto& xt, const auto& st) { return step(weights, xt, st); }, own, s, back);
                if (!states.empty()) s = back ? states.front() : states.back();
                for_each_field(y, [&, k = std::size_t{0}](const Sequence<double>& field) mutable {
                    const Mat<double> rectangle = padded(field).value();
                    for (std::size_t t = 0; t < states.size(); ++t)
                        CHECK(apart(rectangle, static_cast<Index>(t) * batch + b, states[t][k]) < 1e-13);
                    ++k;
                });
                for_each_field(end, [&, k = std::size_t{0}](const Var<double>& field) mutable {
                    CHECK(apart(field.value(), b, s[k++]) < 1e-13);
                });
            }
        }
    }
}

double tanh_of(double x) { return std::tanh(x); }
double relu_of(double x) { return x > 0 ? x : 0; }
double itself(double x) { return x; }

template <Activation A> void check_rnn(double (*activation)(double)) {
    check_cell<Rnn<double, A>>(
        [=](const auto& w, const auto& x, const auto& s) { return reference::rnn(w, activation, x, s); });
}
template <Peephole P> void check_lstm(reference::Peep form) {
    check_cell<Lstm<double, P>>([=](const auto& w, const auto& x, const auto& s) { return reference::lstm(w, form, x, s); });
}
template <Reset R> void check_gru(bool after) {
    check_cell<Gru<double, R>>([=](const auto& w, const auto& x, const auto& s) { return reference::gru(w, after, x, s); });
}
template <Activation A> void check_highway(double (*activation)(double)) {
    Rng rng(2);
    for (int trial = 0; trial < 40; ++trial) {
        const Index n = 1 + rng.below(6), count = 1 + rng.below(5);
        Highway<double, A> layer(n, rng);
        const auto weights = randomise(layer, rng);
        const Mat<double> x = random_mat(n, count, rng);
        Tape<double> tape;
        const Mat<double> y = layer(tape.constant(x)).value();
        for (Index k = 0; k < count; ++k) CHECK(apart(y, k, reference::highway(weights, activation, column(x, k))) < 1e-13);
    }
}

}  // namespace

TEST_CASE("reference: rnn") {
    check_rnn<Activation::tanh>(tanh_of);
    check_rnn<Activation::relu>(relu_of);
    check_rnn<Activation::identity>(itself);
}

TEST_CASE("reference: lstm, all peepholes") {
    check_lstm<Peephole::none>(reference::Peep::none);
    check_lstm<Peephole::current>(reference::Peep::current);
    check_lstm<Peephole::previous>(reference::Peep::previous);
    check_lstm<Peephole::full>(reference::Peep::full);
}

TEST_CASE("reference: gru, reset before and after") {
    check_gru<Reset::before>(false);
    check_gru<Reset::after>(true);
}

TEST_CASE("reference: highway") {
    check_highway<Activation::tanh>(tanh_of);
    check_highway<Activation::relu>(relu_of);
    check_highway<Activation::identity>(itself);
}
