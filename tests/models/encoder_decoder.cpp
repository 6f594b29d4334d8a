#include "bptt/models/attention_encoder_decoder.hpp"

#include <utility>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/decode/beam.hpp"
#include "bptt/decode/write.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;
constexpr EncoderDecoderSizes sizes{.sources = 6, .targets = 5, .features = 2, .units = 3};
const WriteOptions options{.bos = 1, .eos = 0, .max_length = 7};
const auto sources = Tokens::of({{1, 2, 3}, {}, {4}, {5, 0, 1, 2}});

template <class Model>
concept ReadableSources = requires(Model&& model) {
    std::forward<Model>(model).read(sources);
};

template <class Model> Model random_translator(std::uint64_t seed) {
    Rng rng(seed);
    Model model(sizes, rng);
    randomise(model, rng, 2);
    return model;
}
Tokens shifted(const Ids& tokens) {  // what stood before each
    Ids words{options.bos};
    words.insert(words.end(), tokens.begin(), tokens.end() - 1);
    return Tokens::of({words});
}
Tokens only(Index source) {
    const Ids all[] = {{1, 2, 3}, {}, {4}, {5, 0, 1, 2}};
    return Tokens::of({all[source]});
}

}  // namespace

TEMPLATE_TEST_CASE("encoder_decoder: gradients of the loss per sequence, sources and targets of unequal lengths", "",
                   EncoderDecoder<Gru<double>>, AttentionEncoderDecoder<Lstm<double>>) {
    auto model = random_translator<TestType>(1);
    const auto words = Tokens::of({{1, 2}, {1}, {}, {1, 4, 3}}), targets = Tokens::of({{2, 0}, {0}, {}, {4, 3, 0}});
    CHECK(check_op(model, [&](auto& tape) {
        return cross_entropy(model(tape, sources, words), targets, {.reduction = Reduction::per_sequence});
    }));
}

TEMPLATE_TEST_CASE("encoder_decoder: what is written has the log-probability of teacher forcing", "",
                   EncoderDecoder<Lstm<double>>, AttentionEncoderDecoder<Gru<double>>) {
    const auto model = random_translator<TestType>(2);
    Tape<double> tape;
    for (const Index width : {1, 3}) {
        const auto found = beam_search(model.read(sources), options, {.width = width});
        REQUIRE(found.size() == 4);
        for (Index j = 0; j < 4; ++j) {
            const auto& w = found[static_cast<std::size_t>(j)];
            tape.clear();
            const auto logits = model(tape, only(j), shifted(w.tokens));
            const auto loss = cross_entropy(logits, Tokens::of({w.tokens}), {.reduction = Reduction::sum});
            CHECK_THAT(w.log_probability, WithinAbs(-loss.item(), 1e-12));
        }
    }
}

TEST_CASE("encoder_decoder: the same in float, to 1e-5") {
    const auto model = random_translator<AttentionEncoderDecoder<Gru<float>>>(3);
    Tape<float> tape;
    for (Index j = 0; const auto& w : beam_search(model.read(sources), options)) {
        tape.clear();
        const auto loss =
            cross_entropy(model(tape, only(j++), shifted(w.tokens)), Tokens::of({w.tokens}), {.reduction = Reduction::sum});
        CHECK_THAT(w.log_probability, WithinAbs(-loss.item(), 1e-5));
    }
}

TEST_CASE("encoder_decoder: the alignment is the attention's weights, a row for each step of the source") {
    const auto model = random_translator<AttentionEncoderDecoder<Gru<double>>>(4);
    Tape<double> tape;
    const Index lengths[] = {3, 0, 1, 4};
    for (Index j = 0; const auto& w : greedy(model.read(sources), options)) {
        tape.clear();
        const auto [keys, start] = model.encode(tape, only(j));
        const auto s = unroll(model.decoder, model.target(tape, shifted(w.tokens)), start, keys);
        REQUIRE(w.alignment.rows() == lengths[j]);
        REQUIRE(w.alignment.cols() == std::ssize(w.tokens));
        CHECK((w.alignment - s.weights.all.value()).norm() < 1e-13);
        ++j;
    }
    const auto plain = random_translator<EncoderDecoder<Gru<double>>>(4);
    CHECK(greedy(plain.read(sources), options)[0].alignment.rows() == 0);
}

TEMPLATE_TEST_CASE("encoder_decoder: a batch equals each source alone, width 1 equals greedy", "", EncoderDecoder<Gru<float>>,
                   AttentionEncoderDecoder<Lstm<float>>) {
    const auto model = random_translator<TestType>(5);
    const auto greedily = greedy(model.read(sources), options), one = beam_search(model.read(sources), options, {.width = 1}),
               wide = beam_search(model.read(sources), options, {.width = 4});
    for (Index j = 0; j < 4; ++j) {
        const auto k = static_cast<std::size_t>(j);
        CHECK(one[k].tokens == greedily[k].tokens);
        CHECK(greedy(model.read(only(j)), options)[0].tokens == greedily[k].tokens);
        const auto alone = beam_search(model.read(only(j)), options, {.width = 4})[0];
        CHECK(alone.tokens == wide[k].tokens);
        CHECK_THAT(alone.log_probability, WithinAbs(wide[k].log_probability, 1e-5));
    }
}

TEST_CASE("encoder_decoder: the state starts where its paper says") {
    Tape<double> tape;
    const auto plain = random_translator<EncoderDecoder<Lstm<double>>>(6);
    const auto s = plain.encode(tape, only(0));
    const auto y = unroll(plain.encoder, plain.source(tape, only(0)), lift(tape, zero_state(plain.encoder, 1)));
    CHECK(s.h.value() == final_state(y).h.value());
    CHECK(s.c.value() == final_state(y).c.value());

    const auto model = random_translator<AttentionEncoderDecoder<Lstm<double>>>(6);
    const auto [keys, start] = model.encode(tape, only(0));
    const auto back = unroll(model.encoder.backward, reversed(model.source(tape, only(0))),
                             lift(tape, zero_state(model.encoder.backward, 1)));
    const Mat<double> z = model.bridge.W.value * state_at(back, 3).h.value() + model.bridge.b.value;
    CHECK((start.h.value() - Mat<double>(z.array().tanh())).norm() < 1e-14);
    CHECK(start.c.value().isZero(0));
    CHECK(keys.all.rows() == 6);
}

TEST_CASE("encoder_decoder: names, a writer does not outlive its model") {
    const auto model = random_translator<AttentionEncoderDecoder<Gru<double>>>(7);
    CHECK(names_of(model) ==
          "source.E target.E encoder.forward.Wx encoder.forward.Wh encoder.forward.b encoder.backward.Wx encoder.backward.Wh "
          "encoder.backward.b bridge.W bridge.b decoder.cell.Wx decoder.cell.Wh decoder.cell.b decoder.attention.W "
          "decoder.attention.U decoder.attention.v head.W head.b ");
    const auto plain = random_translator<EncoderDecoder<Gru<double>>>(7);
    CHECK(names_of(plain) ==
          "source.E target.E encoder.Wx encoder.Wh encoder.b decoder.Wx decoder.Wh decoder.b head.W head.b ");
    static_assert(ReadableSources<const EncoderDecoder<Gru<double>>&> && !ReadableSources<EncoderDecoder<Gru<double>>>);
    static_assert(Writer<decltype(model.read(sources))>);
}
