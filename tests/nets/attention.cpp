#include "bptt/nets/attention.hpp"

#include <cmath>
#include <limits>
#include <tuple>

#include "bptt/ops/reduce.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/params.hpp"
#include "support/shapes.hpp"

using namespace bptt;

namespace {

constexpr Index query = 3, key = 4, units = 5, batch = 3;
const std::vector<Index> lengths{2, 4, 1};

BahdanauAttention<double> random_attention(Rng& rng) {
    BahdanauAttention<double> attention(query, key, units, rng);
    randomise(attention, rng, 2);
    return attention;
}

/// e_j, its softmax and the context in plain loops, for sequence b of the rectangle.
std::pair<Mat<double>, Mat<double>> plain(const BahdanauAttention<double>& att, const Mat<double>& keys, Index b, Index length,
                                          const Mat<double>& q) {
    std::vector<double> e;
    double total = 0;
    for (Index t = 0; t < length; ++t) {
        double energy = 0;
        for (Index a = 0; a < units; ++a) {
            double z = 0;
            for (Index k = 0; k < query; ++k) z += att.W.value(a, k) * q(k, 0);
            for (Index k = 0; k < key; ++k) z += att.U.value(a, k) * keys(k, t * batch + b);
            energy += att.v.value(a, 0) * std::tanh(z);
        }
        e.push_back(std::exp(energy));
        total += e.back();
    }
    Mat<double> context = Mat<double>::Zero(key, 1), weights = Mat<double>::Zero(4, 1);
    for (Index t = 0; t < length; ++t) {
        weights(t) = e[static_cast<std::size_t>(t)] / total;
        for (Index k = 0; k < key; ++k) context(k) += weights(t) * keys(k, t * batch + b);
    }
    return {context, weights};
}

}  // namespace

TEST_CASE("attention: follows its equations, in the user's order") {
    Rng rng(1);
    const auto attention = random_attention(rng);
    const Mat<double> keys = random_mat(key, 4 * batch, rng), q = random_mat(query, batch, rng);
    Tape<double> tape;
    const auto read = attention(tape.constant(q), attention.memory(sequence(tape.constant(keys), batch, lengths)));
    for (Index b = 0; b < batch; ++b) {
        const auto [context, weights] = plain(attention, keys, b, lengths[static_cast<std::size_t>(b)], q.col(b));
        CHECK(distance(read.context.value().col(b), context) < 1e-13);
        CHECK(distance(read.weights.value().col(b), weights) < 1e-13);
    }
}

TEST_CASE("attention: asked in the order of other sequences, the running ones first") {
    Rng rng(2);
    const auto attention = random_attention(rng);
    const Mat<double> keys = random_mat(key, 4 * batch, rng), q = random_mat(query, 3 * batch, rng);
    Tape<double> tape;
    const auto queries = sequence(tape.constant(q), batch, {1, 2, 3});  // inside: 2, 1, 0
    const auto memory = attention.memory(sequence(tape.constant(keys), batch, lengths), *queries.layout);
    for (Index t = 0; t < 3; ++t) {
        const auto asking = detail::step_columns(queries, t);
        const auto read = attention(asking, memory);
        CHECK(read.weights.cols() == 3 - t);
        for (Index place = 0; place < asking.cols(); ++place) {
            const Index b = queries.layout->sequence(place);
            const auto [context, weights] =
                plain(attention, keys, b, lengths[static_cast<std::size_t>(b)], q.col(t * batch + b));
            CHECK(distance(read.context.value().col(place), context) < 1e-13);
            CHECK(distance(read.weights.value().col(place), weights) < 1e-13);
        }
    }
}

TEST_CASE("attention: gradients with unequal lengths, an empty source among them, asked twice") {
    Rng rng(3);
    for (const auto& each : {std::vector<Index>{2, 4, 1}, std::vector<Index>{0, 1, 4}, std::vector<Index>{4, 4, 4}}) {
        auto attention = random_attention(rng);
        CHECK(gradcheck(
            attention,
            [&](auto keys, auto q) {
                const auto queries = sequence(q, batch, {1, 0, 2});
                const auto memory = attention.memory(sequence(keys, batch, each), *queries.layout);
                const auto first = attention(detail::step_columns(queries, 0), memory),
                           second = attention(detail::step_columns(queries, 1), memory);
                return std::tuple(first.context, first.weights, second.context, second.weights);
            },
            random_mat(key, 4 * batch, rng), random_mat(query, 2 * batch, rng)));
    }
}

TEST_CASE("attention: weights sum to one over the real steps and are zero beyond, an empty source gives a zero context") {
    Rng rng(4);
    const auto attention = random_attention(rng);
    Mat<double> keys = random_mat(key, 4 * batch, rng);
    keys.col(0 * batch + 1).setConstant(std::numeric_limits<double>::quiet_NaN());  // padding of the empty source
    Tape<double> tape;
    const auto x = tape.variable(keys);
    const auto read = attention(tape.constant(random_mat(query, batch, rng)), attention.memory(sequence(x, batch, {4, 0, 2})));
    const Mat<double> a = read.weights.value();
    CHECK_THAT(a.col(0).sum(), WithinAbs(1, 1e-14));
    CHECK(a.col(1).isZero(0));
    CHECK(read.context.value().col(1).isZero(0));
    CHECK_THAT(a.col(2).head(2).sum(), WithinAbs(1, 1e-14));
    CHECK(a.col(2).tail(2).isZero(0));
    CHECK((a.col(0).array() > 0).all());
    backward(sum(read.context));
    CHECK_FALSE(x.grad().hasNaN());
}

TEST_CASE("attention: padding changes nothing, bit for bit") {
    Rng rng(5);
    const auto attention = random_attention(rng);
    const Mat<double> q = random_mat(query, batch, rng), keys = random_mat(key, 4 * batch, rng);
    const auto run = [&](double padding) {
        Mat<double> x = keys;
        for (Index b = 0; b < batch; ++b)
            for (Index t = lengths[static_cast<std::size_t>(b)]; t < 4; ++t) x.col(t * batch + b).setConstant(padding);
        Tape<double> tape;
        const auto k = tape.variable(x);
        const auto read = attention(tape.constant(q), attention.memory(sequence(k, batch, lengths)));
        zero_grad(attention);
        backward(sum(read.context) + sum(read.weights % read.weights));
        return std::tuple(Mat<double>(read.context.value()), Mat<double>(k.grad()), attention.W.grad, attention.U.grad,
                          attention.v.grad);
    };
    CHECK(run(3) == run(std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("attention: keys are projected once, however often they are asked") {
    Rng rng(6);
    auto attention = random_attention(rng);
    Tape<double> tape;
    const auto memory = attention.memory(sequence(tape.constant(random_mat(key, 4 * batch, rng)), batch, lengths));
    attention.U.value.setConstant(std::numeric_limits<double>::quiet_NaN());  // who reads it from now on is found out
    for (int k = 0; k < 3; ++k)
        CHECK_FALSE(attention(tape.constant(random_mat(query, batch, rng)), memory).context.value().hasNaN());
}
