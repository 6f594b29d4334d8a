// The laws of truncated BPTT: windows, carried states and the tape's clear() together.

#include <limits>
#include <set>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/reduce.hpp"
#include "bptt/train/clip.hpp"
#include "bptt/train/optimizers.hpp"
#include "bptt/train/windows.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

template <class Cell> struct Lm {
    using Scalar = typename Cell::Scalar;
    Embedding<Scalar> embed;
    Cell cell;
    Linear<Scalar> head;

    Lm(Index classes, Index hidden, std::uint64_t seed) : Lm(classes, hidden, Rng(seed)) {}
    static void params(auto& m, auto&& f) {
        f("embed", m.embed);
        f("cell", m.cell);
        f("head", m.head);
    }

private:
    Lm(Index classes, Index hidden, Rng&& rng)
        : embed(classes, hidden, rng), cell(hidden, hidden, rng), head(hidden, classes, rng) {}
};

/// The gradients of all parameters, one below the other.
template <class M> std::vector<double> gradients(const M& model) {
    std::vector<double> all;
    for_each_param(model, [&](std::string_view, const auto& p) {
        for (Index k = 0; k < p.grad.size(); ++k) all.push_back(static_cast<double>(p.grad.data()[k]));
    });
    return all;
}
double distance(const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    double worst = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        if (!(std::abs(a[k] - b[k]) <= worst)) worst = std::abs(a[k] - b[k]);
    }
    return worst;
}

std::vector<Index> random_ids(Index n, Index classes) {
    Rng rng(23);
    std::vector<Index> ids;
    for (Index k = 0; k < n; ++k) ids.push_back(rng.below(classes));
    return ids;
}

/// The trajectory over `window`, and the loss and its gradients.
template <class M, class T = typename M::Scalar>
auto learn(const M& model, Tape<T>& tape, const Tokens& inputs, const Tokens& targets, const auto& carry) {
    tape.clear();
    const auto y = unroll(model.cell, model.embed(tape, inputs), lift(tape, carry));
    const auto loss = cross_entropy(model.head(y.h), targets);
    zero_grad(model);
    backward(loss);
    return std::pair(y, loss.item());
}
/// The trajectory alone.
template <class M, class T = typename M::Scalar>
auto look(const M& model, Tape<T>& tape, const Tokens& inputs, const auto& carry) {
    const typename Tape<T>::Pause pause(tape);
    tape.clear();
    return unroll(model.cell, model.embed(tape, inputs), lift(tape, carry));
}

using Cells = std::tuple<Lstm<double>, Gru<double>>;

}  // namespace

TEMPLATE_LIST_TEST_CASE("truncated: k2 >= T and k1 = T is full BPTT, bit for bit", "", Cells) {
    const Index batch = 3, T = 13;
    const auto ids = random_ids(batch * T + 1, 5);
    const Lm<TestType> model(5, 4, 1);
    Tape<double> tape;

    std::vector<Index> inputs, targets;
    for (Index t = 0; t < T; ++t) {
        for (Index b = 0; b < batch; ++b) {
            inputs.push_back(ids[static_cast<std::size_t>(b * T + t)]);
            targets.push_back(ids[static_cast<std::size_t>(b * T + t + 1)]);
        }
    }
    const double loss = learn(model, tape, {inputs, batch}, {targets, batch}, zero_state(model.cell, batch)).second;
    const auto full = gradients(model);

    for (const Index k2 : {T, T + 1, std::numeric_limits<Index>::max()}) {
        Index count = 0;
        for (const auto& window : windows(ids, {.batch = batch, .steps = k2, .stride = T})) {
            CHECK(learn(model, tape, window.inputs, window.targets, zero_state(model.cell, batch)).second == loss);
            CHECK(gradients(model) == full);
            ++count;
        }
        CHECK(count == 1);
    }
}

TEMPLATE_TEST_CASE("truncated: windows with a carried state compute what one long window does", "", Lstm<double>, Gru<double>,
                   Lstm<float>) {
    using T = typename TestType::Scalar;
    const T near = std::is_same_v<T, double> ? T(1e-12) : T(1e-5);
    const Index batch = 3, length = 50;
    const auto ids = random_ids(batch * length + 1, 5);
    const Lm<TestType> model(5, 4, 2);
    Tape<T> whole, tape;
    const auto all = windows(ids, {.batch = batch, .steps = length});
    const auto expected = look(model, whole, all.begin()->inputs, zero_state(model.cell, batch));

    auto carry = zero_state(model.cell, batch);
    Index at = 0;
    for (const auto& window : windows(ids, {.batch = batch, .steps = 7})) {
        const auto y = look(model, tape, window.inputs, carry);
        const Index n = y.h.all.cols();
        CHECK((y.h.all.value() - expected.h.all.value().middleCols(at, n)).cwiseAbs().maxCoeff() <= near);
        at += n;
        carry = values(final_state(y));
    }
    CHECK(at == batch * length);
    const auto last = values(final_state(expected));
    for_each_field(carry, last, [&](const auto& a, const auto& b) { CHECK((a - b).cwiseAbs().maxCoeff() <= near); });
}

