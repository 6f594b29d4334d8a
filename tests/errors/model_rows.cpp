#include "errors/table.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

using Plain = EncoderDecoder<Gru<double>>;
using Attentive = AttentionEncoderDecoder<Gru<double>>;

const Tokens unknown({1, 6}, 2), words({1, 2}, 2), outside({1, 5}, 2), triple({1, 2, 3}, 3);
constexpr Index zero[] = {0}, both[] = {0, 1}, third_source[] = {0, 2}, fifth[] = {5, 0};

/// A step of a model that has read w.tokens; the state has so many columns.
template <class Model>
void step(const Model& model, World& w, std::span<const Index> previous, std::span<const Index> sources) {
    const auto writer = model.read(w.tokens);
    auto s = writer.start();
    writer.step(previous, sources, s);
}
/// What the model keeps of w.tokens.
auto stored(const auto& model, World& w) { return model.store(w.tape, w.tokens); }

Forecaster<Gru<double>> forecaster(ForecasterOptions how) {
    Rng rng(2);
    return {{3, 4, rng}, rng, how};
}
void forecast(Index rows, Index batch, Index count) {
    forecaster({.horizon = 2}).forecast(Mat<double>::Ones(rows, 4), batch, count);
}

SequenceClassifier<Gru<double>> classifier(Index tokens, const ClassifierOptions& how = {.classes = 2}) {
    Rng rng(3);
    return {tokens, {3, 4, rng}, rng, how};
}
const std::vector<Mat<double>> unlike = {Mat<double>::Ones(3, 2), Mat<double>::Ones(2, 2)}, narrow = {Mat<double>::Ones(2, 2)},
                               spoilt = {Mat<double>::Ones(3, 2), Mat<double>::Constant(3, 1, NaN)};

/// f(model) for one that reads matrices of three features.
void with_matrix_classifier(auto f) {
    Rng rng(4);
    const SequenceClassifier<Gru<double>, Features<double>> model({}, {3, 4, rng}, rng, {.classes = 2});
    f(model);
}

}  // namespace

