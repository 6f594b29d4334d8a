// Whichever allocation fails, in forward, backward, clip, an optimiser's step or writing: what throws std::bad_alloc has
// changed neither parameters nor gradients nor the optimiser's memory nor the generator, and goes right when tried again.
#include "bptt/bptt.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/failures.hpp"
#include "support/random.hpp"

#if defined(BPTT_OWN_MALLOC)

using namespace bptt;

namespace {

template <Index units> struct Reader {
    Embedding<double> embed;
    Stacked<Bidirectional<Lstm<double>>> rnn;
    Linear<double> head;
    explicit Reader(Rng& rng) : embed(9, 5, rng), rnn(5, units, 2, rng, {.dropout = 0.3}), head(2 * units, 9, rng) {}
    static void params(auto& m, auto&& f) { f("embed", m.embed), f("rnn", m.rnn), f("head", m.head); }
};

/// A network and all that a step of its training changes. From 64 units on its sequences are short, as a step is taken for each
/// allocation.
template <Index units> struct Net {
    Tokens tokens = units < 64 ? Tokens::of({{1, 2, 3, 4, 5}, {}, {6, 7, 8}, {1, 3, 5, 7, 8, 6}}) : Tokens::of({{1, 2}, {3}});
    Rng rng{1};
    Reader<units> model = fresh();
    Adam<double> adam;
    Tape<double> tape;
    double loss = 0;

    static const Reader<units>& fresh() {
        static const Reader<units> model = [] {
            Rng own(1);
            return Reader<units>(own);
        }();
        return model;
    }
    auto unrolled(Rng& draws) {
        const auto zeros = lift(tape, zero_state(model.rnn, tokens.layout().batch));
        return unroll(model.rnn, model.embed(tape, tokens), zeros, Training{draws});
    }
    Var<double> forward(Rng& draws) { return cross_entropy(model.head(unrolled(draws).h), tokens); }

    /// The parameters after a step more: all that the optimiser remembers plays a part.
    std::string next_step() const {
        Net next;
        next.model = model;
        next.adam = adam;
        for_each_param(next.model, [](std::string_view, auto& p) { p.grad = p.value; });
        next.adam.step(next.model);
        return parameters(next.model);
    }
};

template <Index units> struct Unroll : Net<units> {
    Mat<double> y = Mat<double>::Zero(2 * units, this->tokens.layout().columns());  // no allocation after the draws
    void run() { y = this->unrolled(this->rng).h.all.value(); }
    std::string promised() const { return bits(this->model) + number(this->rng) + numbers(y); }
    std::string result() const { return promised(); }
};

/// Both directions draw.
struct BothUnroll {
    Rng rng{5};
    Bidirectional<Stacked<Gru<double>>> model{{8, 40, 2, rng, {.dropout = 0.5}}, {8, 40, 2, rng, {.dropout = 0.5}}};
    Tape<double> tape;
    Sequence<double> xs = sequence(tape.constant(Mat<double>::Ones(8, 40)), 4, {10, 1, 9, 3});
    void run() { unroll(model, xs, lift(tape, zero_state(model, 4)), Training{rng}); }
    std::string promised() const { return number(rng); }
    std::string result() const { return promised(); }
};

/// Fills the tape's memory but for 2 KB, so that backward() needs more.
void fill(Tape<double>& tape) {
    const auto held = tape.capacity();
    while (tape.capacity() == held) tape.buffer<double>(64);  // a new block
    tape.buffer<std::byte>(static_cast<Index>(tape.capacity() - held) - 2048);
}

/// Gradients add up, so some are there already.
template <Index units> struct Backward : Net<units> {
    Var<double> loss_var;
    Backward() : loss_var(this->forward(this->rng)) {
        for_each_param(this->model, [](std::string_view, auto& p) { p.grad = p.value; });
        fill(this->tape);
    }
    void run() { backward(loss_var); }
    std::string promised() const { return bits(this->model) + number(this->rng); }
    std::string result() const { return promised(); }
};

/// Operands above 128 KB, from where on Eigen would keep copies of them on the heap: every op with a product, with one column
/// and with one row, too; and those that sum up.
struct LargeBackward {
    struct Parts {
        Param<double> A, B;
        BahdanauAttention<double> attention;
        Linear<double> inner, head;
        explicit Parts(Rng& rng)
            : A(glorot_uniform<double>(300, 150, rng)),
              B(glorot_uniform<double>(160, 160, rng)),
              attention(160, 128, 150, rng),
              inner(160, 128, rng),
              head(128, 150, rng) {}
        BPTT_PARAMS(A, B, attention, inner, head)
    };
    Rng rng{7};
    Parts model{rng};
    Tape<double> tape;
    Var<double> loss;