TEMPLATE_LIST_TEST_CASE("truncated: no gradient crosses to the window before", "", Cells) {
    const std::vector<Index> ids = {0, 1, 0, 1, 2, 3, 2, 3, 2};  // a window of 0 and 1, then one of 2 and 3
    const Lm<TestType> model(4, 3, 3);
    Tape<double> tape;
    auto carry = zero_state(model.cell, 1);
    for (const auto& window : windows(ids, {.batch = 1, .steps = 4})) {
        const auto y = learn(model, tape, window.inputs, window.targets, carry).first;
        for_each_field(y, [](const auto& field) { CHECK_FALSE(field.initial.tracked()); });
        CHECK(model.embed.E.grad.leftCols(2).isZero(0) == !window.first);
        CHECK(model.embed.E.grad.rightCols(2).isZero(0) == window.first);
        for_each_field(carry, [&](const auto& m) { CHECK(m.isZero(0) == window.first); });
        carry = values(final_state(y));
    }
    // in one window the same inputs do get a gradient from the later targets
    const auto all = windows(ids, {.batch = 1, .steps = 8});
    tape.clear();
    const auto y = unroll(model.cell, model.embed(tape, all.begin()->inputs), lift(tape, zero_state(model.cell, 1)));
    zero_grad(model);
    backward(sum(state_at(y, 8).h));
    CHECK_FALSE(model.embed.E.grad.leftCols(2).isZero(0));
}

TEMPLATE_LIST_TEST_CASE("truncated: k1 < k2 is what recomputing each window from the start gives", "", Cells) {
    const Index batch = 2, length = 29, k1 = 3, k2 = 8;
    const auto ids = random_ids(batch * length + 1, 5);
    const Lm<TestType> model(5, 4, 4), twin(5, 4, 4);
    Tape<double> tape, again;
    const auto start = zero_state(model.cell, batch);
    auto carry = start;
    Index first = 0, count = 0;
    for (const auto& window : windows(ids, {.batch = batch, .steps = k2, .stride = k1})) {
        const auto [y, loss] = learn(model, tape, window.inputs, window.targets, carry);

        auto before = start;
        if (first > 0) {
            const auto all = windows(ids, {.batch = batch, .steps = first});
            before = values(final_state(look(twin, again, all.begin()->inputs, start)));
        }
        CHECK_THAT(learn(twin, again, window.inputs, window.targets, before).second, WithinRel(loss, 1e-12));
        CHECK(distance(gradients(model), gradients(twin)) <= 1e-12);

        carry = values(state_at(y, window.stride));
        first += window.stride;
        ++count;
    }
    CHECK(count == 8);
}

TEST_CASE("truncated: memory is that of a window, however long the text") {
    const auto ids = random_ids(100'001, 3);
    Lm<Lstm<double>> model(3, 2, 5);
    Adam<double> adam;
    Tape<double> tape;
    auto carry = zero_state(model.cell, 1);
    std::set<std::size_t> capacities;
    Index count = 0;
    for (const auto& window : windows(ids, {.batch = 1, .steps = 20})) {
        const auto y = learn(model, tape, window.inputs, window.targets, carry).first;
        adam.step(model);
        values(final_state(y), carry);
        if (++count > 2) capacities.insert(tape.capacity());
    }
    CHECK(count == 5000);
    CHECK(capacities.size() == 1);
    CHECK(*capacities.begin() < 1'000'000);
}

TEST_CASE("truncated: values() into a carry is values(), in the carry's own memory") {
    const auto ids = random_ids(22, 3);
    const Lm<Lstm<double>> model(3, 4, 6);
    Tape<double> tape;
    const auto all = windows(ids, {.batch = 3, .steps = 4});
    auto carry = zero_state(model.cell, 3);
    const double* h = carry.h.data();
    const double* c = carry.c.data();
    const auto y = look(model, tape, all.begin()->inputs, carry);
    values(final_state(y), carry);
    CHECK(carry.h == values(final_state(y)).h);
    CHECK(carry.c == values(final_state(y)).c);
    CHECK_FALSE(carry.c == carry.h);
    CHECK(carry.h.data() == h);
    CHECK(carry.c.data() == c);
}

TEST_CASE("truncated: a variable carried across, instead of its values, is an error that says so") {
    const auto ids = random_ids(9, 3);
    const Lm<Gru<double>> model(3, 4, 7);
    Tape<double> tape;
    const auto all = windows(ids, {.batch = 1, .steps = 4});
    const auto y = look(model, tape, all.begin()->inputs, zero_state(model.cell, 1));
    const auto state = final_state(y);
    tape.clear();
    CHECK_THROWS_WITH(unroll(model.cell, model.embed(tape, all.begin()->inputs), state),
                      ContainsSubstring("carry values(...) across"));
    CHECK_THROWS_WITH(final_state(y), ContainsSubstring("before tape.clear()"));
}