Rows model_rows() {
    return {
        {"SequenceClassifier", "tokens", "Embedding: tokens is 0, features is 3; both must be positive",
         [](World&) { classifier(0); }},
        {"SequenceClassifier", "how",
         "SequenceClassifier: classes is 0, attention is 0; classes must be 2 or more, attention 0 or more",
         [](World&) { classifier(5, {}); }},
        {"SequenceClassifier", "how", "SequenceClassifier: classes is 1, attention is 0; ",
         [](World&) { classifier(5, {.classes = 1}); }},
        {"SequenceClassifier", "how", "SequenceClassifier: classes is 2, attention is -1; ",
         [](World&) { classifier(5, {.classes = 2, .attention = -1}); }},
        {"SequenceClassifier", "how", "SequenceClassifier: dropout is 1.5, outside 0..1",
         [](World&) { classifier(5, {.classes = 2, .dropout = 1.5}); }},
        {"SequenceClassifier::operator()", "inputs", "Embedding: token 6 is outside 0..4 of 2 sequences of 1",
         [](World& w) {
             const auto model = classifier(5);
             model(w.tape, unknown);
         }},
        {"SequenceClassifier::operator()", "inputs", "unroll: the input is 2x2, the cell reads 3 features",
         [](World& w) { with_matrix_classifier([&](const auto& model) { model(w.tape, narrow); }); }},
        {"SequenceClassifier::read", "inputs", "Embedding: token 6 is outside 0..4 of 2 sequences of 1",
         [](World&) { classifier(5).read(unknown); }},
        {"SequenceClassifier::read", "inputs", "Sequence::of: sequence 0 is 3x2, sequence 1 is 2x2",
         [](World&) { with_matrix_classifier([](const auto& model) { model.read(unlike); }); }},
        {"SequenceClassifier::read", "inputs", "SequenceClassifier: sequence 1: row 0, column 0 is nan, not finite",
         [](World&) { with_matrix_classifier([](const auto& model) { model.read(spoilt); }); }},
        {"Features::operator()", "sequences", "Sequence::of: sequence 0 is 3x2, sequence 1 is 2x2",
         [](World& w) { Features<double>()(w.tape, unlike); }},
        {"Features::operator()", "sequences", "Sequence::of: ", [](World& w) { Features<double>()(w.tape, {}); }},
        {"Forecaster", "between, how", "Forecaster: targets is 4, outside 1..3, the layer's inputs",
         [](World&) { forecaster({.targets = 4}); }},
        {"Forecaster", "how", "Forecaster: targets is 0, outside 1..3", [](World&) { forecaster({.targets = 0}); }},
        {"Forecaster", "how", "Forecaster: horizon is 0, season is 1; both must be positive",
         [](World&) { forecaster({.horizon = 0}); }},
        {"Forecaster", "how", "Forecaster: horizon is 1, season is -1; both must be positive",
         [](World&) { forecaster({.season = -1}); }},
        {"Forecaster::operator()", "windows", "Forecaster: the windows have 3 steps, a season has 4",
         [](World& w) {
             const auto model = forecaster({.season = 4});
             model(w.sequence(3, 2, 3));
         }},
        {"Forecaster::operator()", "windows", "Forecaster: the windows are 2 sequences of 2,3, not all of one length",
         [](World& w) {
             const auto model = forecaster({});
             model(sequence(w.var(3, 6), 2, {2, 3}));
         }},
        {"Forecaster::forecast", "count", "Forecaster: count is 0, batch is 2; both must be positive",
         [](World&) { forecast(3, 2, 0); }},
        {"Forecaster::forecast", "batch", "Forecaster: count is 1, batch is 0; both must be positive",
         [](World&) { forecast(3, 0, 1); }},
        {"Forecaster::forecast", "windows", "Forecaster: windows is 2x4, the layer has 3 inputs, batch is 2",
         [](World&) { forecast(2, 2, 1); }},
        {"Forecaster::forecast", "windows, batch", "Forecaster: windows is 3x4, the layer has 3 inputs, batch is 3",
         [](World&) { forecast(3, 3, 1); }},
        {"Forecaster::forecast", "windows", "Forecaster: windows: row 0, column 0 is inf, not finite",
         [](World&) { forecaster({}).forecast(Mat<double>::Constant(3, 2, inf), 2, 1); }},
        {"Forecaster::forecast", "count",
         "Forecaster: count is 3, the horizon 2; to go beyond it, all 3 features must be targets, not 1",
         [](World&) { forecast(3, 2, 3); }},
        {"EncoderDecoder", "n", "EncoderDecoder: sources is 6, targets is 0, features is 3, units is 4; all must be positive",
         [](World& w) {
             Plain({6, 0, 3, 4}, w.rng);
         }},
        {"AttentionEncoderDecoder", "n", "AttentionEncoderDecoder: sources is 6, targets is 5, features is 3, units is -1",
         [](World& w) {
             Attentive({6, 5, 3, -1}, w.rng);
         }},
        {"EncoderDecoder::operator()", "sources", "EncoderDecoder: sources: token 6 is outside 0..5 of 2 sequences of 1",
         [](World& w) { w.layers.plain(w.tape, unknown, words); }},
        {"EncoderDecoder::operator()", "words", "EncoderDecoder: words: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) { w.layers.plain(w.tape, w.tokens, outside); }},
        {"EncoderDecoder::operator()", "sources, words",
         "EncoderDecoder: words are 3 sequences of 1, sources are 2 sequences of 3,1",
         [](World& w) { w.layers.plain(w.tape, w.tokens, triple); }},
        {"EncoderDecoder::encode", "sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.plain.encode(w.tape, unknown); }},
        {"EncoderDecoder::store", "sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.plain.store(w.tape, unknown); }},
        {"EncoderDecoder::read", "sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.plain.read(unknown); }},
        {"EncoderDecoder::read", "sources", "EncoderDecoder: sources: the tokens are a batch of no sequences",
         [](World& w) { w.layers.plain.read(Tokens()); }},
        {"EncoderDecoder::decode", "words, start",
         "unroll: h of the state s0 is 4x1, the cell has 4 units, the input is 2 sequences of ",
         [](World& w) { w.layers.plain.decode(w.sequence(3, 2, 2), {w.var(4, 1)}); }},
        {"EncoderDecoder::step", "words", "Embedding: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) { w.layers.plain.step(w.tape, outside, stored(w.layers.plain, w), both, {w.var(4, 2)}); }},
        {"EncoderDecoder::step", "s", "Gru: h of the state is 4x1, not 4x2; x is 3x2",
         [](World& w) { w.layers.plain.step(w.tape, words, stored(w.layers.plain, w), both, {w.var(4, 1)}); }},

        {"AttentionEncoderDecoder::operator()", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive(w.tape, unknown, words); }},
        {"AttentionEncoderDecoder::operator()", "words", "AttentionEncoderDecoder: words: token 5 is outside 0..4",
         [](World& w) { w.layers.attentive(w.tape, w.tokens, outside); }},
        {"AttentionEncoderDecoder::operator()", "sources, words",
         "AttentionEncoderDecoder: words are 3 sequences of 1, sources are 2 sequences of 3,1",
         [](World& w) { w.layers.attentive(w.tape, w.tokens, triple); }},
        {"AttentionEncoderDecoder::encode", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive.encode(w.tape, unknown); }},
        {"AttentionEncoderDecoder::store", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive.store(w.tape, unknown); }},
        {"AttentionEncoderDecoder::read", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive.read(unknown); }},
        {"AttentionEncoderDecoder::decode", "words, encoded",
         "unroll: the input is 1 sequence of 2, the keys are 2 sequences of 3,1",
         [](World& w) {
             const auto& model = w.layers.attentive;
             model.decode(w.sequence(3, 1, 2), model.encode(w.tape, w.tokens));
         }},
        {"AttentionEncoderDecoder::step", "words", "Embedding: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) {
             const auto read = stored(w.layers.attentive, w);
             w.layers.attentive.step(w.tape, outside, read, both, lift(w.tape, read.start));
         }},
        {"AttentionEncoderDecoder::step", "sources, read", "BahdanauAttention: source 2 of 2",
         [](World& w) {
             const auto read = stored(w.layers.attentive, w);
             w.layers.attentive.step(w.tape, words, read, third_source, lift(w.tape, read.start));
         }},
        {"AttentionEncoderDecoder::step", "words, s", "AttentionDecoder: y is 3x3, h of the state is 4x2",
         [](World& w) {
             const auto read = stored(w.layers.attentive, w);
             w.layers.attentive.step(w.tape, triple, read, both, lift(w.tape, read.start));
         }},

        {"LanguageModel", "tokens", "LanguageModel: tokens is 0, not positive",
         [](World& w) {
             Rng own(1);
             LanguageModel<Gru<double>>(0, {3, 4, own}, w.rng);
         }},
        {"LanguageModel", "between", "LanguageModel: the layer reads 3 features, a column has 5",
         [](World& w) {
             Rng own(1);
             LanguageModel<Gru<double>, OneHot<double>>(5, {3, 4, own}, w.rng);
         }},
        {"LanguageModel::operator()", "tokens", "Embedding: token 6 is outside 0..4",
         [](World& w) { w.layers.language(w.tape, unknown); }},
        {"LanguageModel::operator()", "start",
         "unroll: h of the state s0 is 4x1, the cell has 4 units, the input is 2 sequences of ",
         [](World& w) { w.layers.language(w.tape, words, zero_state(w.layers.language.layer, 1)); }},
        {"LanguageModel::read", "texts", "LanguageModel: token 6 is outside 0..4",
         [](World& w) { w.layers.language.read(unknown); }},
        {"LanguageModel::read", "text", "LanguageModel: text 0 of 1 sequence of 0 is empty; it must have a token to go on from",
         [](World& w) { w.layers.language.read(std::span<const Index>()); }},
        {"LanguageModel::store", "texts", "LanguageModel: text 1 of 2 sequences of 2,0 is empty",
         [](World& w) {
             w.layers.language.store(w.tape, Tokens::of({{1, 2}, {}}));
         }},
        {"LanguageModel::step", "previous", "Embedding: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) { w.layers.language.step(w.tape, outside, stored(w.layers.language, w), both, {w.var(4, 2)}); }},
        {"LanguageModel::step", "previous, s",
         "unroll: h of the state s0 is 4x1, the cell has 4 units, the input is 2 sequences of ",
         [](World& w) { w.layers.language.step(w.tape, words, stored(w.layers.language, w), both, {w.var(4, 1)}); }},
        {"OneHot", "count", "OneHot: tokens is 0, not positive", [](World&) { OneHot<double>(0); }},
        {"OneHot::operator()", "x", "one_hot: token 6 is outside 0..4", [](World& w) { OneHot<double>(5)(w.tape, unknown); }},

        {"SourceWriter", "model, sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { SourceWriter(w.layers.plain, unknown); }},
        {"SourceWriter", "model, sources, lengths", "SourceWriter: there are 1 lengths, h of the initial state is 4x2",
         [](World& w) { SourceWriter(w.layers.plain, w.tokens, std::vector<Index>{1}); }},
        {"SourceWriter::source_length", "j", "SourceWriter: source 2 of 2",
         [](World& w) { w.layers.plain.read(w.tokens).source_length(2); }},
        {"SourceWriter::source_length", "j", "SourceWriter: source -1 of 2",
         [](World& w) { w.layers.attentive.read(w.tokens).source_length(-1); }},
        {"SourceWriter::first", "j", "SourceWriter: source 2 of 2", [](World& w) { w.layers.language.read(words).first(2); }},
        {"SourceWriter::step", "previous", "Embedding: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) { step(w.layers.plain, w, fifth, both); }},
        {"SourceWriter::step", "sources", "SourceWriter: source 2 of 2",
         [](World& w) { step(w.layers.plain, w, both, third_source); }},
        {"SourceWriter::step", "previous, sources", "SourceWriter: there are 2 tokens, 1 sources",
         [](World& w) { step(w.layers.plain, w, both, zero); }},
        {"SourceWriter::step", "s", "Gru: h of the state is 4x2, not 4x1; x is 3x1",
         [](World& w) { step(w.layers.plain, w, zero, zero); }},
        {"SourceWriter::step", "s", "AttentionDecoder: y is 3x1, h of the state is 4x2",
         [](World& w) { step(w.layers.attentive, w, zero, zero); }},
    };
}
