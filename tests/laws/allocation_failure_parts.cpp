// As allocation_failure.cpp, for an optimiser's first step, an average, zero_grad, watch, a carry and PairBatches::shuffle.
#include "bptt/bptt.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/failures.hpp"

#if defined(BPTT_OWN_MALLOC)

using namespace bptt;

namespace {

/// One step of an optimiser that has never seen the model, with gradients that are there already.
template <class Optimizer> struct Optimize {
    Rng rng{2};
    Bidirectional<Gru<double>> model{2, 3, rng};
    Optimizer optimizer;
    Optimize() {
        if constexpr (requires { optimizer.options.momentum; }) optimizer.options.momentum = 0.9;
        for_each_param(model, [](std::string_view, auto& p) { p.grad = p.value.array() + 0.1; });
    }
    void run() { optimizer.step(model); }
    std::string promised() const {
        Optimize next = *this;
        next.optimizer.step(next.model);
        return bits(model) + bits(next.model);
    }
    std::string result() const { return promised(); }
};

/// Gradients of another shape than their parameters: they are made anew.
struct Misshapen {
    Rng rng{3};
    Rnn<double> model{4, 5, rng};
    Tape<double> tape;
    Misshapen() {
        for_each_param(model, [](std::string_view, auto& p) { p.grad.setOnes(3, 3); });
    }
    std::string result() const { return bits(model); }
};
struct ZeroGrad : Misshapen {
    void run() { zero_grad(model); }
    std::string promised() const { return parameters(model) + number(rng); }
};
struct Watch : Misshapen {
    void run() { tape.watch(model.Wx), tape.watch(model.Wh), tape.watch(model.b); }
    std::string promised() const { return parameters(model) + number(rng); }
};

/// The first average of a model.
struct Average {
    Rng rng{5};
    Rnn<double> model{4, 5, rng}, averaged = model;
    Ema<double> ema;
    void run() { ema.update(model); }
    std::string promised() const {
        Average next = *this;
        next.ema.update(next.model);
        next.ema.copy_to(next.averaged);
        return parameters(next.averaged) + number(next.ema.updates() - ema.updates());
    }
    std::string result() const { return promised(); }
};

/// Empty matrices, which are made as what is carried over.
struct Carry {
    Tape<double> tape;
    LstmState<Var<double>> s{tape.constant(Mat<double>::Ones(3, 2)), tape.constant(Mat<double>::Ones(4, 2))};
    LstmState<Mat<double>> carry;
    void run() { values(s, carry); }
    std::string promised() const { return numbers(carry.h) + numbers(carry.c); }
    std::string result() const { return promised(); }
};

/// The order of the pairs of a text: a single batch has another one each time.
struct Shuffle {
    Rng rng{4};
    PairBatches batches = pair_batches({{"a", "x"}, {"b", "x"}, {"c", "x"}, {"d", "x"}}, Vocabulary("abcd"),
                                       Vocabulary("x", {.bos = true, .eos = true}));
    Shuffle() { batches.shuffle(rng); }
    void run() { batches.shuffle(rng); }
    std::string promised() const {
        std::string all = number(rng);
        for (const PairBatch& batch : batches)
            for (const Index id : batch.sources.ids()) all += number(id);
        return all;
    }
    std::string result() const { return promised(); }
};

}  // namespace

TEMPLATE_TEST_CASE("allocation failure: an optimiser's first step", "", Sgd<double>, Adagrad<double>, RmsProp<double>,
                   Adam<double>, AdamW<double>) {
    CHECK(check_failures<Optimize<TestType>>() >= 8);
}

TEST_CASE("allocation failure: gradients of other shapes, and carried states that are empty") {
    CHECK(check_failures<ZeroGrad>() == 3);
    CHECK(check_failures<Watch>() >= 3);
    CHECK(check_failures<Carry>() == 2);
}

TEST_CASE("allocation failure: Ema::update") { CHECK(check_failures<Average>() >= 6); }

TEST_CASE("allocation failure: PairBatches::shuffle") { CHECK(check_failures<Shuffle>() == 3); }

#endif