    LargeBackward() {
        const auto x = tape.constant(random_mat(150, 160, rng));
        const auto y = model.A * x, z = model.B * multiply_rows(tape.watch(model.A), 100, 160, x);
        const auto column = reshape(y, y.size(), 1), row = reshape(y, 1, y.size());
        const auto memory = model.attention.memory(sequence(model.inner(z), 4));
        const auto read = model.attention(cols(z, 0, 4), memory);
        const std::vector<Index> ids{1, 2, 3, 149};
        const auto logits = model.head(read.context);
        logits.value();  // so that the loss is the composed one
        loss = sum(row * column) + sum(column * tape.constant(Mat<double>::Ones(1, 2))) + sum(model.head(read.context)) +
               cross_entropy(model.head(sequence(read.context, 4)), Tokens(ids, 4)) +
               cross_entropy(logits, std::span<const Index>(ids)) + sum(softmax(y) % log_softmax(y)) + sum(logsumexp(column)) +
               sum(rowwise_sum(y)) + mean(colwise_sum(transpose(y))) + max(tanh(y)) +
               sum(dropout(y, 0.5, Training{rng}) + cols(y, 0, 1)) + sum(y % cols(y, 1, 1));
        for_each_param(model, [](std::string_view, auto& p) { p.grad = p.value; });
        fill(tape);
    }
    void run() { backward(loss); }
    std::string promised() const { return bits(model) + number(rng); }
    std::string result() const { return promised(); }
};

/// A whole step, the generator kept back until it is done. Gradients are left out of the promise, since they are zeroed.
template <Index units> struct Step : Net<units> {
    void run() {
        Rng own = this->rng;
        this->tape.clear();
        const auto l = this->forward(own);
        zero_grad(this->model), backward(l), clip_grad_norm(this->model, 1), clip_grad_value(this->model, 0.01);
        this->adam.step(this->model);
        this->rng = own;
        this->loss = l.item();
    }
    std::string promised() const {
        return parameters(this->model) + number(this->rng) + number(this->loss) + this->next_step();
    }
    std::string result() const { return promised() + bits(this->model); }
};
/// The same after a step: the tape holds several blocks, and the optimiser's memory is there.
template <Index units> struct SecondStep : Step<units> {
    SecondStep() { Step<units>::run(); }
};

/// An encoder-decoder with attention, forward and backward in one.
struct Translate {
    Rng rng{4};
    AttentionEncoderDecoder<Gru<double>> model{{.sources = 7, .targets = 6, .features = 8, .units = 16}, rng};
    Tokens sources = Tokens::of({{1, 2, 3, 4, 5, 6, 1, 2, 3}, {2, 2}, {5, 4, 3}}),
           words = Tokens::of({{1, 2, 5}, {1}, {1, 3, 3, 4}});
    Tape<double> tape;
    double loss = 0;
    std::vector<Written<double>> written;

    void run() {
        const auto l = cross_entropy(model(tape, sources, words), words, {.reduction = Reduction::per_sequence});
        backward(l);
        loss = l.item();
    }
    std::string promised() const {
        std::string all = bits(model) + number(rng) + number(loss);
        for (const auto& w : written) {
            for (const Index token : w.tokens) all += number(token);
            all += numbers(w.alignment) + number(w.log_probability);
        }
        return all;
    }
    std::string result() const { return promised(); }
};
template <class Write> struct Writing : Translate {
    void run() { written = Write()(model.read(sources), *this); }
};
const WriteOptions to_write{.bos = 1, .eos = 0, .max_length = 6};
struct Greedy {
    auto operator()(const auto& writer, Translate&) const { return greedy(writer, to_write); }
};
struct Sample {
    auto operator()(const auto& writer, Translate& t) const { return sample(writer, to_write, t.rng, {.top_p = 0.9}); }
};
struct Beam {
    auto operator()(const auto& writer, Translate&) const { return beam_search(writer, to_write, {.width = 3}); }
};

}  // namespace

TEST_CASE("allocation failure: unroll with dropout of a stack of both directions, and of both directions of a stack") {
    CHECK(check_failures<BothUnroll>() >= 2);
    CHECK(check_failures<Unroll<6>>() >= 2);
    CHECK(check_failures<Unroll<80>>() >= 2);
}

TEST_CASE("allocation failure: backward makes one, before any gradient changes") {
    CHECK(check_failures<Backward<24>>() == 1);
    CHECK(check_failures<Backward<80>>() == 1);
    CHECK(check_failures<LargeBackward>() == 1);
}

TEST_CASE("allocation failure: a step of training, the first and the second") {
    CHECK(check_failures<Step<6>>() >= 20);
    CHECK(check_failures<Step<80>>() >= 20);
    CHECK(check_failures<SecondStep<6>>() >= 1);
    CHECK(check_failures<SecondStep<80>>() >= 1);
}

TEST_CASE("allocation failure: an encoder-decoder with attention, and what it writes") {
    CHECK(check_failures<Translate>() >= 3);
    CHECK(check_failures<Writing<Greedy>>() >= 30);
    CHECK(check_failures<Writing<Sample>>() >= 30);
    CHECK(check_failures<Writing<Beam>>() >= 30);
}

#endif
