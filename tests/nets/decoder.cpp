#include "bptt/nets/decoder.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/testing/gradcheck.hpp"
#include "catch.hpp"
#include "support/params.hpp"
#include "support/shapes.hpp"

using namespace bptt;

static_assert(HasParams<AttentionDecoder<Gru<float>>> && Cell<AttentionDecoder<Gru<float>>::Bound>);

namespace {

constexpr Index words = 2, key_size = 3, state_size = 4, pairs = 3;
const std::vector<Index> source_lengths{3, 1, 4}, target_lengths{1, 4, 2};

/// Bidirectional encoder, a bridge from its backward direction's first state, and a decoder that looks back.
struct Translator {
    Bidirectional<Gru<double>> encoder;
    Linear<double> bridge;
    AttentionDecoder<Gru<double>> decoder;
    static void params(auto& m, auto&& f) { f("encoder", m.encoder), f("bridge", m.bridge), f("decoder", m.decoder); }
};

auto translate(const Translator& m, const Sequence<double>& source, const Sequence<double>& target) {
    const auto encoded = unroll(m.encoder, source, lift(source.all.tape(), zero_state(m.encoder, source.batch())));
    return unroll(m.decoder, target, {tanh(m.bridge(final_state(encoded).backward.h))}, encoded.h);
}

}  // namespace

TEST_CASE("decoder: gradients from end to end, unequal unsorted lengths of sources and targets") {
    Rng rng(1);
    Translator model{{2, 2, rng}, {2, state_size, rng}, {words, 4, state_size, 5, rng}};
    for (const auto& sources : {source_lengths, std::vector<Index>{0, 4, 2}}) {
        CHECK(gradcheck(
            model,
            [&](auto source, auto target) {
                return translate(model, sequence(source, pairs, sources), sequence(target, pairs, target_lengths));
            },
            random_mat(2, 4 * pairs, rng), random_mat(words, 4 * pairs, rng)));
    }
}

TEST_CASE("decoder: a batch equals each pair alone, and each goes step by step") {
    Rng rng(2);
    const AttentionDecoder<Lstm<double>> decoder(words, key_size, state_size, 5, rng);
    const Mat<double> keys = random_mat(key_size, 4 * pairs, rng), ys = random_mat(words, 4 * pairs, rng);
    const LstmState<Mat<double>> s0{random_mat(state_size, pairs, rng), random_mat(state_size, pairs, rng)};
    Tape<double> tape;
    const auto sources = sequence(tape.constant(keys), pairs, source_lengths);
    const auto y = unroll(decoder, sequence(tape.constant(ys), pairs, target_lengths), lift(tape, s0), sources);
    const Mat<double> h = padded(y.h).value(), context = padded(y.context).value(), weights = padded(y.weights).value();
    CHECK(shape(weights) == Shape{4, 4 * pairs});
    for (Index b = 0; b < pairs; ++b) {
        const auto column = static_cast<std::size_t>(b);
        const Mat<double> own = keys(Eigen::indexing::all, Eigen::seqN(b, 4, pairs));
        const auto alone = decoder.over(decoder.attention.memory(sequence(tape.constant(own), 1, {source_lengths[column]})));
        auto s = alone.start({tape.constant(s0.h.col(b)), tape.constant(s0.c.col(b))});
        for (Index t = 0; t < target_lengths[column]; ++t) {
            const Index at = t * pairs + b, steps = source_lengths[column];
            s = alone.step(tape.constant(ys.col(at)), s);
            CHECK(distance(h.col(at), s.h.value()) < 1e-13);
            CHECK(distance(context.col(at), s.context.value()) < 1e-13);
            CHECK(distance(weights.col(at).head(steps), s.weights.value()) < 1e-13);
            CHECK(weights.col(at).tail(4 - steps).isZero(0));
        }
        CHECK(distance(final_state(y).cell.c.value().col(b), s.cell.c.value()) < 1e-13);
    }
}

TEST_CASE("decoder: asks with the state before, and its cell reads the word above the context") {
    Rng rng(3);
    const AttentionDecoder<Gru<double>> decoder(words, key_size, state_size, 5, rng);
    Tape<double> tape;
    const auto memory = decoder.attention.memory(sequence(tape.constant(random_mat(key_size, 4 * pairs, rng)), pairs));
    const auto word = tape.constant(random_mat(words, pairs, rng)), h0 = tape.constant(random_mat(state_size, pairs, rng));
    const auto bound = decoder.over(memory);
    const auto s = bound.step(word, bound.start({h0}));
    const auto read = decoder.attention(h0, memory);
    CHECK(s.context.value() == read.context.value());
    CHECK(s.weights.value() == read.weights.value());
    CHECK(s.h.value() == decoder.cell.step(concat_rows({word, read.context}), {h0}).h.value());
}

TEST_CASE("decoder: names, and what does not fit") {
    Rng rng(4);
    const AttentionDecoder<Gru<double>> decoder(words, key_size, state_size, 5, rng);
    const std::string names = "cell.Wx cell.Wh cell.b attention.W attention.U attention.v ";
    CHECK(names_of(decoder) == names);
    Tape<double> tape;
    const auto var = [&](Index rows, Index cols) { return tape.constant(Mat<double>::Ones(rows, cols)); };
    const auto keys = sequence(var(key_size, 4 * pairs), pairs), ys = sequence(var(words, 2 * pairs), pairs);
    const auto in_user_order = decoder.over(decoder.attention.memory(keys));  // right for equal lengths, and falling ones
    CHECK(names_of(in_user_order) == names);
    CHECK_NOTHROW(unroll(in_user_order, ys, in_user_order.start({var(state_size, pairs)})));
    CHECK_THROWS_WITH(
        unroll(in_user_order, sequence(var(words, 4 * pairs), pairs, target_lengths),
               in_user_order.start({var(state_size, pairs)})),
        ContainsSubstring("the memory's 3 sources are not in the order of the input, 3 sequences of 1,4,2; memory(keys, "
                          "layout_of(ys)) puts them into that of ys"));
    CHECK_THROWS_WITH(unroll(in_user_order, sequence(var(words, 2), 1), in_user_order.start({var(state_size, 1)})),
                      ContainsSubstring("the memory's 3 sources are not in the order of the input, 1 sequence of 2;"));
    const auto s = in_user_order.zero_state(2);
    CHECK(shape(s.h) == Shape{state_size, 2});
    CHECK(shape(s.context) == Shape{key_size, 2});
    CHECK(shape(s.weights) == Shape{4, 2});
    CHECK(shape(s.cell.h) == Shape{state_size, 2});
}
